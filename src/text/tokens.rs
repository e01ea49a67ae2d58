//! Words and where they stand.
//!
//! Words are those of Unicode (UAX #29), made fit for finding names. Whatever a text is split into, a query is too:
//!
//! - Each ideograph, kana and Thai letter is a word of its own, so that a term is found inside running text as a phrase is.
//! - A colon and an underscore separate. A full stop or a comma does, except between digits.
//! - Initials lose their full stops: `p.m.` is `pm`.
//! - A possessive loses its ending: `Bank's` is `bank`, and its place is that of `Bank`.
//! - Other apostrophes separate (`l'accord`, `dell'accordo`, `o'clock`), except before the endings of English
//!   contractions: `don't` is one word.

use unicode_segmentation::UnicodeSegmentation;

use super::bytes::{Class, is_blank, separator};
use super::fold::{fold_into, is_apostrophe};
use super::plain::MAX_BYTES;

/// What may follow an apostrophe inside one English word; `s` is dropped.
const CONTRACTIONS: [&str; 6] = ["t", "re", "ve", "ll", "d", "m"];

/// A word of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Its first byte in the text.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    folded_start: u32,
    folded_end: u32,
}

/// The words of a text in order.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    tokens: Vec<Token>,
    /// The text in lower case, where most words stand as they are, and after it the folded forms of the others.
    folded: String,
}

impl Tokens {
    /// Splits a text, of which no more than a normalised text's longest length is read (1 MiB).
    pub fn of(text: &str) -> Self {
        let text = text.get(..text.floor_char_boundary(MAX_BYTES)).unwrap_or_default();
        let mut tokens = Self { tokens: Vec::with_capacity(text.len() / 5), folded: text.to_ascii_lowercase() };
        let mut start = 0;
        // No rule of UAX #29 joins across a blank.
        while start < text.len() {
            start = tokens.add_plain(text, start).unwrap_or_else(|piece| {
                let end = text.as_bytes().iter().skip(piece).position(|byte| is_blank(*byte)).map_or(text.len(), |at| piece + at);
                tokens.add_piece(text.get(piece..end).unwrap_or_default(), piece);
                end
            });
        }
        tokens
    }

    /// Adds the words from a blank on as long as they are plain: runs of ASCII letters and digits that nothing joins. Returns
    /// the text's end, or as an error where the first piece between blanks begins that is anything else.
    fn add_plain(&mut self, text: &str, start: usize) -> Result<usize, usize> {
        let bytes = text.as_bytes();
        let (mut at, mut piece, mut known) = (start, start, self.tokens.len());
        while let Some(class) = bytes.get(at).map(|byte| Class::of(*byte)) {
            match class {
                Class::Letter => {
                    let start = at;
                    while bytes.get(at).is_some_and(|byte| Class::of(*byte) == Class::Letter) {
                        at += 1;
                    }
                    self.add_plain_word(start, at);
                }
                Class::Blank => {
                    at += 1;
                    (piece, known) = (at, self.tokens.len());
                }
                Class::Mark => at += 1,
                Class::Joiner if !bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric) => at += 1,
                Class::Joiner | Class::Other => match separator(bytes, at) {
                    Some(length) => at += length,
                    None => {
                        self.tokens.truncate(known);
                        return Err(piece);
                    }
                },
            }
        }
        Ok(at)
    }

    /// Adds a word of ASCII letters and digits, which is its own folded form in lower case.
    fn add_plain_word(&mut self, start: usize, end: usize) {
        let (start, end) = (place(start), place(end));
        self.tokens.push(Token { start, end, folded_start: start, folded_end: end });
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The word at a position.
    pub fn get(&self, position: usize) -> Option<Token> {
        self.tokens.get(position).copied()
    }

    /// How many words begin before a byte.
    pub fn before(&self, byte: usize) -> usize {
        self.tokens.partition_point(|token| (token.start as usize) < byte)
    }

    /// The folded form of the word at a position.
    pub fn word(&self, position: usize) -> Option<&str> {
        self.tokens.get(position).map(|token| self.folded_of(token))
    }

    /// The folded forms in order.
    pub fn words(&self) -> impl Iterator<Item = &str> + Clone {
        self.tokens.iter().map(|token| self.folded_of(token))
    }

    fn folded_of(&self, token: &Token) -> &str {
        self.folded.get(token.folded_start as usize..token.folded_end as usize).unwrap_or_default()
    }

    fn add_piece(&mut self, piece: &str, start: usize) {
        for (at, segment) in piece.unicode_word_indices() {
            let is_stray_possessive =
                segment.eq_ignore_ascii_case("s") && piece.get(..at).is_some_and(|before| before.ends_with(is_apostrophe));
            if is_stray_possessive {
                continue;
            } else if segment.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                self.add_plain_word(start + at, start + at + segment.len());
            } else {
                self.add_segment(segment, start + at);
            }
        }
    }

    fn add_segment(&mut self, segment: &str, start: usize) {
        let segment = without_possessive(segment);
        if is_initials(segment) {
            return self.add(segment, start);
        }
        let mut from = 0;
        for (at, mark) in segment.char_indices() {
            let (before, rest) = segment.split_at(at);
            let after = rest.get(mark.len_utf8()..).unwrap_or_default();
            if separates(before, mark, after) {
                self.add(segment.get(from..at).unwrap_or_default(), start + from);
                from = at + mark.len_utf8();
            } else if is_katakana(mark) && at > from {
                self.add(segment.get(from..at).unwrap_or_default(), start + from);
                from = at;
            }
        }
        self.add(segment.get(from..).unwrap_or_default(), start + from);
    }

    fn add(&mut self, word: &str, start: usize) {
        let before = self.folded.len();
        if is_initials(word) {
            word.split('.').for_each(|letter| fold_into(letter, &mut self.folded));
        } else {
            fold_into(word, &mut self.folded);
        }
        if self.folded.len() > before {
            let (folded_start, folded_end) = (place(before), place(self.folded.len()));
            self.tokens.push(Token { start: place(start), end: place(start + word.len()), folded_start, folded_end });
        }
    }
}

