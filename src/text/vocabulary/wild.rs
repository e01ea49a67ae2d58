//! Words with wildcards, found without asking each of them about each word of a text.
//!
//! A pattern with two letters or more before its first wildcard is filed under them; any other under its longest run of
//! letters, and all such runs are looked for together.

use std::str::Chars;

use aho_corasick::{AhoCorasick, MatchKind};
use foldhash::HashMap;

use super::WordId;

/// The fewest letters a word with wildcards needs beside them; fewer would match almost anything.
pub const MIN_LETTERS: usize = 2;

/// The longest beginning that patterns are filed under, in bytes: one bit of a mask each.
const MAX_BEGINNING: usize = 31;

/// How many masks there are; a power of two.
const MASKS: usize = 4096;

/// Patterns by what must be in a word for them to fit.
#[derive(Debug, Default)]
pub struct Wilds {
    ids: HashMap<Box<str>, WordId>,
    by_beginning: HashMap<Box<str>, Vec<Pattern>>,
    /// For the first two bytes of a word, which lengths of beginnings are worth looking up.
    lengths: Vec<u32>,
    by_run: Vec<(String, Pattern)>,
    runs: Option<AhoCorasick>,
}

#[derive(Debug, Clone)]
struct Pattern {
    written: Box<str>,
    id: WordId,
}

impl Wilds {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The number of a pattern that was added.
    pub fn get(&self, written: &str) -> Option<WordId> {
        self.ids.get(written).copied()
    }

    /// Adds a pattern.
    pub fn add(&mut self, written: &str, id: WordId) {
        self.ids.insert(written.into(), id);
        let pattern = Pattern { written: written.into(), id };
        let beginning = beginning(written);
        if beginning.len() < 2 {
            let run = written.split(is_wildcard).max_by_key(|run| run.len()).unwrap_or_default();
            return self.by_run.push((run.to_owned(), pattern));
        }
        self.lengths.resize(MASKS, 0);
        if let Some(mask) = self.lengths.get_mut(bucket(beginning.as_bytes())) {
            *mask |= 1 << beginning.len();
        }
        self.by_beginning.entry(beginning.into()).or_default().push(pattern);
    }

    /// Makes the runs ready to be looked for.
    pub fn finish(&mut self) {
        if !self.by_run.is_empty() {
            let runs = self.by_run.iter().map(|(run, _)| run);
            self.runs = AhoCorasick::builder().match_kind(MatchKind::Standard).build(runs).ok();
        }
    }

    /// Every pattern that a word fits, some more than once.
    pub fn find(&self, word: &str, found: &mut impl FnMut(WordId)) {
        if !self.lengths.is_empty() {
            self.find_by_beginning(word, found);
        }
        if let Some(runs) = &self.runs {
            let patterns = runs.find_overlapping_iter(word).filter_map(|hit| self.by_run.get(hit.pattern().as_usize()));
            patterns.filter(|(_, pattern)| fits(&pattern.written, word)).for_each(|(_, pattern)| found(pattern.id));
        }
    }

    fn find_by_beginning(&self, word: &str, found: &mut impl FnMut(WordId)) {
        let mut lengths = self.lengths.get(bucket(word.as_bytes())).copied().unwrap_or_default();
        while lengths != 0 {
            let length = lengths.trailing_zeros() as usize;
            lengths &= lengths - 1;
            let patterns = word.get(..length).and_then(|beginning| self.by_beginning.get(beginning));
            patterns.into_iter().flatten().filter(|pattern| fits(&pattern.written, word)).for_each(|pattern| found(pattern.id));
        }
    }
}

/// The letters before the first wildcard, as far as they are filed.
fn beginning(written: &str) -> &str {
    let beginning = written.split(is_wildcard).next().unwrap_or_default();
    beginning.get(..beginning.floor_char_boundary(MAX_BEGINNING)).unwrap_or_default()
}

fn bucket(word: &[u8]) -> usize {
    let byte = |at: usize| word.get(at).copied().map_or(0, usize::from);
    (byte(0) * 67 + byte(1) * 31) % MASKS
}

/// Whether a character is a wildcard.
pub fn is_wildcard(character: char) -> bool {
    matches!(character, '*' | '?')
}

/// Whether a word has wildcards and too few letters beside them.
pub fn is_too_wide(written: &str) -> bool {
    written.contains(is_wildcard) && written.chars().filter(|letter| !is_wildcard(*letter)).count() < MIN_LETTERS
}

/// Whether a word fits a pattern. Matches greedily, and after a mismatch lets the last `*` take one letter more.
pub fn fits(pattern: &str, word: &str) -> bool {
    let (mut pattern, mut word) = (pattern.chars(), word.chars());
    let mut retry: Option<(Chars<'_>, Chars<'_>)> = None;
    loop {
        let unread = word.clone();
        match (pattern.next(), word.next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                retry = Some((pattern.clone(), unread.clone()));
                word = unread;
            }
            (Some('?'), Some(_)) => {}
            (Some(wanted), Some(found)) if wanted == found => {}
            _ => {
                let Some((after_star, rest)) = &mut retry else { return false };
                if rest.next().is_none() {
                    return false;
                }
                (pattern, word) = (after_star.clone(), rest.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_wildcard_fits_what_it_should() {
        for word in ["licence", "license", "licensed", "licensee"] {
            assert!(fits("licen?e*", word), "{word}");
        }
        assert!(!fits("licen?e*", "licensing"));
        assert!(fits("*zölle", "strafzölle") && fits("t*f*s", "tariffs") && fits("ab*", "ab"));
        assert!(!fits("ab?", "ab") && !fits("*ab", "abc"));
    }

    #[test]
    fn a_question_mark_is_one_letter_not_one_byte() {
        assert!(fits("санк?ии", "санкции"));
    }

    #[test]
    fn two_letters_are_enough_beside_a_wildcard() {
        assert!(is_too_wide("a*") && !is_too_wide("a*b") && !is_too_wide("a"));
    }

    proptest! {
        #[test]
        fn every_pattern_that_fits_is_found(patterns in proptest::collection::hash_set("[abé*?]{1,5}", 1..8), word in "[abé]{1,7}") {
            let patterns: Vec<String> = patterns.into_iter().filter(|pattern| pattern.contains(is_wildcard) && !is_too_wide(pattern)).collect();
            let mut wilds = Wilds::default();
            for (number, pattern) in patterns.iter().enumerate() {
                wilds.add(pattern, WordId(number as u32));
            }
            wilds.finish();
            let mut found = Vec::new();
            wilds.find(&word, &mut |id| found.push(id.index()));
            found.sort_unstable();
            found.dedup();
            let expected: Vec<usize> = (0..patterns.len()).filter(|number| fits(&patterns[*number], &word)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
