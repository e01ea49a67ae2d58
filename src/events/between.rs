//! Events between persons: a call, a meeting. Somebody's trigger, and who is on either side of it.

use std::collections::BTreeMap;

use super::clause::clause;
use super::features::{Detail, Features};
use super::lexis::{Class, Kind};
use super::people::{AND, Casting, Person, Sureness};
use super::phrases::Phrases;
use super::scene::{Sentence, gap};
use super::timing::{told_on, when};
use super::{Finding, Telling};
use crate::model::{Evidence, Role, Value};
use crate::text::Hit;

/// Words of one sentence that may carry a telling.
const MAX_TRIGGERS: usize = 4;
/// How far behind a trigger its object may begin, in words.
const DIRECT: usize = 5;
/// How far before a trigger its article may stand, in words.
const ARTICLE_REACH: usize = 3;
/// Articles that speak of one thing.
const ONE: [&str; 11] = ["a", "an", "one", "ein", "eine", "einem", "einer", "einen", "un", "une", "una"];
/// Sentences that a pronoun or an unnamed partner may reach back.
const LOOK_BACK: usize = 3;
/// How far apart persons may stand who are named together, in words.
const TOGETHER: usize = 9;

/// Reads an article for one kind.
pub(super) struct Between<'c> {
    pub(super) casting: &'c Casting<'c>,
    pub(super) kind: &'c Kind,
    pub(super) phrases: Phrases<'c>,
    pub(super) detail: Detail,
}

/// Who took part, and how that is known.
struct Party {
    actors: Vec<usize>,
    source: &'static str,
}

