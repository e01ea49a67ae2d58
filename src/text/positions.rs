//! Where the words of one article stand, in tables that are used for one article after the other.

use std::sync::{Mutex, PoisonError};

use super::vocabulary::{Probe, Vocabulary, WordId};
use super::{Language, Text};

/// For every word of the vocabulary where it stands in the article at hand. Nothing is cleared between articles: what has
/// another epoch is of an earlier one.
#[derive(Debug, Default)]
pub struct Positions {
    epoch: u32,
    slots: Vec<Slot>,
    hits: Vec<Hit>,
    found: Vec<WordId>,
    probes: Vec<Probe>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    epoch: u32,
    first: u32,
}

/// One place of a word, the number of the next hit that is one of it, and in its first hit that of its last.
#[derive(Debug, Clone, Copy)]
struct Hit {
    position: u32,
    next: u32,
    last: u32,
}

/// No further hit.
const NONE: u32 = u32::MAX;

impl Positions {
    /// Starts an article.
    pub fn start(&mut self, vocabulary: usize) {
        self.slots.resize(vocabulary, Slot::default());
        self.hits.clear();
        self.found.clear();
        self.epoch = self.epoch.wrapping_add(1);
        if self.epoch == 0 {
            self.slots.fill(Slot::default());
            self.epoch = 1;
        }
    }

    /// Looks every word of a text up, whose first word has position `start`; texts come in order.
    pub fn read(&mut self, text: &Text, start: u32, language: Language, vocabulary: &Vocabulary) {
        let mut probes = std::mem::take(&mut self.probes);
        vocabulary.find_all(text.folded(), language, &mut probes, |word, position| self.note(word, start + position));
        self.probes = probes;
    }

    /// Notes a word at a position; those of one word come in order.
    fn note(&mut self, word: WordId, position: u32) {
        let Some(slot) = self.slots.get_mut(word.index()) else { return };
        let hit = self.hits.len() as u32;
        if slot.epoch != self.epoch {
            *slot = Slot { epoch: self.epoch, first: hit };
            self.found.push(word);
        } else {
            let first = slot.first as usize;
            let Some(last) = self.hits.get(first).map(|first| first.last as usize) else { return };
            match self.hits.get_mut(last) {
                Some(last) if last.position != position => last.next = hit,
                _ => return,
            }
            if let Some(first) = self.hits.get_mut(first) {
                first.last = hit;
            }
        }
        self.hits.push(Hit { position, next: NONE, last: hit });
    }

    /// The words that were found, each once.
    pub fn found(&self) -> &[WordId] {
        &self.found
    }

    /// Whether a word was found.
    pub fn has(&self, word: WordId) -> bool {
        self.slots.get(word.index()).is_some_and(|slot| slot.epoch == self.epoch)
    }

    /// Where a word stands, in order.
    pub fn of(&self, word: WordId) -> impl Iterator<Item = u32> {
        let slot = self.slots.get(word.index()).filter(|slot| slot.epoch == self.epoch);
        let mut next = slot.map_or(NONE, |slot| slot.first);
        std::iter::from_fn(move || {
            let hit = self.hits.get(next as usize)?;
            next = hit.next;
            Some(hit.position)
        })
    }
}

/// Tables that are not in use.
#[derive(Debug, Default)]
pub struct Pool(Mutex<Vec<Positions>>);

impl Pool {
    /// Takes tables that were used before, or new ones.
    pub fn take(&self) -> Positions {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// Gives them back.
    pub fn give_back(&self, positions: Positions) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(positions);
    }
}
