//! Numbers of per cent, however that is written.

use crate::text::Text;

/// The words for per cent in the languages that are read, as rows of folded words.
const WORDS: [&[&str]; 9] = [
    &["percent"],
    &["per", "cent"],
    &["pct"],
    &["prozent"],
    &["pour", "cent"],
    &["por", "ciento"],
    &["процент"],
    &["процента"],
    &["процентов"],
];

/// How many words the number at a position takes together with its per cent; nothing if there is none.
pub fn words(text: &Text, position: usize) -> Option<u32> {
    if text.gap(position + 1).trim_start().starts_with(['%', '％']) {
        return Some(1);
    }
    let follow = |row: &&[&str]| row.iter().enumerate().all(|(at, word)| text.word(position + 1 + at) == Some(word));
    WORDS.into_iter().find(follow).map(|row| 1 + row.len() as u32)
}

/// Whether folded words are those for per cent.
pub fn is_percent(words: &[&str]) -> bool {
    WORDS.contains(&words)
}
