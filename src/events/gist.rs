//! What an article is about as a whole: every word of it weighed for a kind of event, wherever it stands.
//!
//! A telling knows its sentence; a reader knows after a glance at the page whether it is news at all. The score is that of a linear
//! model over words: each weighs what it was found to, the more the oftener it occurs, and long articles say everything somewhere.

use std::collections::BTreeMap;

use foldhash::HashMap;

use crate::model::Field;
use crate::text::Index;
use crate::text::vocabulary::{Vocabulary, WordId};

/// How often a word of the headline counts.
const HEADLINE: usize = 2;
/// The fewest words that an article is taken to have: one word is no article.
const LEAST: usize = 20;

/// What words weigh for a kind.
#[derive(Debug, Default)]
pub(super) struct Gist(HashMap<WordId, f64>);

impl Gist {
    pub(super) fn of(weights: &BTreeMap<String, f64>, vocabulary: &mut Vocabulary) -> Self {
        Self(weights.iter().map(|(word, weight)| (vocabulary.word(word), *weight)).collect())
    }

    /// What an article as a whole weighs.
    pub(super) fn weigh(&self, index: &Index<'_>) -> f64 {
        self.words(index).map(|(_, weight)| weight).sum()
    }

    /// What each word adds: `weight · (1 + ln occurrences)` over the root of the article's length.
    pub(super) fn words(&self, index: &Index<'_>) -> impl Iterator<Item = (WordId, f64)> {
        let length = HEADLINE * index.analysis.title.len() + index.analysis.body.len();
        let share = 1.0 / (length.max(LEAST) as f64).sqrt();
        let known = index.positions.found().iter().filter_map(|word| Some((*word, *self.0.get(word)?)));
        known.filter_map(move |(word, weight)| {
            let times = HEADLINE * index.occurrences(word, Field::Title) + index.occurrences(word, Field::Body);
            (times > 0).then(|| (word, share * weight * (1.0 + (times as f64).ln())))
        })
    }
}
