//! What the parser says of an error, and what it advises.

use super::super::actors::Unresolved;
use super::super::lexer::{Lexeme, Symbol};
use super::{OPERAND, Parser, Part};

impl Parser<'_> {
    /// NEAR needs operands that have places.
    pub(super) fn check_places(&mut self, operand: &Part) {
        if let Some(operator) = operand.query.placeless_operator() {
            let message =
                format!("{operator} cannot stand inside NEAR: distance is measured between places, and {operator} has none");
            let hint =
                format!("NEAR takes words, phrases, `@names` and OR-groups of them; write {operator} outside, between two NEARs");
            self.report.error(operand.span.clone(), message).hint(hint);
        }
    }

    pub(super) fn warn_of_mixture(&mut self, part: &Part) {
        let hint = format!("it is read as `{}`; write the parentheses to say so", part.query);
        self.report.warning(part.span.clone(), "AND and OR are mixed without parentheses").hint(hint);
    }

    pub(super) fn report_unexpected(&mut self) {
        if self.has_given_up() {
            return;
        }
        self.expected.extend(OPERAND);
        let accepted = listed(&self.expected);
        let (found, span) = match self.lexemes.get(self.at) {
            Some(lexeme) => (format!("`{}`", self.text_of(self.at)), lexeme.span.clone()),
            None => ("the end".to_owned(), self.span_of(self.lexemes.len().saturating_sub(1))),
        };
        self.report.error(span, format!("something to look for is missing before {found}")).hint(format!("expected {accepted}"));
    }

    pub(super) fn report_missing_operator(&mut self, gap: usize) {
        let before = gap.saturating_sub(1);
        if let Some((lexeme, operator)) = [gap, before].into_iter().find_map(|at| Some((at, meant_operator(self.text_of(at))?))) {
            let message = format!("`{}` is a word to look for here", self.text_of(lexeme));
            self.report.error(self.span_of(lexeme), message).hint(format!("operators are written in capitals: {operator}"));
            return;
        }
        let (left, right) = (self.text_of(before), self.text_of(gap));
        let hint = match (self.lexemes.get(before), self.lexemes.get(gap)) {
            (_, Some(Lexeme { symbol: Symbol::Not, .. })) => "write `AND NOT`".to_owned(),
            (Some(Lexeme { symbol: Symbol::Words(_), .. }), Some(Lexeme { symbol: Symbol::Words(_), .. })) => {
                let phrase = [left, right].map(|word| word.trim_matches('"')).join(" ");
                format!("write \"{phrase}\" for the phrase, or AND or OR between the two")
            }
            _ => "write AND or OR between the two".to_owned(),
        };
        let span = self.span_of(before).start..self.span_of(gap).end;
        self.report.error(span, format!("an operator is missing between `{left}` and `{right}`")).hint(hint);
    }

    pub(super) fn report_unresolved(&mut self, lexeme: usize, name: &str, unresolved: &Unresolved) {
        let (message, hint) = match unresolved {
            Unresolved::Unknown { meant: Some(meant), .. } => {
                (format!("there is no actor or group `{name}`"), format!("did you mean `@{meant}`?"))
            }
            Unresolved::Unknown { meant: None, known } => (format!("there is no actor or group `{name}`"), known.clone()),
            Unresolved::Nameless => (format!("actor `{name}` has no names"), format!("add `names = [\"…\"]` to [actors.{name}]")),
            Unresolved::Ambiguous => {
                (format!("`{name}` is both an actor and a group"), "give one of them another name".to_owned())
            }
        };
        self.report.error(self.span_of(lexeme), message).hint(hint);
    }
}

/// The operator that a word in lower case was probably meant to be.
fn meant_operator(word: &str) -> Option<String> {
    let lower = word.to_lowercase();
    let is_distance = |number: &str| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    match lower.as_str() {
        "and" | "or" | "not" if word != lower.to_uppercase() => Some(lower.to_uppercase()),
        "near" => Some("NEAR/10".to_owned()),
        _ => {
            let (operator, number) = lower.split_once('/')?;
            (matches!(operator, "near" | "w") && is_distance(number)).then(|| format!("NEAR/{number}"))
        }
    }
}

/// Alternatives as a sentence has them, each once.
pub(super) fn listed(items: &[&str]) -> String {
    let mut distinct: Vec<&str> = Vec::new();
    for item in items {
        if !distinct.contains(item) {
            distinct.push(item);
        }
    }
    match distinct.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
