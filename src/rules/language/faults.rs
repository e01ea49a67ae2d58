//! What the parser says of an error, and what it advises.

use std::ops::Range;

use super::parser::{MAX_NESTING, Parser, Part};
use super::symbols::{Lexeme, Symbol};
use crate::config::diagnostic::nearest;
use crate::rules::actors::Unresolved;
use crate::rules::query::{Query, Scope};

/// What an operand may begin with, NOT apart.
const OPERAND: [&str; 5] = ["a word", "a \"phrase\"", "`@name`", "`title:`", "`(`"];

impl Parser<'_> {
    /// Something must be found for a rule to fire.
    pub(super) fn check_needs_something(&mut self, whole: &Part) {
        if !whole.query.needs_something() {
            let message = "this can match an article for what it does not say alone";
            self.report
                .error(whole.span.clone(), message)
                .hint("join every NOT by AND to something that must be there: `tariff* AND NOT quiz`");
        }
    }

    /// Distance needs operands that have places.
    pub(super) fn check_places(&mut self, operand: &Part) {
        if let Some(operator) = operand.query.placeless() {
            let message =
                format!("{operator} cannot stand inside NEAR: distance is measured between places, and {operator} has none");
            let hint =
                format!("NEAR takes words, phrases, `@names` and OR-groups of them; write {operator} outside, between two NEARs");
            self.report.error(operand.span.clone(), message).hint(hint);
        }
    }

    /// What is counted needs places too.
    pub(super) fn check_countable(&mut self, span: &Range<usize>, operand: &Query) {
        if let Some(operator) = operand.placeless() {
            let message = format!("{operator} cannot stand inside ATLEAST: places are counted, and {operator} has none");
            let hint = "write ATLEAST for each term, joined by AND outside; an OR-group inside is counted together";
            self.report.error(span.clone(), message).hint(hint);
        }
    }

    /// Distance never spans two texts.
    pub(super) fn check_one_text(&mut self, part: &Part) {
        if self.report.is_clean() && !texts().any(|text| part.query.can_hold_in(text)) {
            let message = "NEAR can never hold between the title and the body: they are separate texts";
            self.report.error(part.span.clone(), message).hint("use AND, or look for both in one field");
        }
    }

    /// What follows a field prefix must be able to stand there.
    pub(super) fn check_scope(&mut self, part: &Part, scope: Scope) {
        if self.report.is_clean() && !matches!(&part.query, Query::Only(_, operand) if operand.can_hold_in(scope)) {
            let message = format!("what follows `{}:` can never hold there", scope.prefix());
            let hint = "it asks for another field, for an event or for a name, which are told in headline and body; \
                        remove one of the two";
            self.report.error(part.span.clone(), message).hint(hint);
        }
    }

    /// Chains of different operators of distance grow inwards, and what looks at them goes as deep.
    pub(super) fn check_chain(&mut self, first: &Query) {
        let mut depth = 0;
        let mut inner = first;
        while let Query::Close { first, .. } = inner {
            (inner, depth) = (first, depth + 1);
        }
        if depth == MAX_NESTING {
            let here = self.span_of(self.at.saturating_sub(1));
            self.report.error(here, "the expression is nested too deeply").hint(format!("{MAX_NESTING} levels are the limit"));
        }
    }

    /// What is joined in more than one way without parentheses is read aloud, once for the whole of it.
    pub(super) fn warn_of_mixture(&mut self, part: &Part) {
        if let Some(what) = part.mixture.filter(|_| self.report.is_clean()) {
            let hint = format!("it is read as `{}`; write the parentheses to say so", self.canonical(&part.query));
            self.report.warning(part.span.clone(), format!("{what} are mixed without parentheses")).hint(hint);
        }
    }

    pub(super) fn report_unexpected(&mut self) {
        if self.has_given_up() {
            return;
        }
        let before = self.at.checked_sub(1).and_then(|before| self.lexemes.get(before)).map(|lexeme| &lexeme.symbol);
        let not = ["NOT"].into_iter().filter(|_| !matches!(before, Some(Symbol::Within(_))));
        let accepted: Vec<&str> = not.chain(OPERAND).collect();
        let (found, span) = match self.lexemes.get(self.at) {
            Some(lexeme) => (format!("`{}`", self.text_of(self.at)), lexeme.span.clone()),
            None => ("the end".to_owned(), self.span_of(self.lexemes.len().saturating_sub(1))),
        };
        let hint = format!("expected {}", listed(&accepted));
        self.report.error(span, format!("something to look for is missing before {found}")).hint(hint);
    }

    pub(super) fn report_empty_group(&mut self, part: &Part) {
        let hint = format!("write {} between them, or remove them", listed(&OPERAND));
        self.report.error(part.span.clone(), "there is nothing between these parentheses").hint(hint);
    }

    pub(super) fn report_unclosed(&mut self, opening: usize) {
        if !self.has_given_up() {
            self.expected.push("`)`");
            let hint = format!("at the end there could be {}", listed(&self.expected));
            let opening = self.span_of(opening);
            self.report.error(opening, "this parenthesis is never closed").hint(hint);
        }
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
        let span = self.span_of(lexeme);
        let (message, hint) = match unresolved {
            Unresolved::Unknown { meant: Some(meant), .. } => {
                (format!("there is no actor or group `{name}`"), format!("did you mean `@{meant}`?"))
            }
            Unresolved::Unknown { meant: None, known } => (format!("there is no actor or group `{name}`"), known.clone()),
            Unresolved::Ambiguous => {
                (format!("`{name}` is both an actor and a group"), "give one of them another name".to_owned())
            }
            Unresolved::Nameless => {
                let hint = format!("it is never found; add `names = [\"…\"]` to [actors.{name}]");
                self.report.warning(span, format!("actor `{name}` has no names")).hint(hint);
                return;
            }
        };
        self.report.error(span, message).hint(hint);
    }

    pub(super) fn report_unknown<'n>(
        &mut self,
        lexeme: usize,
        what: &str,
        name: &str,
        known: impl Iterator<Item = &'n str>,
        otherwise: &str,
    ) {
        let hint = nearest(name, known).map_or_else(|| otherwise.to_owned(), |meant| format!("did you mean `{meant}`?"));
        self.report.error(self.span_of(lexeme), format!("there is no {what} `{name}`")).hint(hint);
    }

    pub(super) fn report_useless_rule(&mut self, lexeme: usize, name: &str) {
        let hint = "it asks for an event itself (write `#kind`), or has an error of its own";
        self.report.error(self.span_of(lexeme), format!("rule `{name}` has no expression to use")).hint(hint);
    }

    pub(super) fn report_regex(&mut self, lexeme: usize, why: &regex::Error) {
        let message = match why {
            regex::Error::CompiledTooBig(_) => "this regular expression is too large".to_owned(),
            other => {
                let text = other.to_string();
                let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
                format!("this is not a regular expression: {reason}")
            }
        };
        let hint = "backreferences and look-around are not understood, as they cannot be searched in linear time";
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
            (operator == "near" && is_distance(number)).then(|| format!("NEAR/{number}"))
        }
    }
}

/// Alternatives as a sentence has them, each once.
fn listed(items: &[&str]) -> String {
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

/// The texts that distance can be measured in.
fn texts() -> impl Iterator<Item = Scope> {
    Scope::PREFIXES.into_iter().map(|(_, scope)| scope).filter(|scope| matches!(scope, Scope::Field(_)))
}
