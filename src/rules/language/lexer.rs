//! An expression of our own language to symbols that know their place; and what the readers of other languages share.
//!
//! A symbol with an error is reported and still handed on where it can be, so that the parser finds what else is wrong.

use super::report::Report;
use super::symbols::{Capitals, Lexeme, Symbol};
use super::terms::Term;
use super::{factiva, nexis};
use crate::config::Dialect;
use crate::config::diagnostic::nearest;
use crate::rules::query::{Closeness, DISTANCES, Scope};
use crate::text::vocabulary::{MIN_LETTERS, is_too_wide, is_wildcard};

/// How often something can be asked for at least.
const MAX_TIMES: usize = 255;

/// Splits an expression, and reports what is no symbol.
pub fn lex(expression: &str, dialect: Dialect, report: &mut Report<'_>) -> Vec<Lexeme> {
    let mut lexer = Lexer { expression, at: 0, report, lexemes: Vec::new() };
    while let Some(first) = lexer.rest().chars().next() {
        match (first, dialect) {
            _ if first.is_whitespace() => lexer.at += first.len_utf8(),
            ('(' | '（', _) => lexer.push(Symbol::Open, first.len_utf8()),
            (')' | '）', _) => lexer.push(Symbol::Close, first.len_utf8()),
            _ if is_quote(first) => lexer.read_phrase(first.len_utf8()),
            ('@' | '＠', _) => lexer.read_name(first, "an actor or a group", Symbol::Actor),
            (_, Dialect::Wirewatch) => lexer.read(first),
            (_, Dialect::Nexis) => nexis::read(&mut lexer),
            (_, Dialect::Factiva) => factiva::read(&mut lexer),
        }
    }
    lexer.lexemes
}

/// An expression being read.
pub struct Lexer<'a, 'r> {
    expression: &'a str,
    at: usize,
    report: &'a mut Report<'r>,
    lexemes: Vec<Lexeme>,
}

