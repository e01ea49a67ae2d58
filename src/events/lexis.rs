//! Every word that matters to an event, in one lexicon: names, countries, offices, cues, and the words of each kind.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::scene::Sentence;
use super::who::LEADING;
use crate::config::{Config, EventKind, Form};
use crate::text::{Hit, Lexicon};

/// What stands for a percentage among the words of a kind.
const PERCENT: &str = "%";

/// What a phrase stands for; the numbers count the names of the configuration in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// An actor, by name.
    Actor(u32),
    /// A country, by name.
    Country(u16),
    /// Its people, or what is theirs.
    People(u16),
    /// Its government, by a place or building.
    Metonym(u16),
    /// A place its news is written from.
    Place(u16),
    /// An office.
    Office(u16),
    /// A cue on whether and when.
    Cue(u16),
    /// A word of a kind of event.
    Word(u16, u16),
    /// A verb of one of a kind's actions.
    Act(u16, u16),
    /// A percentage.
    Percent,
}

/// The lexicon, with the names behind its numbers.
#[derive(Debug)]
pub(super) struct Lexis {
    pub(super) lexicon: Lexicon<Class>,
    pub(super) countries: Vec<String>,
    /// Hours by which each country's capital is ahead of UTC.
    pub(super) utc: Vec<Option<i8>>,
    pub(super) offices: Vec<String>,
    pub(super) cues: Vec<String>,
    pub(super) kinds: Vec<Kind>,
}

/// A kind of event, compiled.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) name: String,
    /// Its place among the kinds.
    pub(super) number: u16,
    pub(super) form: Form,
    pub(super) news_days: i64,
    pub(super) roles: Vec<String>,
    pub(super) words: Vec<String>,
    pub(super) acts: Vec<String>,
    pub(super) weights: HashMap<String, f64>,
    /// Whether a percentage is one of its everyday words.
    pub(super) counts_percent: bool,
}

impl Kind {
    /// The words of one of its classes in a sentence, in order.
    pub(super) fn words<'s>(&self, sentence: &'s Sentence, class: &str) -> impl Iterator<Item = &'s Hit<Class>> + use<'s> {
        let wanted = self.words.iter().position(|known| known == class).map(|word| Class::Word(self.number, word as u16));
        let percent = class == "thing" && self.counts_percent;
        sentence.hits.iter().filter(move |hit| Some(hit.class) == wanted || percent && hit.class == Class::Percent)
    }
}

impl Lexis {
    /// Files every phrase of a configuration.
    pub(super) fn of(config: &Config) -> Self {
        let mut lexicon = Lexicon::default();
        for (number, actor) in config.actors.values().enumerate() {
            let names = actor.names.iter().map(|name| name.value.as_str());
            add(&mut lexicon, names, Class::Actor(number as u32));
        }
        for (number, country) in config.countries.values().enumerate() {
            let number = number as u16;
            add(&mut lexicon, texts(&country.names), Class::Country(number));
            add(&mut lexicon, texts(&country.people), Class::People(number));
            add(&mut lexicon, texts(&country.metonyms), Class::Metonym(number));
            add(&mut lexicon, texts(&country.places), Class::Place(number));
        }
        for (number, titles) in config.offices.values().enumerate() {
            add(&mut lexicon, texts(titles), Class::Office(number as u16));
        }
        for (number, phrases) in config.cues.values().enumerate() {
            add(&mut lexicon, texts(phrases), Class::Cue(number as u16));
        }
        for (number, kind) in config.events.values().enumerate() {
            add_kind(&mut lexicon, number as u16, kind);
        }
        Self {
            lexicon,
            countries: config.countries.keys().cloned().collect(),
            utc: config.countries.values().map(|country| country.utc).collect(),
            offices: config.offices.keys().cloned().collect(),
            cues: config.cues.keys().cloned().collect(),
            kinds: config
                .events
                .iter()
                .enumerate()
                .map(|(number, (name, kind))| compile(number as u16, name, kind, config))
                .collect(),
        }
    }

    /// Whether a class is the cue of this name.
    pub(super) fn is_cue(&self, class: Class, name: &str) -> bool {
        matches!(class, Class::Cue(cue) if self.cues.get(usize::from(cue)).is_some_and(|own| own == name))
    }
}

fn texts(phrases: &[String]) -> impl Iterator<Item = &str> {
    phrases.iter().map(String::as_str)
}

fn add<'p>(lexicon: &mut Lexicon<Class>, phrases: impl Iterator<Item = &'p str>, class: Class) {
    phrases.for_each(|phrase| lexicon.add(phrase, class));
}

fn add_kind(lexicon: &mut Lexicon<Class>, number: u16, kind: &EventKind) {
    for (class, phrases) in kind.words.values().enumerate() {
        add(lexicon, texts(phrases).filter(|phrase| *phrase != PERCENT), Class::Word(number, class as u16));
    }
    for (action, phrases) in kind.acts.values().enumerate() {
        add(lexicon, texts(phrases), Class::Act(number, action as u16));
    }
}

fn compile(number: u16, name: &str, kind: &EventKind, config: &Config) -> Kind {
    let weights = if kind.weights.is_empty() { usual_weights(kind.form, config) } else { kind.weights.clone() };
    Kind {
        name: name.to_owned(),
        number,
        form: kind.form,
        news_days: (kind.news.as_secs() / 86_400) as i64,
        roles: roles(kind),
        words: kind.words.keys().cloned().collect(),
        acts: kind.acts.keys().cloned().collect(),
        weights: weights.into_iter().collect(),
        counts_percent: kind.words.get("thing").is_some_and(|words| words.iter().any(|word| word == PERCENT)),
    }
}

/// Whose holders may take part; those who lead may always decide a measure.
fn roles(kind: &EventKind) -> Vec<String> {
    let leading = LEADING.iter().filter(|_| kind.form == Form::Act && !kind.who.is_empty()).map(|role| (*role).to_owned());
    kind.who.iter().cloned().chain(leading).collect()
}

/// What features weigh for a kind that was never trained: the mean of the kinds of its form that were.
fn usual_weights(form: Form, config: &Config) -> BTreeMap<String, f64> {
    let trained: Vec<&BTreeMap<String, f64>> =
        config.events.values().filter(|kind| kind.form == form && !kind.weights.is_empty()).map(|kind| &kind.weights).collect();
    let mut sums: BTreeMap<String, f64> = BTreeMap::new();
    for (feature, weight) in trained.iter().copied().flatten().filter(|(feature, _)| is_general(feature)) {
        *sums.entry(feature.clone()).or_default() += weight;
    }
    sums.into_iter().map(|(feature, sum)| (feature, sum / trained.len() as f64)).collect()
}

/// Whether a feature speaks of no word of its own kind: marks and classes alone.
fn is_general(feature: &str) -> bool {
    const MARKS: [&str; 8] = ["<", ">", "<1", "<2", ">1", ">2", "<>", "in"];
    let is_phrase = feature.contains(' ');
    !feature.starts_with("word:")
        && (!is_phrase || feature.split(' ').all(|symbol| symbol.starts_with('#') || MARKS.contains(&symbol)))
}
