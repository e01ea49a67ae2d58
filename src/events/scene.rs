//! An article laid out for reading: its sentences, and in each the words that matter, in order.

use jiff::civil::Date;

use super::lexis::{Class, Lexis};
use super::wording::percentage;
use crate::model::{Article, Field};
use crate::text::dates::{self, DateMention};
use crate::text::{Analysis, Dateline, Hit, Index, Text};

/// The sentences of a text that are read: more than a long report has, and tellings are compared with each other.
const MAX_SENTENCES: usize = 200;
/// The words of a sentence that are read: what goes on for longer is no sentence.
const MAX_WORDS: usize = 250;

/// Where a sentence stands; the earlier, the more it is what the article is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// In the headline.
    Title,
    /// The first two sentences.
    Lead,
    /// The next four.
    Early,
    /// Below.
    Late,
}

impl Standing {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Lead => "lead",
            Self::Early => "early",
            Self::Late => "late",
        }
    }
}

/// A sentence with what was found in it.
#[derive(Debug)]
pub(super) struct Sentence {
    pub(super) field: Field,
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) standing: Standing,
    pub(super) hits: Vec<Hit<Class>>,
    pub(super) dates: Vec<DateMention>,
}

impl Sentence {
    /// The places of a class.
    pub(super) fn of(&self, wanted: impl Fn(Class) -> bool) -> impl Iterator<Item = &Hit<Class>> {
        self.hits.iter().filter(move |hit| wanted(hit.class))
    }
}

/// The whole article.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    pub(super) analysis: &'a Analysis,
    pub(super) today: Date,
    /// The headline's sentences, then the body's.
    pub(super) sentences: Vec<Sentence>,
    /// What the outlet's name and the dateline say of the country it is told from.
    pub(super) home: Vec<u16>,
}

impl<'a> Scene<'a> {
    /// Lays an article out.
    pub(super) fn of(lexis: &Lexis, article: &Article, index: &Index<'a>) -> Self {
        let analysis = index.analysis;
        let (title, body) = (index.find(&lexis.lexicon, Field::Title), index.find(&lexis.lexicon, Field::Body));
        let home = home(lexis, article, index, &body);
        let offset = home.first().and_then(|country| lexis.utc.get(usize::from(*country)).copied().flatten());
        let today = dates::today(article.when(), offset);
        let mut sentences = lay_out(title, Field::Title, &analysis.title, today);
        sentences.extend(lay_out(body, Field::Body, &analysis.body, today));
        Self { analysis, today, sentences, home }
    }

    pub(super) fn text(&self, field: Field) -> &Text {
        self.analysis.text(field)
    }

    /// Whether a class occurs anywhere.
    pub(super) fn has(&self, wanted: impl Fn(Class) -> bool) -> bool {
        self.sentences.iter().any(|sentence| sentence.of(&wanted).next().is_some())
    }
}

/// How many words on a place, given by its first word and its last, stands from a hit; 0 where they share one.
pub(super) fn gap((first, last): (usize, usize), hit: &Hit<Class>) -> usize {
    if last < hit.first { hit.first - last } else { first.saturating_sub(hit.last) }
}

pub(super) fn country_of(class: Class) -> Option<u16> {
    match class {
        Class::Country(country) | Class::People(country) | Class::Metonym(country) | Class::Place(country) => Some(country),
        _ => None,
    }
}

/// The countries that the outlet's name and the dateline say an article is told from.
fn home(lexis: &Lexis, article: &Article, index: &Index<'_>, body: &[Hit<Class>]) -> Vec<u16> {
    let outlet = lexis.lexicon.find_in(&Text::of(&article.outlet), index.vocabulary);
    let end = Dateline::of(&index.analysis.body).map_or(0, |dateline| dateline.end_word);
    let dateline = body.iter().filter(|hit| hit.last < end);
    outlet.iter().chain(dateline).filter_map(|hit| country_of(hit.class)).collect()
}

fn lay_out(hits: Vec<Hit<Class>>, field: Field, text: &Text, today: Date) -> Vec<Sentence> {
    let mut hits = outermost(hits).into_iter().peekable();
    let mut dates = dates::find(text, today).into_iter().peekable();
    let lay = |(number, sentence): (usize, &crate::text::Sentence)| {
        let (first, last) = (sentence.first_word, sentence.last_word.min(sentence.first_word + MAX_WORDS));
        let mut own = Sentence { field, first, last, standing: standing(field, number), hits: Vec::new(), dates: Vec::new() };
        while let Some(hit) = hits.next_if(|hit| hit.first <= sentence.last_word) {
            own.hits.extend((hit.last <= last).then_some(hit));
        }
        let percentages = (first..=last).filter(|place| percentage(text, *place).is_some());
        own.hits.extend(percentages.map(|place| Hit { first: place, last: place, class: Class::Percent }));
        own.hits.sort_by_key(|hit| hit.first);
        while let Some(date) = dates.next_if(|date| date.words.start <= sentence.last_word) {
            own.dates.extend((date.words.end <= last + 1).then_some(date));
        }
        own
    };
    text.sentences().iter().take(MAX_SENTENCES).enumerate().map(lay).collect()
}

/// Leaves out what stands inside something longer: the president inside the vice president.
fn outermost(mut hits: Vec<Hit<Class>>) -> Vec<Hit<Class>> {
    hits.sort_by_key(|hit| (hit.first, std::cmp::Reverse(hit.last)));
    let mut kept: Vec<Hit<Class>> = Vec::with_capacity(hits.len());
    for hit in hits {
        let inside = kept.iter().rev().take(8).any(|outer| {
            outer.first <= hit.first
                && hit.last <= outer.last
                && (outer.last - outer.first) > (hit.last - hit.first)
                && covers(outer.class, hit.class)
        });
        if !inside {
            kept.push(hit);
        }
    }
    kept
}

/// Whether a longer phrase of one class makes a shorter one of another mean nothing by itself.
fn covers(outer: Class, inner: Class) -> bool {
    match (outer, inner) {
        (Class::Cue(_), _) => matches!(inner, Class::Cue(_)),
        (Class::Word(kind, _), Class::Word(other, _) | Class::Act(other, _)) => kind == other,
        (Class::Act(kind, _), Class::Act(other, _)) => kind == other,
        (Class::Word(..) | Class::Act(..), _) => false,
        (_, Class::Word(..) | Class::Act(..) | Class::Cue(_)) => false,
        _ => true,
    }
}

fn standing(field: Field, number: usize) -> Standing {
    match (field, number) {
        (Field::Title, _) => Standing::Title,
        (_, 0..2) => Standing::Lead,
        (_, 2..6) => Standing::Early,
        (_, _) => Standing::Late,
    }
}