impl Between<'_> {
    /// Every telling, weighed.
    pub(super) fn tellings(&self) -> Vec<Telling> {
        let mut tellings = Vec::new();
        for place in 0..self.casting.scene.sentences.len() {
            for (class, trigger) in self.triggers(place) {
                let parties = self.parties(place, trigger);
                tellings.extend(parties.iter().map(|party| self.telling(place, class, trigger, party)));
            }
        }
        tellings
    }

    /// The words that may carry a sentence's telling: those that mean it by themselves or stand between two persons, or else the
    /// first of the weak ones.
    fn triggers(&self, place: usize) -> Vec<(&'static str, &Hit<Class>)> {
        let sentence = &self.casting.scene.sentences[place];
        let of = |class: &'static str| self.kind.words(sentence, class).map(move |hit| (class, hit));
        let direct = of("weak").filter(|(_, hit)| self.direct(place, hit).is_some());
        let mut outright: Vec<(&'static str, &Hit<Class>)> =
            of("strong").chain(of("verb")).take(MAX_TRIGGERS).chain(direct).collect();
        if outright.is_empty() {
            outright.extend(of("weak").next());
        }
        outright
    }

    /// Two persons right before and behind a trigger, and nobody with them: "Rossi spoke with Bianchi".
    fn direct(&self, place: usize, trigger: &Hit<Class>) -> Option<Party> {
        let people = self.casting.people(place);
        let subject = people.iter().find(|person| person.last + 1 == trigger.first)?;
        let object = people.iter().find(|person| person.first > trigger.last && person.first - trigger.last <= DIRECT)?;
        let alone =
            !people.iter().any(|other| self.are_joined(place, *object, *other) || self.are_joined(place, *other, *subject));
        let (one, two) = (subject.actor?, object.actor?);
        (alone && one != two).then(|| Party { actors: sorted(vec![one, two]), source: "direct" })
    }

    /// Where what belongs to a trigger ends: before somebody who is the subject of the next verb.
    fn reach(&self, place: usize, people: &[Person], trigger: &Hit<Class>) -> usize {
        let sentence = &self.casting.scene.sentences[place];
        let verbs = ["verb", "weak", "past"].into_iter().flat_map(|class| self.kind.words(sentence, class));
        let subjects = verbs.filter_map(|verb| people.iter().find(|person| person.last + 1 == verb.first));
        subjects.filter(|person| person.first > trigger.last).map(|person| person.first).min().unwrap_or(usize::MAX)
    }

    fn parties(&self, place: usize, trigger: &Hit<Class>) -> Vec<Party> {
        if let Some(party) = self.direct(place, trigger) {
            return vec![party];
        }
        let own = distinct(self.casting.people(place), Sureness::Titled);
        let hinted = distinct(self.casting.people(place), Sureness::Hinted);
        let pivot = self.pivot(place, trigger);
        let all_behind = own.iter().all(|person| person.first > pivot.first);
        let subject = hinted.iter().find(|person| person.last < pivot.first).and_then(|person| person.actor);
        if let Some(subject) = subject.or_else(|| self.pronoun(place, pivot)).filter(|_| all_behind) {
            let others = own.iter().filter(|person| person.actor != Some(subject));
            let hub: Vec<Party> = others
                .filter_map(|person| Some(Party { actors: sorted(vec![subject, person.actor?]), source: "pronoun" }))
                .collect();
            if !hub.is_empty() {
                return hub;
            }
        }
        match own.len() {
            0 => self.carried(place, &hinted).into_iter().collect(),
            1 if hinted.len() > 1 => vec![Party { actors: actors(&hinted), source: "hinted" }],
            1 => self.completed(place, own[0].actor).into_iter().collect(),
            2 => vec![Party { actors: actors(&own), source: "same" }],
            _ => self.several(place, &own, pivot),
        }
    }

    /// The word on whose sides the persons stand: the verb before a trigger such as "by phone", else the trigger.
    fn pivot<'s>(&'s self, place: usize, trigger: &'s Hit<Class>) -> &'s Hit<Class> {
        let sentence = &self.casting.scene.sentences[place];
        let verbs = ["verb", "weak"].into_iter().flat_map(|class| self.kind.words(sentence, class));
        verbs.filter(|verb| verb.first < trigger.first).min_by_key(|verb| verb.first).unwrap_or(trigger)
    }

    /// Whom "he" or "she" before the trigger stands for: the first leader of the sentence before.
    fn pronoun(&self, place: usize, trigger: &Hit<Class>) -> Option<usize> {
        let sentence = &self.casting.scene.sentences[place];
        let stands_before = |hit: &&Hit<Class>| self.casting.lexis.is_cue(hit.class, "pronoun") && hit.first < trigger.first;
        sentence.hits.iter().find(stands_before)?;
        (1..=LOOK_BACK)
            .filter_map(|back| place.checked_sub(back))
            .find_map(|there| distinct(self.casting.people(there), Sureness::Titled).first()?.actor)
    }

    /// Three or more in one sentence: all together if it says so, else one with each of those on the other side.
    fn several(&self, place: usize, people: &[Person], trigger: &Hit<Class>) -> Vec<Party> {
        let says = |at: usize| self.kind.words(&self.casting.scene.sentences[at], "group").next().is_some();
        if (says(place) || says(0)) && !self.one_by_one(place) {
            return vec![Party { actors: actors(people), source: "group" }];
        }
        let (left, right): (Vec<Person>, Vec<Person>) = people.iter().partition(|person| person.first < trigger.first);
        let left = joined(left.into_iter().rev());
        let reach = self.reach(place, people, trigger);
        let right = joined(right.into_iter().filter(|person| person.first < reach || left.is_empty()));
        let all = || Party { actors: actors(&[left.clone(), right.clone()].concat()), source: "many" };
        match (left.as_slice(), right.as_slice()) {
            ([_], [_, _, _, ..]) if !self.one_by_one(place) => vec![all()],
            ([_], [_, _]) if self.is_one(place, trigger) && !self.one_by_one(place) => vec![all()],
            ([one], [_, ..]) => right.iter().map(|other| Party { actors: pair(*one, *other), source: "hub" }).collect(),
            ([], [_, _, ..]) => vec![Party { actors: actors(&right[..2]), source: "same" }],
            ([_, _, ..], []) => vec![Party { actors: actors(&left), source: "same" }],
            ([nearest, next, ..], [_]) if self.are_joined(place, *next, *nearest) && !self.one_by_one(place) => vec![all()],
            ([nearest, ..], [other, ..]) => vec![Party { actors: pair(*nearest, *other), source: "same" }],
            _ => Vec::new(),
        }
    }

    /// Whether two are named in one breath: "Rossi and Bianchi".
    fn are_joined(&self, place: usize, one: Person, next: Person) -> bool {
        let text = self.casting.scene.text(self.casting.scene.sentences[place].field);
        next.first == one.last + 2 && text.word(one.last + 1).is_some_and(|word| AND.contains(&word))
    }

    /// Whether a trigger is one thing, not several: "held a call", not "in calls".
    fn is_one(&self, place: usize, trigger: &Hit<Class>) -> bool {
        let text = self.casting.scene.text(self.casting.scene.sentences[place].field);
        (1..=ARTICLE_REACH)
            .any(|back| trigger.first.checked_sub(back).and_then(|at| text.word(at)).is_some_and(|word| ONE.contains(&word)))
    }

    /// Whether a sentence says that they came one after the other.
    fn one_by_one(&self, place: usize) -> bool {
        self.kind.words(&self.casting.scene.sentences[place], "apart").next().is_some()
    }

    /// One is here; the other is where the talk has just been.
    fn completed(&self, place: usize, actor: Option<usize>) -> Option<Party> {
        let one = actor?;
        let elsewhere = |at: usize, source| {
            let there = distinct(self.casting.people(at), Sureness::Titled);
            let other = there.into_iter().filter_map(|person| person.actor).find(|actor| *actor != one)?;
            Some(Party { actors: sorted(vec![one, other]), source })
        };
        let is_body = self.casting.scene.sentences[place].field == crate::model::Field::Body;
        let mut before = (1..=LOOK_BACK)
            .filter_map(|back| elsewhere(place.checked_sub(back)?, if back == 1 { "previous" } else { "earlier" }));
        before.next().or_else(|| elsewhere(0, "title").filter(|_| is_body)).or_else(|| elsewhere(place + 1, "next"))
    }

    /// Nobody is named here: "the two spoke by phone".
    fn carried(&self, place: usize, hinted: &[Person]) -> Option<Party> {
        match hinted {
            [] => {}
            [one] => return self.completed(place, one.actor),
            _ => return Some(Party { actors: actors(hinted), source: "hinted" }),
        }
        let from = |at: usize| {
            let there = distinct(self.casting.people(at), Sureness::Titled);
            (there.len() == 2).then(|| Party { actors: actors(&there), source: "carried" })
        };
        place.checked_sub(1).and_then(from).or_else(|| from(0)).or_else(|| from(place + 1))
    }

    fn telling(&self, place: usize, class: &str, trigger: &Hit<Class>, party: &Party) -> Telling {
        let scene = self.casting.scene;
        let sentence = &scene.sentences[place];
        let when = when(scene, sentence, trigger.first, self.kind.news_days);
        let mut features = Features::of(self.kind, self.detail);
        features.add_surroundings(self.casting, sentence, trigger.first, trigger.last, when);
        self.phrases.describe(&mut features, place, trigger.first, trigger.last);
        features.add(format!("trigger:{class}"));
        features.add_words(scene.text(sentence.field), trigger.first, trigger.last);
        features.add(format!("trigger:{class}+{}", sentence.standing.as_str()));
        features.add(format!("who:{}", party.source));
        features.add(format!("who:{}+{class}", party.source));
        features.add(format!("context:{}", self.context(place)));
        features.add(format!("context:{}+{class}", self.context(place)));
        let is_other = |person: &Person| person.actor.is_none() && person.sureness < Sureness::Hinted;
        if self.casting.people(place).iter().any(is_other) {
            features.add("others");
            features.add(format!("others+{}", party.source));
        }
        let nearest_before = self.casting.people(place).iter().rev().find(|person| person.last < trigger.first);
        let nearest_after = self.casting.people(place).iter().find(|person| person.first > trigger.last);
        for (side, nearest) in [("before", nearest_before), ("after", nearest_after)] {
            if let Some(person) = nearest.filter(|person| person.actor.is_none()) {
                features.add(format!("{side}:{}", if is_other(person) { "other" } else { "stranger" }));
            }
        }
        self.describe_shape(&mut features, place, self.casting.people(place), trigger, party);
        if sentence.dates.len() > 1 {
            features.add("dates:several");
        }
        let done = self.kind.words(sentence, "past").any(|word| word.first <= trigger.last + 3 && trigger.first <= word.last + 6);
        features.add_tense(done, when, sentence.standing.as_str());
        let ids: Vec<String> = party.actors.iter().map(|actor| self.casting.who.id(*actor).to_owned()).collect();
        let mut evidence = vec![super::evidence(scene, sentence, trigger.first, trigger.last, Role::Trigger)];
        evidence.extend(named_evidence(self, sentence, self.casting.people(place), party));
        Telling {
            kind: self.kind.name.clone(),
            score: 0.0,
            features: features.into_inner(),
            gist: 0.0,
            finding: Finding {
                at: (place, trigger.first),
                fields: BTreeMap::from([("actors".to_owned(), Value::Many(ids))]),
                when,
                told: told_on(scene, place, self.kind.news_days),
                today: scene.today,
                standing: sentence.standing,
            },
            evidence,
            rivals: None,
        }
    }

    /// How those who took part stand around the trigger, how far, and whether in its clause.
    fn describe_shape(&self, features: &mut Features<'_>, place: usize, people: &[Person], trigger: &Hit<Class>, party: &Party) {
        let sentence = &self.casting.scene.sentences[place];
        let clause = clause(self.casting.lexis, self.casting.scene.text(sentence.field), sentence, trigger.first);
        let took_part: Vec<&Person> =
            people.iter().filter(|person| person.actor.is_some_and(|actor| party.actors.contains(&actor))).collect();
        let (before, after): (Vec<&Person>, Vec<&Person>) = took_part.iter().partition(|person| person.first < trigger.first);
        let near = |people: &[&Person]| people.iter().map(|person| gap((person.first, person.last), trigger)).min();
        let told = |gap: Option<usize>| match gap {
            None => "none",
            Some(0..=2) => "beside",
            Some(3..=7) => "near",
            Some(_) => "far",
        };
        let shape = format!("{}+{}", told(near(&before)), told(near(&after)));
        features.add(format!("shape:{shape}"));
        let inside = took_part.iter().filter(|person| clause.contains(&person.first)).count();
        features.add(format!("inside:{}", inside.min(3)));
        let strangers = people.iter().filter(|person| person.actor.is_none_or(|actor| !party.actors.contains(&actor)));
        features.add(format!("strangers:{}", strangers.filter(|person| clause.contains(&person.first)).count().min(2)));
    }

    /// Where the article says that they were far apart: in this sentence, beside it, in the headline, anywhere.
    fn context(&self, place: usize) -> &'static str {
        let sentences = &self.casting.scene.sentences;
        let says = |at: usize| {
            sentences.get(at).is_some_and(|sentence| {
                self.kind.words(sentence, "remote").next().is_some() || self.kind.words(sentence, "strong").next().is_some()
            })
        };
        match place {
            _ if says(place) => "same",
            _ if place > 0 && says(place - 1) || says(place + 1) => "beside",
            _ if says(0) => "title",
            _ if (0..sentences.len()).any(says) => "far",
            _ => "none",
        }
    }
}

