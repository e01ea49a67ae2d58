//! A query as an expression of our own language, with every reading shown by parentheses.

use std::fmt;

use super::query::{Closeness, Element, Form, Link, Query, Scope};
use crate::text::vocabulary::Vocabulary;

/// The expression that says just what a query asks.
pub fn canonical(query: &Query, vocabulary: &Vocabulary) -> String {
    Canonical { query, vocabulary }.to_string()
}

struct Canonical<'a> {
    query: &'a Query,
    vocabulary: &'a Vocabulary,
}

impl<'a> Canonical<'a> {
    fn of(&self, query: &'a Query) -> Self {
        Self { query, vocabulary: self.vocabulary }
    }

    fn write_operand(&self, f: &mut fmt::Formatter<'_>, query: &'a Query) -> fmt::Result {
        match query {
            Query::Close { .. } | Query::And(_) | Query::Or(_) => write!(f, "({})", self.of(query)),
            _ => write!(f, "{}", self.of(query)),
        }
    }

    fn write_joined(&self, f: &mut fmt::Formatter<'_>, operands: &'a [Query], operator: &str) -> fmt::Result {
        for (position, operand) in operands.iter().enumerate() {
            if position > 0 {
                f.write_str(operator)?;
            }
            self.write_operand(f, operand)?;
        }
        Ok(())
    }

    fn write_links(&self, f: &mut fmt::Formatter<'_>, first: &'a Query, then: &'a [Link]) -> fmt::Result {
        self.write_operand(f, first)?;
        then.iter().try_for_each(|link| {
            write!(f, " {}{} ", if link.negated { "NOT " } else { "" }, link.how)?;
            self.write_operand(f, &link.operand)
        })
    }

    fn write_only(&self, f: &mut fmt::Formatter<'_>, scope: Scope, operand: &'a Query) -> fmt::Result {
        write!(f, "{}:", scope.prefix())?;
        match operand {
            Query::Not(_) => write!(f, "({})", self.of(operand)),
            _ => self.write_operand(f, operand),
        }
    }

    /// One ordinary word stands as it is; everything else in quotes.
    fn write_words(&self, f: &mut fmt::Formatter<'_>, words: &[Element]) -> fmt::Result {
        let spelled: Vec<String> = words.iter().map(|element| self.spelled(element)).collect();
        // one word of lower case is an operator all the same: `atleast3`
        let is_ordinary = |word: &String| {
            word.chars().all(|letter| letter.is_alphanumeric() || "*?%.".contains(letter)) && !word.starts_with("atleast")
        };
        let text = match spelled.as_slice() {
            [word] if is_ordinary(word) => word.clone(),
            words => format!("\"{}\"", words.join(" ")),
        };
        match words.first().map(|element| &element.form) {
            Some(Form::Written(_)) => write!(f, "CASE({text})"),
            Some(Form::Exact) => write!(f, "EXACT({text})"),
            _ => f.write_str(&text),
        }
    }

    fn spelled(&self, element: &Element) -> String {
        let word = self.vocabulary.spelled(element.word);
        match &element.form {
            Form::Written(written) => written.to_string(),
            Form::Percent => format!("{word}%"),
            Form::Any | Form::Exact => word.to_owned(),
        }
    }
}

impl fmt::Display for Canonical<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.query {
            Query::Words(words) => self.write_words(f, words),
            Query::Regex { regex, cased } => {
                let written = regex.as_str().replace('/', "\\/");
                if *cased { write!(f, "CASE(/{written}/)") } else { write!(f, "/{written}/") }
            }
            Query::Mention { name, .. } => write!(f, "@{name}"),
            Query::Event(kind) => write!(f, "#{kind}"),
            Query::Rule { name, .. } => write!(f, "rule:{name}"),
            Query::Close { first, then } => self.write_links(f, first, then),
            Query::AtLeast { times, operand } => write!(f, "ATLEAST/{times}({})", self.of(operand)),
            Query::Not(operand) => {
                f.write_str("NOT ")?;
                self.write_operand(f, operand)
            }
            Query::And(operands) => self.write_joined(f, operands, " AND "),
            Query::Or(operands) => self.write_joined(f, operands, " OR "),
            Query::Only(scope, operand) => self.write_only(f, *scope, operand),
        }
    }
}

impl fmt::Display for Closeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Near(within) => write!(f, "NEAR/{within}"),
            Self::Pre(within) => write!(f, "PRE/{within}"),
            Self::Sentence => f.write_str("SENTENCE"),
            Self::Paragraph => f.write_str("PARAGRAPH"),
        }
    }
}
