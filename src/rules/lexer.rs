//! An expression to symbols that know their place.
//!
//! A symbol with an error is reported and still handed on where it can be, so that the parser finds what else is wrong.

use std::ops::Range;

use super::pattern::{MIN_LETTERS, Pattern, is_wildcard};
use super::query::prefix;
use super::report::Report;
use crate::config::diagnostic::nearest;
use crate::model::Field;

/// The largest n of `NEAR/n`, in words; the /n connectors of LexisNexis end there too.
pub const MAX_DISTANCE: usize = 255;

/// Words in capitals that are kept for operators to come, so that no rule changes its meaning then.
const RESERVED: [&str; 5] = ["PRE", "SENTENCE", "PARAGRAPH", "ATLEAST", "CASE"];

const FIELDS: [Field; 2] = [Field::Title, Field::Body];

/// The smallest part of an expression that means something.
#[derive(Debug, Clone, PartialEq)]
pub enum Symbol {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `AND`
    And,
    /// `OR`
    Or,
    /// `NOT`
    Not,
    /// `NEAR/n`
    Near(usize),
    /// `title:` or `body:`
    Field(Field),
    /// A word or a phrase.
    Words(Vec<Pattern>),
    /// The name after an `@`.
    Reference(String),
}

/// A symbol and its bytes in the expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Lexeme {
    /// What it is.
    pub symbol: Symbol,
    /// Where it stands.
    pub span: Range<usize>,
}

/// Splits an expression, and reports what is no symbol.
pub fn lex(expression: &str, report: &mut Report<'_>) -> Vec<Lexeme> {
    let mut lexer = Lexer { expression, at: 0, report, lexemes: Vec::new() };
    while let Some(first) = lexer.rest().chars().next() {
        lexer.read(first);
    }
    lexer.lexemes
}

struct Lexer<'a, 'r> {
    expression: &'a str,
    at: usize,
    report: &'a mut Report<'r>,
    lexemes: Vec<Lexeme>,
}

