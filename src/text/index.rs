//! An article whose every word was looked up, once, for everybody who asks what stands where.

use std::ops::Range;

use super::vocabulary::{Vocabulary, WordId};
use super::{Analysis, Hit, Lexicon, Positions};
use crate::model::Field;

/// Where the words of a vocabulary stand in an article.
#[derive(Debug, Clone, Copy)]
pub struct Index<'a> {
    /// The article's texts.
    pub analysis: &'a Analysis,
    /// What was looked for.
    pub vocabulary: &'a Vocabulary,
    /// Where it was found: the headline's first word has position 0.
    pub positions: &'a Positions,
    /// The position of the body's first word.
    pub body: u32,
}

impl<'a> Index<'a> {
    /// Every phrase of a lexicon in the headline or the body.
    pub fn find<C: Copy + Ord>(&self, lexicon: &Lexicon<C>, field: Field) -> Vec<Hit<C>> {
        let (text, within) = (self.analysis.text(field), self.range(field));
        let mut words: Vec<(usize, WordId)> = Vec::new();
        for word in self.positions.found().iter().copied().filter(|word| lexicon.begins_with(*word)) {
            let positions = self.positions.of(word).filter(|position| within.contains(position));
            words.extend(positions.map(|position| ((position - within.start) as usize, word)));
        }
        words.sort_unstable();
        lexicon.find(text, &words)
    }

    /// How often a word occurs in the headline or the body.
    pub fn occurrences(&self, word: WordId, field: Field) -> usize {
        let within = self.range(field);
        self.positions.of(word).filter(|position| within.contains(position)).count()
    }

    /// The positions of the headline or the body.
    fn range(&self, field: Field) -> Range<u32> {
        let start = if field == Field::Title { 0 } else { self.body };
        start..start + self.analysis.text(field).len() as u32
    }
}
