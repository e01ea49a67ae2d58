//! Where each word of a text stands.

use std::cell::OnceCell;

use foldhash::{HashMap, HashMapExt as _};

use super::pattern::Pattern;
use crate::text::Text;

/// The words of a text with their positions, made once per article for all rules, when the first of them asks.
#[derive(Debug)]
pub struct Index<'a> {
    text: &'a Text,
    positions: OnceCell<HashMap<&'a str, Vec<usize>>>,
}

impl<'a> Index<'a> {
    /// Indexes a text.
    pub fn of(text: &'a Text) -> Self {
        Self { text, positions: OnceCell::new() }
    }

    fn positions(&self) -> &HashMap<&'a str, Vec<usize>> {
        self.positions.get_or_init(|| {
            let mut positions: HashMap<&str, Vec<usize>> = HashMap::new();
            for (position, word) in self.text.words() {
                positions.entry(word).or_default().push(position);
            }
            positions
        })
    }

    /// The indexed text.
    pub fn text(&self) -> &'a Text {
        self.text
    }

    /// Where words stand in a row: the positions of the first of them, ascending.
    pub fn find(&self, words: &[Pattern]) -> Vec<usize> {
        let candidates = words.iter().enumerate().map(|(offset, word)| (offset, self.positions_of(word)));
        let Some((offset, rarest)) = candidates.min_by_key(|(_, positions)| positions.len()) else { return Vec::new() };
        let firsts = rarest.into_iter().filter_map(|position| position.checked_sub(offset));
        firsts.filter(|first| self.stand_at(words, *first)).collect()
    }

    fn stand_at(&self, words: &[Pattern], first: usize) -> bool {
        let mut words = words.iter().enumerate();
        words.all(|(offset, pattern)| self.text.word(first + offset).is_some_and(|word| pattern.matches(word)))
    }

    fn positions_of(&self, pattern: &Pattern) -> Vec<usize> {
        if let Pattern::Word(word) = pattern {
            return self.positions().get(word.as_str()).cloned().unwrap_or_default();
        }
        let fitting = self.positions().iter().filter(|(word, _)| pattern.matches(word));
        let mut positions: Vec<usize> = fitting.flat_map(|(_, positions)| positions).copied().collect();
        positions.sort_unstable();
        positions
    }
}
