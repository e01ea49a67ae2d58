//! Who is meant: by name, by office and country, by capital, by nothing but "the president".

use super::lexis::{Class, Lexis};
use super::scene::{Scene, Sentence, country_of};
use super::who::{self, Who};
use crate::model::Field;
use crate::text::{Hit, Text};

/// How far an office may stand from its country or holder, in words.
const REACH: usize = 3;

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
    roles: &'c [String],
    /// Actors who are named anywhere in the article.
    named: Vec<usize>,
    /// For each, whether by more than one word.
    fully: Vec<usize>,
    /// Whether it speaks of somebody who is elected and not yet sworn in.
    elections: bool,
}

impl<'c> Casting<'c> {
    pub(super) fn of(lexis: &'c Lexis, who: &'c Who, scene: &'c Scene<'c>, roles: &'c [String]) -> Self {
        let mut casting = Self { lexis, who, scene, roles, named: Vec::new(), fully: Vec::new(), elections: false };
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

    /// Everybody in a sentence, in order.
    pub(super) fn people(&self, sentence: &Sentence) -> Vec<Person> {
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
            let known = sentence.hits.iter().any(|hit| hit.first <= word && word <= hit.last)
                || people.iter().any(|person| person.first <= word && word <= person.last)
                || sentence.dates.iter().any(|date| date.words.contains(&word));
            text.is_capitalised(word) && !known && text.word(word).is_some_and(|word| word.chars().count() > 1)
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
            let person = Person {
                first: hit.first,
                last: hit.last,
                actor: self.fit(actor, hit, sentence, text),
                sureness: Sureness::Named,
            };
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

    /// "the Chinese president", "the presidents of China and Russia", "China's president", unless the name stands beside it.
    fn by_office(&self, hit: &Hit<Class>, sentence: &Sentence, people: &[Person], text: &Text) -> Vec<Person> {
        let Class::Office(office) = hit.class else { return Vec::new() };
        let Some(role) = self.lexis.offices.get(usize::from(office)) else { return Vec::new() };
        if people.iter().any(|person| person.sureness == Sureness::Named && stands_beside(person, hit)) {
            return Vec::new();
        }
        let countries = self.countries_beside(hit, sentence, text);
        if countries.is_empty() && !self.admits(role) && !is_modifier(role) {
            return vec![Person { first: hit.first, last: hit.last, actor: None, sureness: Sureness::Titled }];
        }
        let holder = |country: u16| if self.admits(role) { self.holder(country, role, text, hit) } else { None };
        countries
            .into_iter()
            .map(|(country, first, last)| Person { first, last, actor: holder(country), sureness: Sureness::Titled })
            .collect()
    }

    /// The country before an office, else those behind it.
    fn countries_beside(&self, office: &Hit<Class>, sentence: &Sentence, text: &Text) -> Vec<(u16, usize, usize)> {
        let before = sentence.hits.iter().rev().find_map(|hit| match hit.class {
            Class::People(country) | Class::Country(country) | Class::Metonym(country)
                if hit.last < office.first && office.first - hit.last <= 2 =>
            {
                Some((country, hit.first, office.last))
            }
            _ => None,
        });
        if let Some(before) = before {
            return vec![before];
        }
        let mut found = Vec::new();
        let mut end = office.last;
        for hit in sentence.hits.iter().filter(|hit| hit.first > office.last) {
            let Class::Country(country) = hit.class else { continue };
            let linked = hit.first == end + 1 || text.word(end + 1).is_some_and(|word| OF_OR_AND.contains(&word));
            if !linked || hit.first - end > REACH + 1 {
                break;
            }
            found.push((country, if found.is_empty() { office.first } else { hit.first }, hit.last));
            end = hit.last;
        }
        found
    }

    /// Who holds an office: by the very role, else whoever of the country's leaders the article names, else the only one.
    fn holder(&self, country: u16, role: &str, text: &Text, hit: &Hit<Class>) -> Option<usize> {
        let leaders = self.holders_of(country);
        let exact: Vec<usize> =
            leaders.iter().copied().filter(|actor| self.who.holds(*actor, &[role.to_owned()], self.scene.today)).collect();
        let says_leader = text.word(hit.last).is_some_and(|word| word.starts_with("leader"));
        let candidates = if exact.is_empty() || says_leader { &leaders } else { &exact };
        candidates.iter().copied().find(|actor| self.named.contains(actor)).or_else(|| candidates.first().copied())
    }

    /// "the American", "to the Kremlin", "his Turkish counterpart", "the president".
    fn by_hint(&self, hit: &Hit<Class>, sentence: &Sentence, people: &[Person], text: &Text) -> Option<Person> {
        if people.iter().any(|person| person.first <= hit.first && hit.last <= person.last) {
            return None;
        }
        let actor = match hit.class {
            Class::People(country) | Class::Metonym(country) | Class::Country(country) if self.admits_leaders() => {
                let leaders = self.holders_of(country);
                let named = leaders.iter().copied().find(|actor| self.named.contains(actor));
                let is_counterpart = self.is_cue_after(hit, sentence, "counterpart");
                let is_spoken_to = matches!(hit.class, Class::Metonym(_)) && follows_a_link(hit, text);
                if is_counterpart || is_spoken_to {
                    named.or_else(|| leaders.first().copied())
                } else if matches!(hit.class, Class::People(_)) {
                    named
                } else {
                    None
                }
            }
            Class::Office(office) => {
                let role = self.lexis.offices.get(usize::from(office)).filter(|role| self.admits(role))?;
                if people.iter().any(|person| person.first.abs_diff(hit.last) <= 4 || hit.first.abs_diff(person.last) <= 4) {
                    return None;
                }
                self.at_home(role)
            }
            _ => None,
        };
        Some(Person { first: hit.first, last: hit.last, actor: Some(actor?), sureness: Sureness::Hinted })
    }

    fn is_cue_after(&self, hit: &Hit<Class>, sentence: &Sentence, name: &str) -> bool {
        sentence.hits.iter().any(|other| match other.class {
            Class::Cue(cue) => {
                self.lexis.cues.get(usize::from(cue)).is_some_and(|cue| cue == name)
                    && other.first > hit.last
                    && other.first - hit.last <= 2
            }
            _ => false,
        })
    }

    /// The holder of an office where the article is told from, or the only one of that office it names.
    fn at_home(&self, role: &str) -> Option<usize> {
        let role = [role.to_owned()];
        let holds = |actor: &usize| self.who.holds(*actor, &role, self.scene.today);
        let at_home =
            self.scene.home.iter().flat_map(|country| self.holders_of(*country)).find(&holds);
        at_home.or_else(|| self.named.iter().copied().find(|actor| holds(actor)))
    }

    fn admits(&self, role: &str) -> bool {
        self.roles.is_empty() || self.roles.iter().any(|own| own == role)
    }

    /// Whether leaders may take part: then a capital stands for one.
    fn admits_leaders(&self) -> bool {
        self.roles.iter().any(|role| who::is_leading_role(role))
    }

    /// Who of a country may take part.
    fn holders_of(&self, country: u16) -> Vec<usize> {
        self.who.holders(self.code(country), self.roles, self.scene.today)
    }

    pub(super) fn code(&self, country: u16) -> &str {
        self.lexis.countries.get(usize::from(country)).map_or("", String::as_str)
    }
}

/// Words between an office and its country, or between two countries.
const OF_OR_AND: [&str; 19] =
    ["of", "and", "the", "de", "du", "des", "d", "del", "y", "et", "la", "le", "von", "der", "und", "и", "和", "与", "と"];

/// Whether a name stands so close to an office that it is its holder's.
fn stands_beside(person: &Person, office: &Hit<Class>) -> bool {
    let ahead = office.last < person.first && person.first - office.last <= REACH;
    let behind = person.last < office.first && office.first - person.last <= REACH + 1;
    ahead || behind
}

/// Words beside an office that make another of it.
fn is_modifier(role: &str) -> bool {
    ["former", "elect"].contains(&role)
}

/// Whether nothing but a blank stands between two neighbouring words.
fn is_one_run(text: &Text, one: usize, next: usize) -> bool {
    let between = text.bytes(one, one).end..text.bytes(next, next).start;
    text.plain().get(between).is_some_and(|between| between == " ")
}

/// Whether a word that joins two who speak stands before.
fn follows_a_link(hit: &Hit<Class>, text: &Text) -> bool {
    const LINKS: [&str; 22] = [
        "to", "with", "from", "and", "between", "rang", "phoned", "called", "mit", "dem", "und", "avec", "le", "et", "con", "y",
        "с", "и", "与", "和", "同", "と",
    ];
    let word = |back: usize| hit.first.checked_sub(back).and_then(|place| text.word(place)).unwrap_or_default();
    LINKS.contains(&word(1)) || word(1) == "the" && LINKS.contains(&word(2))
}
