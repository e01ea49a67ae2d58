//! Who is named in a text.
//!
//! The first word of every name is a word of the vocabulary like any other, so names are found in the same walk along an
//! article as everything else.

use foldhash::{HashMap, HashMapExt as _};
use jiff::civil::Date;

use crate::config::diagnostic::nearest;
use crate::config::{self, Config, Diagnostics, Located, Office};
use crate::text::vocabulary::{Vocabulary, WordId};
use crate::text::{Casing, Hit, Lexicon};

/// How many names a hint lists at most.
const MAX_LISTED: usize = 8;

/// What an `@name` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// One actor, by number.
    Actor(usize),
    /// Anybody of a group, by number.
    Group(usize),
}

/// Why an `@name` cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unresolved {
    /// Nobody has this name.
    Unknown {
        /// The name that was probably meant.
        meant: Option<String>,
        /// A sentence on what there is.
        known: String,
    },
    /// There is nothing to recognise the actor by.
    Nameless,
    /// An actor and a group have it.
    Ambiguous,
}

/// An actor's name found in a text, from its first to its last word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    /// Whose name, by number.
    pub actor: usize,
    /// The position of its first word.
    pub first: u32,
    /// The position of its last word.
    pub last: u32,
}

/// All actors and groups, ready to be looked for.
#[derive(Debug, Default)]
pub struct Actors {
    actors: Vec<Actor>,
    groups: Vec<(String, config::Group)>,
    names: Lexicon<Name>,
}

#[derive(Debug)]
struct Actor {
    id: String,
    offices: Vec<Office>,
    /// The words that its names and titles begin with.
    first_words: Vec<WordId>,
}

/// Whom a name or title stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    actor: usize,
    /// Whether it names the actor only while in office.
    is_title: bool,
}

impl Actors {
    /// Compiles the names; one without any word in it is an error.
    pub fn compile(config: &Config, vocabulary: &mut Vocabulary, diagnostics: &mut Diagnostics) -> Self {
        let mut actors = Self { groups: config.groups.clone().into_iter().collect(), ..Self::default() };
        for (id, actor) in &config.actors {
            actors.actors.push(Actor { id: id.clone(), offices: actor.office.clone(), first_words: Vec::new() });
            actor.names.iter().for_each(|name| actors.add(name, false, vocabulary, diagnostics));
            actor.titles.iter().for_each(|title| actors.add(title, true, vocabulary, diagnostics));
        }
        actors
    }

    /// Finds what an `@name` stands for.
    pub fn resolve(&self, name: &str) -> Result<Target, Unresolved> {
        let actor = self.actors.iter().position(|actor| actor.id == name);
        let group = self.groups.iter().position(|(group, _)| group == name);
        match (actor, group) {
            (Some(_), Some(_)) => Err(Unresolved::Ambiguous),
            (Some(actor), None) if self.actors.get(actor).is_some_and(|actor| actor.first_words.is_empty()) => {
                Err(Unresolved::Nameless)
            }
            (Some(actor), None) => Ok(Target::Actor(actor)),
            (None, Some(group)) => Ok(Target::Group(group)),
            (None, None) => Err(self.unknown(name)),
        }
    }

    /// The names and titles of everybody.
    pub fn names(&self) -> &Lexicon<Name> {
        &self.names
    }

    /// The words of which one must be there for a target to be named.
    pub fn first_words(&self, target: Target) -> Vec<WordId> {
        let is_meant = |number: usize, actor: &Actor| match target {
            Target::Actor(only) => only == number,
            Target::Group(group) => self.groups.get(group).is_some_and(|(_, group)| may_be_member(group, actor)),
        };
        let meant = self.actors.iter().enumerate().filter(|(number, actor)| is_meant(*number, actor));
        let mut words: Vec<WordId> = meant.flat_map(|(_, actor)| actor.first_words.iter().copied()).collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    /// Whose the names found in a text are, whose first word has position `start`; of names of one actor that share a word, the
    /// first. Titles count on days in office, or always where no office is known.
    pub fn mentions(&self, names: Vec<Hit<Name>>, start: u32, day: Date) -> Vec<Mention> {
        let mut found = Vec::new();
        let mut next_free = HashMap::new();
        for Hit { first, last, class: name } in names {
            let is_taken = next_free.get(&name.actor).is_some_and(|free| first < *free);
            if !is_taken && self.counts_on(name, day) {
                next_free.insert(name.actor, last + 1);
                found.push(Mention { actor: name.actor, first: start + first as u32, last: start + last as u32 });
            }
        }
        found
    }

    /// Whether an `@name` stands for an actor on a day.
    pub fn is_meant(&self, target: Target, actor: usize, day: Date) -> bool {
        match target {
            Target::Actor(only) => only == actor,
            Target::Group(group) => self.groups.get(group).is_some_and(|(_, group)| self.is_member(group, actor, day)),
        }
    }

    /// Whether each of the wanted is among these actors.
    pub fn are_all_among(&self, wanted: &[Target], ids: &[String], day: Date) -> bool {
        let number = |id: &String| self.actors.iter().position(|actor| actor.id == *id);
        let present: Vec<usize> = ids.iter().filter_map(number).collect();
        wanted.iter().all(|target| present.iter().any(|actor| self.is_meant(*target, *actor, day)))
    }

    fn is_member(&self, group: &config::Group, actor: usize, day: Date) -> bool {
        let Some(actor) = self.actors.get(actor) else { return false };
        let holds = |roles: &[String]| actor.offices.iter().any(|office| roles.contains(&office.role) && is_held_on(office, day));
        may_be_member(group, actor) && !matches!(group, config::Group::Roles(roles) if !holds(roles))
    }

    fn counts_on(&self, name: Name, day: Date) -> bool {
        let offices = self.actors.get(name.actor).map_or(&[][..], |actor| &actor.offices);
        !name.is_title || offices.is_empty() || offices.iter().any(|office| is_held_on(office, day))
    }

    /// Adds a name of the last actor.
    fn add(&mut self, written: &Located<String>, is_title: bool, vocabulary: &mut Vocabulary, diagnostics: &mut Diagnostics) {
        let name = Name { actor: self.actors.len().saturating_sub(1), is_title };
        match (self.names.add(&written.value, Casing::Capitals, name, vocabulary), self.actors.last_mut()) {
            (Some(first), Some(actor)) => actor.first_words.push(first),
            _ => {
                diagnostics.error(&written.spot, "there is no word in this name").hint("write it as articles do");
            }
        }
    }

    fn unknown(&self, name: &str) -> Unresolved {
        let names =
            || self.actors.iter().map(|actor| actor.id.as_str()).chain(self.groups.iter().map(|(group, _)| group.as_str()));
        let some: Vec<String> = names().take(MAX_LISTED).map(|name| format!("`@{name}`")).collect();
        let known = match (some.is_empty(), names().count() > MAX_LISTED) {
            (true, _) => "there are none yet: add [actors.NAME] or [groups.NAME]".to_owned(),
            (false, false) => format!("there are {}", some.join(", ")),
            (false, true) => format!("there are {} and others", some.join(", ")),
        };
        Unresolved::Unknown { meant: nearest(name, names()).map(str::to_owned), known }
    }
}

/// Whether an actor is a member of a group on some day.
fn may_be_member(group: &config::Group, actor: &Actor) -> bool {
    match group {
        config::Group::Actors(members) => members.contains(&actor.id),
        config::Group::Roles(roles) => actor.offices.iter().any(|office| roles.contains(&office.role)),
    }
}

fn is_held_on(office: &Office, day: Date) -> bool {
    office.from.is_none_or(|from| from <= day) && office.to.is_none_or(|to| day <= to)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Setup, article, find_in, found, holds};
    use crate::model::Role;

