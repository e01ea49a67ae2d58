//! Words to their numbers, short words without following a pointer: most words of a text are looked up in vain or are short, and
//! the table of many rules is larger than the cache.

use foldhash::HashMap;

use super::WordId;

/// The longest word that fits into its own key, in bytes: one more of the 16 holds the length.
const SHORT: usize = 15;

/// Words and their numbers.
#[derive(Debug, Default)]
pub struct Table {
    short: HashMap<u128, WordId>,
    long: HashMap<Box<str>, WordId>,
}

impl Table {
    /// The number of a word that was added.
    pub fn get(&self, word: &str) -> Option<WordId> {
        match key(word) {
            Some(key) => self.short.get(&key).copied(),
            None => self.long.get(word).copied(),
        }
    }

    /// Adds a word.
    pub fn add(&mut self, word: &str, id: WordId) {
        match key(word) {
            Some(key) => self.short.insert(key, id),
            None => self.long.insert(word.into(), id),
        };
    }
}

/// A short word and its length as a number of its own.
fn key(word: &str) -> Option<u128> {
    let mut bytes = [0; SHORT + 1];
    bytes.get_mut(..SHORT)?.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    Some(u128::from_le_bytes(bytes) | (word.len() as u128) << 120)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_length_are_told_apart() {
        let words = ["", "a", "\0", "ab", "fifteen-letters", "sixteen--letters", "sixteen--letterz", "санкции", "международный"];
        let mut table = Table::default();
        words.iter().enumerate().for_each(|(number, word)| table.add(word, WordId(number as u32)));
        for (number, word) in words.iter().enumerate() {
            assert_eq!(table.get(word), Some(WordId(number as u32)), "{word}");
        }
        assert_eq!(table.get("b"), None);
    }
}
