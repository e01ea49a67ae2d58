//! A word of a query, perhaps with wildcards.

use std::fmt;
use std::str::Chars;

use crate::text::Tokens;

/// The fewest letters a word with wildcards needs beside them; fewer would match almost anything.
pub const MIN_LETTERS: usize = 2;

/// A folded word; `*` stands for any letters or none, `?` for exactly one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// Just this word.
    Word(String),
    /// Words that fit.
    Wild(String),
}

impl Pattern {
    /// The words of a term or phrase, split and folded as articles are.
    pub fn all_in(written: &str) -> Vec<Self> {
        let mut words = Words::default();
        for piece in written.split_inclusive(is_wildcard) {
            match piece.strip_suffix(is_wildcard) {
                Some(literal) => {
                    words.add(literal);
                    words.add_wildcard(piece.get(literal.len()..).unwrap_or_default());
                }
                None => words.add(piece),
            }
        }
        words.finished.into_iter().map(Self::from).collect()
    }

    /// Whether a folded word fits.
    pub fn matches(&self, word: &str) -> bool {
        match self {
            Self::Word(only) => only == word,
            Self::Wild(pattern) => fits(pattern.chars(), word.chars()),
        }
    }

    /// Whether it has wildcards and too few letters beside them.
    pub fn is_too_wide(&self) -> bool {
        match self {
            Self::Word(_) => false,
            Self::Wild(pattern) => pattern.chars().filter(|letter| !is_wildcard(*letter)).count() < MIN_LETTERS,
        }
    }

    /// The word as a query spells it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Word(word) | Self::Wild(word) => word,
        }
    }
}

impl From<String> for Pattern {
    fn from(word: String) -> Self {
        if word.contains(is_wildcard) { Self::Wild(word) } else { Self::Word(word) }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether a character is a wildcard.
pub fn is_wildcard(character: char) -> bool {
    matches!(character, '*' | '?')
}

/// Words under construction: what touches a wildcard is one word with it.
#[derive(Default)]
struct Words {
    finished: Vec<String>,
    /// Whether the text so far ends inside the last word.
    is_open: bool,
}

impl Words {
    fn add(&mut self, literal: &str) {
        let tokens = Tokens::of(literal);
        for (position, word) in tokens.words().enumerate() {
            let continues = position == 0 && self.is_open && tokens.get(0).is_some_and(|token| token.start == 0);
            match self.finished.last_mut().filter(|_| continues) {
                Some(last) => last.push_str(word),
                None => self.finished.push(word.to_owned()),
            }
        }
        if let Some(last) = tokens.get(tokens.len().wrapping_sub(1)) {
            self.is_open = last.end as usize == literal.len();
        } else if !literal.is_empty() {
            self.is_open = false;
        }
    }

    fn add_wildcard(&mut self, wildcard: &str) {
        match self.finished.last_mut().filter(|_| self.is_open) {
            Some(last) => last.push_str(wildcard),
            None => self.finished.push(wildcard.to_owned()),
        }
        self.is_open = true;
    }
}

/// Matches greedily, and after a mismatch lets the last `*` take one letter more.
fn fits(mut pattern: Chars<'_>, mut word: Chars<'_>) -> bool {
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
    use super::*;

    fn spelled(written: &str) -> Vec<String> {
        Pattern::all_in(written).iter().map(Pattern::to_string).collect()
    }

    #[test]
    fn wildcards_belong_to_the_letters_they_touch() {
        assert_eq!(spelled("Licen?e*"), ["licen?e*"]);
        assert_eq!(spelled("rare-earth* *man ex*"), ["rare", "earth*", "*man", "ex*"]);
        assert_eq!(spelled("a * b"), ["a", "*", "b"]);
        assert_eq!(spelled("l'accor*"), ["l", "accor*"]);
    }

    #[test]
    fn a_wildcard_fits_what_it_should() {
        let fits = |pattern: &str, word: &str| Pattern::from(pattern.to_owned()).matches(word);
        for word in ["licence", "license", "licensed", "licensee"] {
            assert!(fits("licen?e*", word), "{word}");
        }
        assert!(!fits("licen?e*", "licensing"));
        assert!(fits("*zölle", "strafzölle") && fits("t*f*s", "tariffs") && fits("ab*", "ab"));
        assert!(!fits("ab?", "ab") && !fits("*ab", "abc"));
    }

    #[test]
    fn a_question_mark_is_one_letter_not_one_byte() {
        assert!(Pattern::from("санк?ии".to_owned()).matches("санкции"));
    }

    #[test]
    fn two_letters_are_enough_beside_a_wildcard() {
        assert!(Pattern::from("a*".to_owned()).is_too_wide());
        assert!(!Pattern::from("a*b".to_owned()).is_too_wide());
        assert!(!Pattern::from("a".to_owned()).is_too_wide());
    }
}
