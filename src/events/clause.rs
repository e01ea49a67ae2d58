//! The part of a sentence that a word stands in: from comma to comma, from "that" to "because".

use std::ops::RangeInclusive;

use super::lexis::Lexis;
use super::scene::Sentence;
use crate::text::Text;

/// What stands between two clauses.
const BOUNDARIES: [char; 22] =
    [',', ';', ':', '–', '—', '(', ')', '"', '“', '”', '„', '«', '»', '、', '，', '；', '：', '「', '」', '『', '』', '…'];
/// The cue whose words begin a clause.
const OPENER: &str = "clause";

/// The words of the clause around a place, first and last.
pub(super) fn clause(lexis: &Lexis, text: &Text, sentence: &Sentence, place: usize) -> RangeInclusive<usize> {
    let opens = |at: usize| {
        text.gap(at).contains(BOUNDARIES) || sentence.hits.iter().any(|hit| hit.first == at && lexis.is_cue(hit.class, OPENER))
    };
    let first = (sentence.first + 1..=place).rev().find(|at| opens(*at)).unwrap_or(sentence.first);
    let last = (place + 1..=sentence.last).find(|at| opens(*at)).map_or(sentence.last, |next| next - 1);
    first..=last
}
