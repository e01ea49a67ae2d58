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

    /// What an article as a whole weighs: the sum over its words of `weight · (1 + ln occurrences)`, over the root of its length.
    pub(super) fn weigh(&self, index: &Index<'_>) -> f64 {
        if self.0.is_empty() {
            return 0.0;
        }
        let occurrences = |word| HEADLINE * index.occurrences(word, Field::Title) + index.occurrences(word, Field::Body);
        let known = index.positions.found().iter().filter_map(|word| Some((self.0.get(word)?, occurrences(*word))));
        let sum: f64 = known.filter(|(_, times)| *times > 0).map(|(weight, times)| weight * (1.0 + (times as f64).ln())).sum();
        let length = HEADLINE * index.analysis.title.len() + index.analysis.body.len();
        sum / (length.max(LEAST) as f64).sqrt()
    }
}
