//! The words of a term or phrase, split and folded as articles are.

use std::ops::Range;

use crate::rules::matching::percent;
use crate::text::vocabulary::is_wildcard;
use crate::text::{Tokens, bare};

/// A word that is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Folded, perhaps with wildcards.
    pub folded: String,
    /// With its capitals, but without accents.
    pub written: String,
    /// Whether it is a number of per cent.
    pub is_percent: bool,
}

impl Term {
    /// The words of a text in which `*` and `?` are wildcards.
    pub fn all_in(written: &str) -> Vec<Self> {
        let mut words = Words { source: written, ..Words::default() };
        let mut at = 0;
        for piece in written.split_inclusive(is_wildcard) {
            let literal = piece.trim_end_matches(is_wildcard);
            words.add(literal, at);
            if literal.len() < piece.len() {
                words.add_wildcard(at + literal.len()..at + piece.len());
            }
            at += piece.len();
        }
        words.finish()
    }
}

/// Words under construction: what touches a wildcard is one word with it.
#[derive(Default)]
struct Words<'a> {
    source: &'a str,
    finished: Vec<(Term, Range<usize>)>,
    /// Whether the text so far ends inside the last word.
    is_open: bool,
}

impl Words<'_> {
    fn add(&mut self, literal: &str, start: usize) {
        let tokens = Tokens::of(literal);
        for (position, word) in tokens.words().enumerate() {
            let Some(token) = tokens.get(position) else { continue };
            let bytes = token.start as usize..token.end as usize;
            let continues = position == 0 && self.is_open && bytes.start == 0;
            self.put(
                word,
                &bare(literal.get(bytes.clone()).unwrap_or_default()),
                start + bytes.start..start + bytes.end,
                continues,
            );
        }
        if let Some(last) = tokens.get(tokens.len().wrapping_sub(1)) {
            self.is_open = last.end as usize == literal.len();
        } else if !literal.is_empty() {
            self.is_open = false;
        }
    }

    fn add_wildcard(&mut self, bytes: Range<usize>) {
        let wildcard = self.source.get(bytes.clone()).unwrap_or_default().to_owned();
        self.put(&wildcard, &wildcard, bytes, self.is_open);
        self.is_open = true;
    }

    fn put(&mut self, folded: &str, written: &str, bytes: Range<usize>, continues: bool) {
        match self.finished.last_mut().filter(|_| continues) {
            Some((last, known)) => {
                last.folded.push_str(folded);
                last.written.push_str(written);
                known.end = bytes.end;
            }
            None => {
                self.finished.push((Term { folded: folded.to_owned(), written: written.to_owned(), is_percent: false }, bytes))
            }
        }
    }

    /// The words, numbers of per cent joined with what says so.
    fn finish(self) -> Vec<Term> {
        let mut terms = Vec::new();
        let mut rest = self.finished.as_slice();
        while let Some(((term, bytes), after)) = rest.split_first() {
            let is_number = term.folded.starts_with(|first: char| first.is_ascii_digit());
            let has_sign = || self.source.get(bytes.end..).unwrap_or_default().trim_start().starts_with(['%', '％']);
            let named = (1..=2).find(|words| is_percent(after.get(..*words).unwrap_or_default()));
            let is_percent = is_number && (has_sign() || named.is_some());
            let taken = if is_percent && !has_sign() { named.unwrap_or(0) } else { 0 };
            terms.push(Term { is_percent, ..term.clone() });
            rest = after.get(taken..).unwrap_or_default();
        }
        terms
    }
}

fn is_percent(words: &[(Term, Range<usize>)]) -> bool {
    percent::is_percent(&words.iter().map(|(term, _)| term.folded.as_str()).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(written: &str) -> Vec<String> {
        Term::all_in(written).into_iter().map(|term| term.folded + if term.is_percent { "%" } else { "" }).collect()
    }

    #[test]
    fn wildcards_belong_to_the_letters_they_touch() {
        assert_eq!(spelled("Licen?e*"), ["licen?e*"]);
        assert_eq!(spelled("rare-earth* *man ex*"), ["rare", "earth*", "*man", "ex*"]);
        assert_eq!(spelled("a * b"), ["a", "*", "b"]);
        assert_eq!(spelled("l'accor*"), ["l", "accor*"]);
        assert_eq!(spelled("wom??n"), ["wom??n"]);
    }

    #[test]
    fn per_cent_is_part_of_its_number() {
        assert_eq!(spelled("25%"), ["25%"]);
        assert_eq!(spelled("a 25 percent duty"), ["a", "25%", "duty"]);
        assert_eq!(spelled("25 per cent or 7.5 Prozent"), ["25%", "or", "7.5%"]);
        assert_eq!(spelled("percent of 25"), ["percent", "of", "25"]);
    }

    #[test]
    fn capitals_are_kept_beside_the_folded_form() {
        let written: Vec<String> = Term::all_in("L'Élys?e US").into_iter().map(|term| term.written).collect();
        assert_eq!(written, ["L", "Elys?e", "US"]);
    }
}
