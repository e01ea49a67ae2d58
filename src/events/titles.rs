//! Who is meant by an office and a country, by a capital, by a nationality, by an office alone.

use super::lexis::Class;
use super::people::{AND, Casting, Person, Sureness, is_modifier};
use super::scene::Sentence;
use crate::text::{Hit, Text};

/// How far an office may stand from its country or holder, in words.
const REACH: usize = 3;

impl Casting<'_> {
    /// "the Chinese president", "the presidents of China and Russia", "China's president", unless the name stands beside it.
    pub(super) fn by_office(&self, hit: &Hit<Class>, sentence: &Sentence, people: &[Person], text: &Text) -> Vec<Person> {
        let Class::Office(office) = hit.class else { return Vec::new() };
        let Some(role) = self.lexis.offices.get(usize::from(office)) else { return Vec::new() };
        if people.iter().any(|person| person.sureness == Sureness::Named && stands_beside(person, hit, text)) {
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
            // an adjective stands behind its noun in French, Spanish or Italian
            let (Class::Country(country) | Class::People(country)) = hit.class else { continue };
            if matches!(hit.class, Class::People(_)) && hit.first != end + 1 {
                break;
            }
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
    pub(super) fn by_hint(&self, hit: &Hit<Class>, sentence: &Sentence, people: &[Person], text: &Text) -> Option<Person> {
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
        let follows = |other: &&Hit<Class>| other.first > hit.last && other.first - hit.last <= 2;
        sentence.hits.iter().filter(follows).any(|other| self.lexis.is_cue(other.class, name))
    }

    /// The holder of an office where the article is told from, or the only one of that office it names.
    fn at_home(&self, role: &str) -> Option<usize> {
        let role = [role.to_owned()];
        let holds = |actor: &usize| self.who.holds(*actor, &role, self.scene.today);
        let at_home = self.scene.home.iter().flat_map(|country| self.holders_of(*country)).find(&holds);
        at_home.or_else(|| self.named.iter().copied().find(|actor| holds(actor)))
    }
}

/// Words between an office and its country, or between two countries.
const OF_OR_AND: [&str; 19] =
    ["of", "and", "the", "de", "du", "des", "d", "del", "y", "et", "la", "le", "von", "der", "und", "и", "和", "与", "と"];

/// Whether a name stands so close to an office that it is its holder's: nothing but links and capitals between the two.
fn stands_beside(person: &Person, office: &Hit<Class>, text: &Text) -> bool {
    let names = |mut between: std::ops::Range<usize>| {
        between.all(|place| {
            text.is_capitalised(place)
                || text.is_sign(place)
                || text.word(place).is_some_and(|word| OF_OR_AND.contains(&word) && !AND.contains(&word))
        })
    };
    let ahead = office.last < person.first && person.first - office.last <= REACH && names(office.last + 1..person.first);
    let behind = person.last < office.first && office.first - person.last <= REACH + 1 && names(person.last + 1..office.first);
    ahead || behind
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
