//! Words to their numbers.
//!
//! Most words of a text are short, and the table of many rules is larger than the cache. So short words are kept in the table
//! itself, where finding one follows no pointer, and a text is looked up in two steps, of which the second does nothing but wait
//! for memory, for many words at once.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::WordId;

/// The longest word that is kept in the table itself, in bytes.
const SHORT: usize = 11;

/// A short word, filled up, and its length; or of a long word the beginning, and a length that no short one has.
type Key = [u8; SHORT + 1];

/// What a word is looked up by.
#[derive(Debug, Clone, Copy)]
pub struct Probe {
    key: Key,
    hash: u64,
}

/// Words and their numbers.
#[derive(Debug, Default)]
pub struct Table {
    hasher: RandomState,
    entries: HashTable<(Key, WordId)>,
}

impl Table {
    /// The first step: what a word is looked up by.
    pub fn probe(&self, word: &str) -> Probe {
        let mut key = [0; SHORT + 1];
        let length = word.len().min(SHORT);
        if let (Some(room), Some(beginning)) = (key.get_mut(..length), word.as_bytes().get(..length)) {
            room.copy_from_slice(beginning);
        }
        key[SHORT] = u8::try_from(word.len()).unwrap_or(u8::MAX);
        let hash = if word.len() <= SHORT { hash_short(&self.hasher, key) } else { self.hasher.hash_one(word) };
        Probe { key, hash }
    }

    /// The second step: the number of the word, if it was added. `spelled` tells how the word of a number is spelled.
    pub fn find<'s>(&self, probe: &Probe, word: &str, spelled: impl Fn(WordId) -> &'s str) -> Option<WordId> {
        let is_it = |(key, id): &(Key, WordId)| *key == probe.key && (word.len() <= SHORT || spelled(*id) == word);
        self.entries.find(probe.hash, is_it).map(|(_, id)| *id)
    }

    /// Adds a word that is not there; `spelled` tells how each word that is there is spelled.
    pub fn add<'s>(&mut self, word: &str, id: WordId, spelled: impl Fn(WordId) -> &'s str) {
        let probe = self.probe(word);
        let hasher = &self.hasher;
        let rehash = |(key, id): &(Key, WordId)| {
            if usize::from(key[SHORT]) <= SHORT { hash_short(hasher, *key) } else { hasher.hash_one(spelled(*id)) }
        };
        self.entries.insert_unique(probe.hash, (probe.key, id), rehash);
    }
}

/// As numbers, which are hashed faster than bytes.
fn hash_short(hasher: &RandomState, [a, b, c, d, e, f, g, h, rest @ ..]: Key) -> u64 {
    hasher.hash_one((u64::from_le_bytes([a, b, c, d, e, f, g, h]), u32::from_le_bytes(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_length_are_told_apart() {
        let long = "x".repeat(300);
        let longer = "x".repeat(301);
        let words =
            ["", "a", "\0", "ab", "eleven-byte", "twelve-bytes", "twelve-bytez", "санкции", "международный", &long, &longer];
        let mut table = Table::default();
        for (number, word) in words.iter().enumerate() {
            table.add(word, WordId(number as u32), |id| words[id.index()]);
        }
        let find = |word: &str| table.find(&table.probe(word), word, |id| words[id.index()]);
        for (number, word) in words.iter().enumerate() {
            assert_eq!(find(word), Some(WordId(number as u32)), "{word}");
        }
        assert_eq!((find("b"), find("twelve-byte"), find("twelve-bytes-")), (None, None, None));
    }
}
