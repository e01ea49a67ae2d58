//! Every word that matters to an event, in one lexicon: names, countries, offices, cues, and the words of each kind.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::gist::Gist;
use super::scene::Sentence;
use super::who::LEADING;
use crate::config::{Config, EventKind, Form};
use crate::text::vocabulary::{Vocabulary, WordId};
use crate::text::{Casing, Hit, Lexicon};

/// What stands for a percentage among the words of a kind.
const PERCENT: &str = "%";

/// What a phrase stands for; the numbers count the names of the configuration in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
#[derive(Debug, Default)]
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
    pub(super) gist: Gist,
    /// Whether a percentage is one of its everyday words.
    pub(super) counts_percent: bool,
    /// The first words of all that may carry a telling of it.
    pub(super) carriers: Vec<WordId>,
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
    pub(super) fn of(config: &Config, vocabulary: &mut Vocabulary) -> Self {
        let mut filing = Filing { lexicon: Lexicon::default(), vocabulary };
        for (number, actor) in config.actors.values().enumerate() {
            for name in &actor.names {
                filing.add(&name.value, Class::Actor(number as u32));
            }
        }
        for (number, country) in (0..).zip(config.countries.values()) {
            filing.add_all(&country.names, Class::Country(number));
            filing.add_all(&country.people, Class::People(number));
            filing.add_all(&country.metonyms, Class::Metonym(number));
            filing.add_all(&country.places, Class::Place(number));
        }
        (0..).zip(config.offices.values()).for_each(|(number, titles)| filing.add_all(titles, Class::Office(number)));
        (0..).zip(config.cues.values()).for_each(|(number, phrases)| filing.add_all(phrases, Class::Cue(number)));
        let kinds = (0..).zip(&config.events);
        let kinds = kinds.map(|(number, (name, kind))| Kind {
            carriers: filing.add_kind(number, kind),
            gist: Gist::of(&kind.gist, filing.vocabulary),
            ..compile(number, name, kind, config)
        });
        Self {
            kinds: kinds.collect(),
            countries: config.countries.keys().cloned().collect(),
            utc: config.countries.values().map(|country| country.utc).collect(),
            offices: config.offices.keys().cloned().collect(),
            cues: config.cues.keys().cloned().collect(),
            lexicon: filing.lexicon,
        }
    }

    /// The kind of this name.
    pub(super) fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.name == name)
    }

    /// Whether a class is the cue of this name.
    pub(super) fn is_cue(&self, class: Class, name: &str) -> bool {
        matches!(class, Class::Cue(cue) if self.cues.get(usize::from(cue)).is_some_and(|own| own == name))
    }
}

/// A lexicon being filled.
struct Filing<'v> {
    lexicon: Lexicon<Class>,
    vocabulary: &'v mut Vocabulary,
}

impl Filing<'_> {
    fn add(&mut self, phrase: &str, class: Class) -> Option<WordId> {
        // abbreviations are written with one capital, too: "Nato"
        self.lexicon.add(phrase, Casing::Capitalised, class, self.vocabulary)
    }

    fn add_all(&mut self, phrases: &[String], class: Class) {
        for phrase in phrases {
            self.add(phrase, class);
        }
    }

    /// Adds the words of a kind. Returns the first words of all that may carry a telling of it.
    fn add_kind(&mut self, number: u16, kind: &EventKind) -> Vec<WordId> {
        let mut carriers = Vec::new();
        for (class, (name, phrases)) in (0..).zip(&kind.words) {
            let carries = carriers_of(kind.form).contains(&name.as_str());
            for phrase in phrases.iter().filter(|phrase| *phrase != PERCENT) {
                let first = self.add(phrase, Class::Word(number, class));
                carriers.extend(first.filter(|_| carries));
            }
        }
        for (action, phrases) in (0..).zip(kind.acts.values()) {
            carriers.extend(phrases.iter().filter_map(|phrase| self.add(phrase, Class::Act(number, action))));
        }
        carriers.sort_unstable();
        carriers.dedup();
        carriers
    }
}

/// The classes of words that may carry a telling; an everyday one carries a measure's only beside a verb of its actions.
fn carriers_of(form: Form) -> &'static [&'static str] {
    match form {
        Form::Between => &["strong", "verb", "weak"],
        Form::Act => &["strong", "object"],
    }
}

/// A kind without its words.
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
        gist: Gist::default(),
        carriers: Vec::new(),
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