impl<'a> Lexer<'a, '_> {
    /// What is not read yet.
    pub fn rest(&self) -> &'a str {
        self.expression.get(self.at..).unwrap_or_default()
    }

    /// Takes so many bytes as a symbol.
    pub fn push(&mut self, symbol: Symbol, length: usize) {
        self.lexemes.push(Lexeme { symbol, span: self.at..self.at + length });
        self.at += length;
    }

    /// Takes so many bytes as a term or phrase.
    pub fn push_terms(&mut self, terms: Vec<Term>, length: usize) {
        let bytes = self.at..self.at + length;
        if terms.is_empty() {
            self.report.error(bytes, "there is no word in this").hint("write letters or digits to search for");
        } else if let Some(term) = terms.iter().find(|term| is_too_wide(&term.folded)) {
            let message = format!("`{}` would match almost every word", term.folded);
            self.report
                .error(bytes, message)
                .hint(format!("write at least {MIN_LETTERS} letters beside the wildcards of a word"));
        }
        self.push(Symbol::Words(terms), length);
    }

    /// Takes so many bytes that have no meaning, and says why; something to look for stands in for them.
    pub fn refuse(&mut self, length: usize, message: impl Into<String>, hint: impl Into<String>) {
        self.report.error(self.at..self.at + length, message).hint(hint);
        self.push(Symbol::Words(Vec::new()), length);
    }

    /// Takes `NEAR/n` or its like with what stands for n.
    pub fn push_distance(&mut self, how: fn(usize) -> Closeness, number: &str, length: usize, example: &str) {
        let distance = number.parse().ok().filter(|number| DISTANCES.contains(number));
        if distance.is_none() {
            let written = self.rest().get(..length).unwrap_or_default();
            let message = format!("`{written}` does not say within how many words");
            let hint = format!(
                "write {example}/n with a number from {} to {}, such as {example}/10",
                DISTANCES.start(),
                DISTANCES.end()
            );
            self.report.error(self.at..self.at + length, message).hint(hint);
        }
        self.push(Symbol::Within(how(distance.unwrap_or(1))), length);
    }

    /// Takes `ATLEAST/n` or its like with what stands for n.
    pub fn push_times(&mut self, number: &str, length: usize, example: &str) {
        let times = number.parse().ok().filter(|times| (1..=MAX_TIMES).contains(times));
        if times.is_none() {
            let written = self.rest().get(..length).unwrap_or_default();
            let hint = format!("write {example} with a number up to {MAX_TIMES}");
            self.report.error(self.at..self.at + length, format!("`{written}` does not say how often")).hint(hint);
        }
        self.push(Symbol::AtLeast(times.unwrap_or(1)), length);
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
        self.push_terms(Term::all_in(phrase), length);
    }

    fn read_name(&mut self, mark: char, what: &str, symbol: fn(String) -> Symbol) {
        let name = self.rest().get(mark.len_utf8()..).map_or("", until_delimiter);
        if name.is_empty() {
            self.report
                .error(self.at..self.at + mark.len_utf8(), format!("`{mark}` stands alone"))
                .hint(format!("write the name of {what} after it: `{mark}name`"));
        }
        self.push(symbol(name.to_owned()), mark.len_utf8() + name.len());
    }

    fn read(&mut self, first: char) {
        match first {
            '#' | '＃' => self.read_name(first, "a kind of event", Symbol::Event),
            '/' => self.read_regex(),
            _ => self.read_word(),
        }
    }

    fn read_regex(&mut self) {
        let inside = self.rest().get(1..).unwrap_or_default();
        let mut escaped = false;
        let end = inside.char_indices().find(|(_, character)| {
            let ends = *character == '/' && !escaped;
            escaped = *character == '\\' && !escaped;
            ends
        });
        match end {
            Some((end, _)) => {
                let written = inside.get(..end).unwrap_or_default().replace("\\/", "/");
                self.push(Symbol::Regex(written), end + 2);
            }
            None => self.refuse(1, "this regular expression is never closed", "end it with another `/`; a slash in it is `\\/`"),
        }
    }

    fn read_word(&mut self) {
        let word = until_delimiter(self.rest());
        if let Some((colon, mark)) = word.char_indices().find(|(_, character)| matches!(character, ':' | '：')) {
            return self.read_field(word.get(..colon).unwrap_or_default(), mark.len_utf8());
        }
        let (operator, number) = word.split_once('/').unwrap_or((word, ""));
        let lower = word.to_lowercase();
        match word {
            "AND" => self.push(Symbol::And, word.len()),
            "OR" => self.push(Symbol::Or, word.len()),
            "NOT" => self.push(Symbol::Not, word.len()),
            "SENTENCE" => self.push(Symbol::Within(Closeness::Sentence), word.len()),
            "PARAGRAPH" => self.push(Symbol::Within(Closeness::Paragraph), word.len()),
            "CASE" => self.push_prefix(Symbol::Case(Capitals::AsWritten), word),
            "EXACT" => self.push_prefix(Symbol::Exact, word),
            _ if operator == "NEAR" => self.push_distance(Closeness::Near, number, word.len(), "NEAR"),
            _ if operator == "PRE" => self.push_distance(Closeness::Pre, number, word.len(), "PRE"),
            _ if operator == "ATLEAST" => self.push_times(number, word.len(), "ATLEAST/n"),
            _ if ["w/s", "w/p"].contains(&lower.as_str()) => {
                let how = if lower == "w/s" { Closeness::Sentence } else { Closeness::Paragraph };
                self.push(Symbol::Within(how), word.len());
            }
            _ if operator.eq_ignore_ascii_case("w") && is_number(number) => {
                self.push_distance(Closeness::Near, number, word.len(), "NEAR");
            }
            _ if operator == "pre" && is_number(number) => self.push_distance(Closeness::Pre, number, word.len(), "PRE"),
            _ => match lower.strip_prefix("atleast").filter(|times| is_number(times)) {
                Some(times) => self.push_times(times, word.len(), "ATLEAST/n"),
                None => self.push_word(word, word.len()),
            },
        }
    }

    fn push_prefix(&mut self, symbol: Symbol, word: &str) {
        if !self.rest().get(word.len()..).unwrap_or_default().trim_start().starts_with(['(', '（']) {
            let hint = format!("write {word}(…) around words; to search for the word write it in lower case or in quotes");
            self.report.error(self.at..self.at + word.len(), format!("`{word}` needs parentheses after it")).hint(hint);
        }
        self.push(symbol, word.len());
    }

    fn read_field(&mut self, name: &str, mark: usize) {
        let length = name.len() + mark;
        if let Some((_, scope)) = Scope::PREFIXES.iter().find(|(prefix, _)| *prefix == name) {
            return self.push(Symbol::Field(*scope), length);
        }
        if name == "rule" {
            let rule = self.rest().get(length..).map_or("", until_delimiter);
            return self.push(Symbol::Rule(rule.to_owned()), length + rule.len());
        }
        let known = Scope::PREFIXES.map(|(prefix, _)| prefix);
        let hint = match nearest(name, known) {
            Some(meant) => format!("did you mean `{meant}:`?"),
            None => format!(
                "the fields are {}; a term that holds a colon belongs in quotes",
                known.map(|name| format!("`{name}:`")).join(", ")
            ),
        };
        self.report.error(self.at..self.at + length, format!("there is no field `{name}:`")).hint(hint);
        self.at += length;
    }

    /// Takes so many bytes as a word written without quotes.
    pub fn push_word(&mut self, word: &str, length: usize) {
        match word.char_indices().find(|(at, character)| !may_stand(*character, *at == 0)) {
            Some((_, stranger)) => {
                let written = self.rest().get(..length).unwrap_or_default();
                let at = self.at + written.find(stranger).unwrap_or_default();
                let bytes = at..at + stranger.len_utf8();
                self.report.error(bytes, format!("`{stranger}` cannot stand here in a word")).hint(advice_on(stranger));
                self.push(Symbol::Words(Vec::new()), length);
            }
            None => self.push_terms(Term::all_in(word), length),
        }
    }
}

/// Whether a text is a number.
pub fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a character opens or closes a phrase: `"` `“` `”` `„` `‟` `＂`.
pub fn is_quote(character: char) -> bool {
    matches!(character, '"' | '\u{201c}'..='\u{201f}' | '＂')
}

/// What stands before the next blank, quote or parenthesis.
pub fn until_delimiter(text: &str) -> &str {
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