fn named_evidence(between: &Between<'_>, sentence: &Sentence, people: &[Person], party: &Party) -> Vec<Evidence> {
    let took_part = people.iter().filter(|person| person.actor.is_some_and(|actor| party.actors.contains(&actor)));
    took_part.map(|person| super::evidence(between.casting.scene, sentence, person.first, person.last, Role::Actor)).collect()
}

/// Each actor once, in order, as surely as asked at least.
fn distinct(people: &[Person], least: Sureness) -> Vec<Person> {
    let mut found: Vec<Person> = Vec::new();
    for person in people.iter().filter(|person| person.actor.is_some() && person.sureness <= least) {
        if !found.iter().any(|known| known.actor == person.actor) {
            found.push(*person);
        }
    }
    found
}

/// The first of a row, with those that stand close to the one before.
fn joined(people: impl Iterator<Item = Person>) -> Vec<Person> {
    let mut row: Vec<Person> = Vec::new();
    for person in people {
        match row.last() {
            Some(before) if person.first.abs_diff(before.last).min(before.first.abs_diff(person.last)) > TOGETHER => break,
            _ => row.push(person),
        }
    }
    row
}

fn actors(people: &[Person]) -> Vec<usize> {
    sorted(people.iter().filter_map(|person| person.actor).collect())
}

fn pair(one: Person, other: Person) -> Vec<usize> {
    actors(&[one, other])
}

fn sorted(mut actors: Vec<usize>) -> Vec<usize> {
    actors.sort_unstable();
    actors.dedup();
    actors
}
