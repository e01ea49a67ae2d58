//! Who is meant: by name, by office and country, by capital, by nothing but "the president".

use std::cell::OnceCell;

use super::lexis::{Class, Lexis};
use super::scene::{Scene, Sentence, country_of};
use super::who::{self, Who};
use crate::model::Field;
use crate::text::{Hit, Text};

/// How far behind a possessive somebody's staff may stand, in words.
const STAFF_REACH: usize = 3;
/// Endings that say whose something is.
const POSSESSIVES: [&str; 3] = ["'s", "’s", "’"];
/// Words between staff and those they work for.
const STAFF_OF: [&str; 6] = ["to", "of", "for", "von", "de", "di"];
/// Words that join two names.
pub(super) const AND: [&str; 10] = ["and", "und", "et", "y", "и", "和", "与", "與", "と", "及"];

/// How surely somebody is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sureness {
    /// By name.
    Named,
    /// By office and country.
    Titled,
    /// By a capital, a nationality, or an office alone.
    Hinted,
}

/// Somebody in a sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Person {
    pub(super) first: usize,
    pub(super) last: usize,
    /// The actor, if it is one who may take part.
    pub(super) actor: Option<usize>,
    pub(super) sureness: Sureness,
}

/// Finds people in a scene.
pub(super) struct Casting<'c> {
    pub(super) lexis: &'c Lexis,
    pub(super) who: &'c Who,
    pub(super) scene: &'c Scene<'c>,
    /// The offices that let somebody take part.
    pub(super) roles: &'c [String],
    /// Actors who are named anywhere in the article.
    pub(super) named: Vec<usize>,
    /// For each, whether by more than one word.
    fully: Vec<usize>,
    /// Whether it speaks of somebody who is elected and not yet sworn in.
    elections: bool,
    /// Everybody, by sentence: looked for when first asked for.
    cast: Vec<OnceCell<Vec<Person>>>,
}

impl<'c> Casting<'c> {
    pub(super) fn of(lexis: &'c Lexis, who: &'c Who, scene: &'c Scene<'c>, roles: &'c [String]) -> Self {
        let mut casting =
            Self { lexis, who, scene, roles, named: Vec::new(), fully: Vec::new(), elections: false, cast: Vec::new() };
        casting.cast.resize_with(scene.sentences.len(), OnceCell::new);
        let elect = lexis.offices.iter().position(|office| office == "elect");
        casting.elections = scene.has(|class| matches!(class, Class::Office(office) if Some(usize::from(office)) == elect));
        for sentence in &scene.sentences {
            for hit in &sentence.hits {
                if let Class::Actor(actor) = hit.class {
                    if hit.last > hit.first {
                        casting.fully.push(actor as usize);
                    }
                    casting.named.push(actor as usize);
                }
            }
        }
        casting
    }

    /// Everybody in the sentence at a place.
    pub(super) fn people(&self, place: usize) -> &[Person] {
        self.cast.get(place).map_or(&[], |cast| cast.get_or_init(|| self.find(&self.scene.sentences[place])))
    }

    /// Everybody in a sentence, in order.
    fn find(&self, sentence: &Sentence) -> Vec<Person> {
        let text = self.scene.text(sentence.field);
        let mut people = self.by_name(sentence, text);
        for hit in &sentence.hits {
            let holders = self.by_office(hit, sentence, &people, text);
            people.extend(holders);
        }
        for hit in &sentence.hits {
            if let Some(person) = self.by_hint(hit, sentence, &people, text) {
                people.push(person);
            }
        }
        people.extend(self.strangers(sentence, &people, text));
        people.sort_by_key(|person| person.first);
        people
    }

    /// Two capitalised words in a row that nobody knows: somebody who is no leader.
    fn strangers(&self, sentence: &Sentence, people: &[Person], text: &Text) -> Vec<Person> {
        if sentence.field == Field::Title {
            return Vec::new();
        }
        let unknown = |word: usize| {
            let known = || {
                sentence.hits.iter().any(|hit| hit.first <= word && word <= hit.last)
                    || people.iter().any(|person| person.first <= word && word <= person.last)
                    || sentence.dates.iter().any(|date| date.words.contains(&word))
            };
            text.is_capitalised(word) && text.word(word).is_some_and(|word| word.chars().count() > 1) && !known()
        };
        let pairs = (sentence.first + 1..sentence.last)
            .filter(|word| unknown(*word) && unknown(word + 1) && is_one_run(text, *word, word + 1));
        pairs.map(|word| Person { first: word, last: word + 1, actor: None, sureness: Sureness::Hinted }).collect()
    }

    fn by_name(&self, sentence: &Sentence, text: &Text) -> Vec<Person> {
        let mut people: Vec<Person> = Vec::new();
        for hit in sentence.of(|class| matches!(class, Class::Actor(_))) {
            let Class::Actor(actor) = hit.class else { continue };
            let actor = actor as usize;
            let known = people.iter_mut().find(|person| person.first <= hit.first && hit.last <= person.last);
            let own = if self.is_staffed(hit, sentence, text) { None } else { self.fit(actor, hit, sentence, text) };
            let person = Person { first: hit.first, last: hit.last, actor: own, sureness: Sureness::Named };
            match known {
                Some(known) if self.is_better(person.actor, known.actor) && known.last == hit.last => *known = person,
                Some(_) => {}
                None => people.push(person),
            }
        }
        people
    }