    #[test]
    fn an_actor_is_found_by_the_longest_name() {
        assert_eq!(found("@xi", "Xi Jinping met aides. XI’s plan; 习近平主席"), ["Xi Jinping", "XI", "习近平"]);
        let evidence = find_in("@xi", &article("", "Xi spoke")).unwrap().evidence;
        assert_eq!(evidence[0].role, Role::Actor);
    }

    #[test]
    fn a_single_name_is_written_with_its_capital() {
        assert!(holds("@xi", "Xi spoke") && holds("@xi", "XI SPOKE"));
        assert!(!holds("@xi", "the letter xi") && !holds("@trump", "hearts trump spades"));
        assert!(holds("@trump", "Трамп заявил") && !holds("@trump", "трамп"));
    }

    #[test]
    fn a_name_in_capitals_is_no_ordinary_word() {
        assert!(holds("@mofcom", "MOFCOM said") && !holds("@mofcom", "Mofcom said"));
    }

    #[test]
    fn a_name_of_several_words_is_found_in_any_case() {
        assert_eq!(found("@trump", "donald TRUMP"), ["donald TRUMP"]);
    }

    #[test]
    fn a_name_is_whole_words() {
        assert!(!holds("@xi", "Xinhua, Xia, Maxi") && holds("@xi", "Trump-Xi call"));
    }

    #[test]
    fn a_title_counts_while_in_office() {
        let mut article = article("", "The Chinese president and the US president spoke");
        assert!(find_in("@xi AND @trump", &article).is_some());
        article.published = Some("2022-06-05T12:00:00Z".parse().unwrap());
        assert!(find_in("@xi", &article).is_some() && find_in("@trump", &article).is_none());
    }

    #[test]
    fn a_title_of_an_actor_without_offices_always_counts() {
        assert_eq!(found("@mofcom", "The Commerce Ministry said"), ["Commerce Ministry"]);
    }

    #[test]
    fn a_group_by_role_is_who_holds_it_on_the_day() {
        let mut article = article("", "Trump spoke");
        for (published, is_leader) in [
            ("2017-01-19T23:59:59Z", false),
            ("2017-01-20T00:00:00Z", true),
            ("2021-01-19T23:59:59Z", true),
            ("2021-01-20T00:00:00Z", false),
            ("2025-06-05T12:00:00Z", true),
        ] {
            article.published = Some(published.parse().unwrap());
            assert_eq!(find_in("@leaders", &article).is_some(), is_leader, "{published}");
            assert!(find_in("@pair", &article).is_some());
        }
    }

    #[test]
    fn two_of_a_group_near_each_other_are_two_places() {
        assert_eq!(
            found("@leaders NEAR/6 @leaders NEAR/6 (call OR spoke)", "Trump and Xi Jinping spoke"),
            ["Trump", "Xi Jinping", "spoke"]
        );
        assert!(!holds("@leaders NEAR/6 @leaders", "Xi Jinping spoke"));
    }

    #[test]
    fn a_name_without_a_word_is_an_error() {
        let mut setup = Setup::new();
        setup.actor("dash", &["—"], &[], &[]).compile();
        let error = &setup.diagnostics.found[0];
        assert_eq!(error.message, "there is no word in this name");
        assert_eq!(setup.diagnostics.text(error.spot.as_ref().unwrap()), "\"—\"");
    }
}