impl<'a> Lexer<'a, '_> {
    fn rest(&self) -> &'a str {
        self.expression.get(self.at..).unwrap_or_default()
    }

    fn read(&mut self, first: char) {
        match first {
            _ if first.is_whitespace() => self.at += first.len_utf8(),
            '(' | '（' => self.push(Symbol::Open, first.len_utf8()),
            ')' | '）' => self.push(Symbol::Close, first.len_utf8()),
            '@' | '＠' => self.read_reference(first.len_utf8()),
            _ if is_quote(first) => self.read_phrase(first.len_utf8()),
            _ => self.read_word(),
        }
    }

    fn push(&mut self, symbol: Symbol, length: usize) {
        self.lexemes.push(Lexeme { symbol, span: self.at..self.at + length });
        self.at += length;
    }

    fn read_reference(&mut self, mark: usize) {
        let name = self.rest().get(mark..).map_or("", until_delimiter);
        if name.is_empty() {
            self.report
                .error(self.at..self.at + mark, "`@` stands alone")
                .hint("write the name of an actor or a group after it: `@name`");
        }
        self.push(Symbol::Reference(name.to_owned()), mark + name.len());
    }

    fn read_phrase(&mut self, mark: usize) {
        let inside = self.rest().get(mark..).unwrap_or_default();
        let (phrase, length) = match inside.char_indices().find(|(_, character)| is_quote(*character)) {
            Some((end, quote)) => (inside.get(..end).unwrap_or_default(), mark + end + quote.len_utf8()),
            None => {
                self.report.error(self.at..self.at + mark, "this quote is never closed").hint("end the phrase with another `\"`");
                (inside, self.rest().len())
            }
        };
        self.push_words(phrase, length);
    }

    fn read_word(&mut self) {
        let word = until_delimiter(self.rest());
        if let Some((colon, mark)) = word.char_indices().find(|(_, character)| matches!(character, ':' | '：')) {
            return self.read_field(word.get(..colon).unwrap_or_default(), mark.len_utf8());
        }
        let operator = word.split('/').next().unwrap_or_default();
        match word {
            "AND" => self.push(Symbol::And, word.len()),
            "OR" => self.push(Symbol::Or, word.len()),
            "NOT" => self.push(Symbol::Not, word.len()),
            _ if operator == "NEAR" => self.read_near(word),
            _ if RESERVED.contains(&operator) => self.refuse_reserved(word, operator),
            _ => self.read_plain_word(word),
        }
    }

    fn read_field(&mut self, name: &str, mark: usize) {
        let length = name.len() + mark;
        if let Some(field) = FIELDS.into_iter().find(|field| prefix(*field).trim_end_matches(':') == name) {
            return self.push(Symbol::Field(field), length);
        }
        let known = FIELDS.map(|field| prefix(field).trim_end_matches(':'));
        let hint = match nearest(name, known) {
            Some(meant) => format!("did you mean `{meant}:`?"),
            None => "the fields are `title:` and `body:`; a term that holds a colon belongs in quotes".to_owned(),
        };
        self.report.error(self.at..self.at + length, format!("there is no field `{name}:`")).hint(hint);
        self.at += length;
    }

    fn read_near(&mut self, word: &str) {
        let distance =
            word.split_once('/').and_then(|(_, number)| number.parse().ok()).filter(|number| (1..=MAX_DISTANCE).contains(number));
        if distance.is_none() {
            let message = format!("`{word}` does not say within how many words");
            let hint = format!("write NEAR/n with a number from 1 to {MAX_DISTANCE}, such as NEAR/10");
            self.report.error(self.at..self.at + word.len(), message).hint(hint);
        }
        self.push(Symbol::Near(distance.unwrap_or(1)), word.len());
    }

    fn refuse_reserved(&mut self, word: &str, operator: &str) {
        let message = format!("`{operator}` in capitals is reserved for an operator");
        let hint = format!(
            "to search for the word write it in lower case or in quotes; the operators are AND, OR, NOT and NEAR/n (n up to {MAX_DISTANCE})"
        );
        self.report.error(self.at..self.at + word.len(), message).hint(hint);
        self.push(Symbol::Words(Vec::new()), word.len());
    }

    fn read_plain_word(&mut self, word: &str) {
        match word.char_indices().find(|(at, character)| !may_stand(*character, *at == 0)) {
            Some((at, stranger)) => {
                let bytes = self.at + at..self.at + at + stranger.len_utf8();
                self.report.error(bytes, format!("`{stranger}` cannot stand here in a word")).hint(advice_on(stranger));
                self.push(Symbol::Words(Vec::new()), word.len());
            }
            None => self.push_words(word, word.len()),
        }
    }

    fn push_words(&mut self, written: &str, length: usize) {
        let words = Pattern::all_in(written);
        let bytes = self.at..self.at + length;
        if words.is_empty() {
            self.report.error(bytes, "there is no word in this").hint("write letters or digits to search for");
        } else if let Some(word) = words.iter().find(|word| word.is_too_wide()) {
            let message = format!("`{word}` would match almost every word");
            self.report
                .error(bytes, message)
                .hint(format!("write at least {MIN_LETTERS} letters beside the wildcards of a word"));
        }
        self.push(Symbol::Words(words), length);
    }
}

/// Whether a character opens or closes a phrase: `"` `“` `”` `„` `‟` `＂`.
fn is_quote(character: char) -> bool {
    matches!(character, '"' | '\u{201c}'..='\u{201f}' | '＂')
}

fn until_delimiter(text: &str) -> &str {
    let is_delimiter = |next: char| next.is_whitespace() || is_quote(next) || matches!(next, '(' | ')' | '（' | '）');
    text.split(is_delimiter).next().unwrap_or_default()
}

/// Whether a character may stand in a word without quotes. Signs with a meaning in other query languages may not: to search
/// for `-word` as if it were `word` would be the opposite of what was meant.
fn may_stand(character: char, is_first: bool) -> bool {
    character.is_alphanumeric()
        || is_wildcard(character)
        || matches!(character, '\'' | '’')
        || (!is_first && is_joiner(character))
}

fn is_joiner(character: char) -> bool {
    !character.is_ascii() || matches!(character, '-' | '.' | ',' | '/' | '&' | '_' | '%' | '+')
}

fn advice_on(stranger: char) -> &'static str {
    match stranger {
        '-' | '!' => "to exclude a word write `AND NOT word`; to search for this as it is put it in quotes",
        '|' => "write `OR` between alternatives; to search for this as it is put it in quotes",
        '&' | '+' => "write `AND` between terms; to search for this as it is put it in quotes",
        _ => "to search for this as it is put it in quotes",
    }
}