/// A place in a text; [`MAX_BYTES`] keeps it far below the limit.
fn place(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

fn without_possessive(segment: &str) -> &str {
    let stem = segment.strip_suffix(['s', 'S']).and_then(|owner| owner.strip_suffix(is_apostrophe));
    stem.unwrap_or(segment)
}

/// Whether a word is letters with full stops between them.
fn is_initials(word: &str) -> bool {
    let is_letter = |part: &str| part.chars().next().is_some_and(char::is_alphabetic) && part.chars().nth(1).is_none();
    word.contains('.') && word.split('.').all(is_letter)
}

/// Whether a character inside a Unicode word separates two of our words.
fn separates(before: &str, mark: char, after: &str) -> bool {
    let is_in_number = || before.ends_with(char::is_numeric) && after.starts_with(char::is_numeric);
    let is_contraction = || CONTRACTIONS.iter().any(|ending| ending.eq_ignore_ascii_case(after));
    match mark {
        ':' | ';' | '_' => true,
        '.' | ',' => !is_in_number(),
        _ if is_apostrophe(mark) => !is_in_number() && !is_contraction(),
        _ => false,
    }
}

/// The katakana that begin a word of their own; voicing marks belong to the letter before.
fn is_katakana(letter: char) -> bool {
    matches!(letter, '\u{30a1}'..='\u{30fc}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9d}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<String> {
        Tokens::of(text).words().map(str::to_owned).collect()
    }

    #[test]
    fn words_know_their_places() {
        let text = "Trump, “Xi” — talk";
        let tokens = Tokens::of(text);
        let written: Vec<_> = (0..tokens.len())
            .filter_map(|at| tokens.get(at))
            .map(|token| &text[token.start as usize..token.end as usize])
            .collect();
        assert_eq!(written, ["Trump", "Xi", "talk"]);
    }

    #[test]
    fn a_possessive_is_its_owner() {
        for text in ["China's", "China’s", "CHINA'S", "China's,"] {
            assert_eq!(words(text), ["china"]);
            assert_eq!(Tokens::of(text).get(0).map(|token| token.end), Some(5));
        }
        assert_eq!(
            words("the U.S.'s and the 1990's, the leaders' talks"),
            ["the", "us", "and", "the", "1990", "the", "leaders", "talks"]
        );
    }

    #[test]
    fn elisions_separate_and_contractions_do_not() {
        assert_eq!(
            words("l'accord dell’Ucraina O'Brien Erdoğan'ın"),
            ["l", "accord", "dell", "ucraina", "o", "brien", "erdogan", "in"]
        );
        assert_eq!(words("don't we’ll rock'n'roll"), ["don't", "we'll", "rock", "n", "roll"]);
    }

    #[test]
    fn initials_lose_their_full_stops() {
        assert_eq!(
            words("The U.S.-China talks, U.S, J.D. Vance, e.g. США/С.Ш.А."),
            ["the", "us", "china", "talks", "us", "jd", "vance", "eg", "сша", "сша"]
        );
    }

    #[test]
    fn missing_blanks_do_not_join_words() {
        assert_eq!(words("he said.The call:done _now_ a.b.cd"), ["he", "said", "the", "call", "done", "now", "a", "b", "cd"]);
    }

    #[test]
    fn numbers_keep_their_points() {
        assert_eq!(words("3.5 per cent, 1,000 or 10:30; 24/7"), ["3.5", "per", "cent", "1,000", "or", "10", "30", "24", "7"]);
    }

    #[test]
    fn scripts_without_blanks_are_words_of_one_letter() {
        assert_eq!(words("中美会谈"), ["中", "美", "会", "谈"]);
        assert_eq!(words("トランプ氏とガス"), ["ト", "ラ", "ン", "プ", "氏", "と", "ガ", "ス"]);
        assert_eq!(words("ｶﾞｽ"), words("ガス"));
        assert_eq!(words("习近平Xi说"), ["习", "近", "平", "xi", "说"]);
        assert_eq!(words("시진핑 주석"), ["시진핑", "주석"]);
    }

    #[test]
    fn a_thai_word_is_found_inside_running_text() {
        let (needle, text) = (words("สี จิ้นผิง"), words("ประธานาธิบดีสี จิ้นผิงกล่าว"));
        assert!(text.windows(needle.len()).any(|window| window == needle));
    }

    proptest! {
        /// A no-break space in front sends a piece the long way and adds no word.
        #[test]
        fn the_short_way_finds_the_words_of_the_long_way(text in "('s|’s|[a-zA-Z0-9.,:;_'’“—& -]|\\PC){0,40}") {
            let long: String = text.split_inclusive(' ').map(|piece| format!("\u{a0}{piece}")).collect();
            prop_assert_eq!(words(&text), words(&long));
        }

        #[test]
        fn every_word_lies_in_the_text_after_the_one_before(text in "([a-zA-Z0-9.,:;_' -]|\\PC){0,40}") {
            let tokens = Tokens::of(&text);
            let mut end = 0;
            for position in 0..tokens.len() {
                let token = tokens.get(position).unwrap();
                prop_assert!(token.start >= end && token.end > token.start);
                prop_assert!(text.get(token.start as usize..token.end as usize).is_some());
                prop_assert!(!tokens.word(position).unwrap().is_empty());
                end = token.end;
            }
        }
    }
}