    /// The actor, if it may take part on the day and the name is its own.
    fn fit(&self, actor: usize, hit: &Hit<Class>, sentence: &Sentence, text: &Text) -> Option<usize> {
        let namesake = self.has_other_names(actor, hit, sentence, text);
        let may = self.who.holds(actor, self.roles, self.scene.today)
            || self.elections && self.admits_leaders() && self.who.will_lead(actor, self.scene.today);
        (may && !namesake).then_some(actor)
    }

    /// Whether a name only says whose somebody is: "Rossi's envoy", "aides to Rossi and Bianchi".
    fn is_staffed(&self, name: &Hit<Class>, sentence: &Sentence, text: &Text) -> bool {
        let owns =
            POSSESSIVES.iter().any(|mark| text.written(name.last).ends_with(mark) || text.gap(name.last + 1).starts_with(mark));
        let of_somebody = || {
            let link = name.first.checked_sub(1).and_then(|place| text.word(place)).unwrap_or_default();
            STAFF_OF.contains(&link)
        };
        let joined = || {
            let before =
                sentence.of(|class| matches!(class, Class::Actor(_))).filter(|other| other.last + 2 == name.first).last();
            let linked = text.word(name.first.wrapping_sub(1)).is_some_and(|word| AND.contains(&word));
            before.is_some_and(|before| linked && self.is_staffed(before, sentence, text))
        };
        sentence.hits.iter().filter(|hit| self.is_staff(hit.class)).any(|hit| {
            (owns && hit.first > name.last && hit.first - name.last <= STAFF_REACH)
                || (hit.last < name.first && name.first - hit.last == 2 && of_somebody())
        }) || joined()
    }

    /// Whether a word names somebody who works for a leader and takes no part himself.
    fn is_staff(&self, class: Class) -> bool {
        match class {
            Class::Office(office) => {
                self.lexis.offices.get(usize::from(office)).is_some_and(|role| !self.admits(role) && !is_modifier(role))
            }
            class => self.lexis.is_cue(class, "staff"),
        }
    }

    /// Of two who may be meant by one surname: who leads, then who is named in full, then whose country is spoken of.
    fn is_better(&self, one: Option<usize>, other: Option<usize>) -> bool {
        let rank = |actor: Option<usize>| {
            actor.map(|actor| {
                (self.fully.contains(&actor), self.who.country(actor).is_some_and(|country| self.is_spoken_of(country)))
            })
        };
        rank(one) > rank(other)
    }

    fn is_spoken_of(&self, country: &str) -> bool {
        self.scene.has(|class| country_of(class).is_some_and(|number| self.code(number) == country))
    }

    /// Whether a surname stands beside a capitalised word, in running text, that is neither a title nor one of the actor's own
    /// names: then it is somebody else's.
    fn has_other_names(&self, actor: usize, hit: &Hit<Class>, sentence: &Sentence, text: &Text) -> bool {
        if hit.first != hit.last || sentence.field == Field::Title {
            return false;
        }
        let before = hit.first.checked_sub(1).filter(|before| *before > sentence.first);
        let after = Some(hit.last + 1).filter(|after| *after <= sentence.last);
        before.is_some_and(|word| self.is_a_name(word, actor, sentence, text) && is_one_run(text, word, hit.first))
            || after.is_some_and(|word| self.is_a_name(word, actor, sentence, text) && is_one_run(text, hit.last, word))
    }

    fn is_a_name(&self, word: usize, actor: usize, sentence: &Sentence, text: &Text) -> bool {
        let known = sentence.hits.iter().any(|other| other.first <= word && word <= other.last);
        let dated = sentence.dates.iter().any(|date| date.words.contains(&word));
        let written = text.word(word).unwrap_or_default();
        text.is_capitalised(word) && written.chars().count() > 1 && !known && !dated && !self.who.is_called(actor, written)
    }

    pub(super) fn admits(&self, role: &str) -> bool {
        self.roles.is_empty() || self.roles.iter().any(|own| own == role)
    }

    /// Whether leaders may take part: then a capital stands for one.
    pub(super) fn admits_leaders(&self) -> bool {
        self.roles.iter().any(|role| who::is_leading_role(role))
    }

    /// Who of a country may take part.
    pub(super) fn holders_of(&self, country: u16) -> Vec<usize> {
        self.who.holders(self.code(country), self.roles, self.scene.today)
    }

    pub(super) fn code(&self, country: u16) -> &str {
        self.lexis.countries.get(usize::from(country)).map_or("", String::as_str)
    }
}

/// Words beside an office that make another of it.
pub(super) fn is_modifier(role: &str) -> bool {
    ["former", "elect"].contains(&role)
}

/// Whether nothing but a blank stands between two neighbouring words.
fn is_one_run(text: &Text, one: usize, next: usize) -> bool {
    let between = text.bytes(one, one).end..text.bytes(next, next).start;
    text.plain().get(between).is_some_and(|between| between == " ")
}
