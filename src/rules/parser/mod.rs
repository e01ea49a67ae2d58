//! Symbols to a [`Query`], and every reason why not.
//!
//! What binds tighter is called later: [`Parser::any`] (OR), [`Parser::all`] (AND), [`Parser::negation`] (NOT),
//! [`Parser::near`] (NEAR), [`Parser::operand`] (field prefixes, and what stands alone). That order is the precedence, and it
//! is written nowhere else.

mod faults;

use std::ops::Range;

use faults::listed;

use super::actors::Actors;
use super::lexer::{Lexeme, Symbol, lex};
use super::query::{Query, prefix};
use super::report::Report;
use crate::config::{Diagnostics, Located};
use crate::model::Field;

/// The deepest nesting of parentheses, NOTs and field prefixes.
const MAX_NESTING: usize = 64;

/// The longest expression, in bytes.
const MAX_EXPRESSION: usize = 64 << 10;

/// What an operand may begin with, NOT apart.
const OPERAND: [&str; 6] = ["a word", "a \"phrase\"", "`@name`", "`title:`", "`body:`", "`(`"];

/// Compiles an expression, or adds at least one error.
pub fn parse(expression: &Located<String>, actors: &Actors, diagnostics: &mut Diagnostics) -> Option<Query> {
    let mut report = Report::on(expression, diagnostics);
    let text = expression.value.as_str();
    if text.len() > MAX_EXPRESSION {
        report
            .error(0..text.len(), "the expression is too long")
            .hint(format!("split the rule; {MAX_EXPRESSION} bytes are the limit"));
        return None;
    }
    let lexemes = lex(text, &mut report);
    if lexemes.is_empty() && report.is_clean() {
        report.error(0..text.len(), "the expression is empty").hint("write what to look for, such as `tariff* AND steel`");
    }
    let mut parser = Parser { text, lexemes: &lexemes, at: 0, depth: 0, expected: Vec::new(), actors, report };
    let query = parser.whole();
    parser.report.is_clean().then_some(query)
}

/// A part of the expression.
struct Part {
    query: Query,
    span: Range<usize>,
    /// Whether ANDs join it without parentheses around them.
    is_bare_and: bool,
}

struct Parser<'a> {
    text: &'a str,
    lexemes: &'a [Lexeme],
    at: usize,
    depth: usize,
    /// What would have been accepted at this place.
    expected: Vec<&'static str>,
    actors: &'a Actors,
    report: Report<'a>,
}

impl<'a> Parser<'a> {
    fn whole(&mut self) -> Query {
        if self.lexemes.is_empty() {
            return Query::nothing();
        }
        let whole = self.any();
        if let Some(lexeme) = self.lexemes.get(self.at) {
            self.report.error(lexeme.span.clone(), "this parenthesis closes nothing").hint("remove it, or open one before");
        }
        if !whole.query.needs_something() {
            let message = "this can match an article for what it does not say alone";
            self.report
                .error(whole.span, message)
                .hint("join every NOT by AND to something that must be there: `tariff* AND NOT quiz`");
        }
        whole.query
    }

    fn any(&mut self) -> Part {
        let start = self.at;
        let first = self.all();
        if self.peek() != Some(&Symbol::Or) {
            self.expected.push("OR");
            return first;
        }
        let mut is_mixed = first.is_bare_and;
        let mut branches = vec![first.query];
        while self.takes(&Symbol::Or, "OR") {
            let branch = self.all();
            is_mixed |= branch.is_bare_and;
            branches.push(branch.query);
        }
        let part = self.part(start, Query::Or(branches));
        if is_mixed && self.report.is_clean() {
            self.warn_of_mixture(&part);
        }
        part
    }

    fn all(&mut self) -> Part {
        let start = self.at;
        let first = self.side_by_side();
        let mut operands = vec![first];
        while self.takes(&Symbol::And, "AND") {
            operands.push(self.side_by_side());
        }
        if operands.len() == 1
            && let Some(only) = operands.pop()
        {
            return only;
        }
        let query = Query::And(operands.into_iter().map(|operand| operand.query).collect());
        Part { is_bare_and: true, ..self.part(start, query) }
    }

    /// One operand; further ones right after it lack an operator, and are read for their own errors only.
    fn side_by_side(&mut self) -> Part {
        let first = self.negation();
        let gap = self.at;
        while self.begins_operand() {
            self.negation();
        }
        if self.at > gap {
            self.report_missing_operator(gap);
        }
        first
    }

    fn negation(&mut self) -> Part {
        let start = self.at;
        if !self.takes(&Symbol::Not, "NOT") {
            return self.near();
        }
        let operand = self.deeper(Self::negation);
        self.part(start, Query::Not(Box::new(operand.query)))
    }

    fn near(&mut self) -> Part {
        let start = self.at;
        let first = self.operand();
        let mut then = Vec::new();
        while let Some(within) = self.takes_near() {
            if then.is_empty() {
                self.check_places(&first);
            }
            let is_negated = self.peek() == Some(&Symbol::Not);
            let operand = if is_negated { self.negation() } else { self.operand() };
            self.check_places(&operand);
            then.push((within, operand.query));
        }
        if then.is_empty() {
            return first;
        }
        let part = self.part(start, Query::Near { first: Box::new(first.query), then });
        if ![Field::Title, Field::Body].into_iter().any(|field| part.query.can_hold_in(field)) {
            let message = "NEAR can never hold between the title and the body: they are separate texts";
            self.report.error(part.span.clone(), message).hint("use AND, or look for both in one field");
        }
        part
    }

    fn operand(&mut self) -> Part {
        let start = self.at;
        match self.peek() {
            Some(Symbol::Words(words)) => {
                let query = Query::Words(words.clone());
                self.advance();
                self.part(start, query)
            }
            Some(Symbol::Reference(name)) => self.mention(name),
            Some(Symbol::Field(field)) => self.only(*field),
            Some(Symbol::Open) => self.group(),
            _ => {
                self.report_unexpected();
                self.part(start, Query::nothing())
            }
        }
    }

    fn mention(&mut self, name: &str) -> Part {
        let start = self.at;
        self.advance();
        let query = match self.actors.resolve(name) {
            Ok(target) => Query::Mention { name: name.to_owned(), target },
            Err(unresolved) => {
                // A bare `@` has been reported already.
                if !name.is_empty() {
                    self.report_unresolved(start, name, &unresolved);
                }
                Query::nothing()
            }
        };
        self.part(start, query)
    }

    fn only(&mut self, field: Field) -> Part {
        let start = self.at;
        self.advance();
        let operand = self.deeper(Self::operand);
        let can_hold = operand.query.can_hold_in(field);
        let part = self.part(start, Query::Only(field, Box::new(operand.query)));
        if !can_hold {
            let message = format!("what follows `{}` can never hold there: it asks for the other field", prefix(field));
            self.report.error(part.span.clone(), message).hint("remove one of the two field prefixes");
        }
        part
    }

    fn group(&mut self) -> Part {
        let start = self.at;
        self.advance();
        if self.peek() == Some(&Symbol::Close) {
            self.advance();
            let part = self.part(start, Query::nothing());
            let hint = format!("write {} between them, or remove them", listed(&OPERAND));
            self.report.error(part.span.clone(), "there is nothing between these parentheses").hint(hint);
            return part;
        }
        let inside = self.deeper(Self::any);
        if !self.takes(&Symbol::Close, "`)`") && !self.has_given_up() {
            let opening = self.span_of(start);
            let accepted = listed(&self.expected);
            self.report.error(opening, "this parenthesis is never closed").hint(format!("at the end there could be {accepted}"));
        }
        self.part(start, inside.query)
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Part) -> Part {
        if self.depth == MAX_NESTING {
            let here = self.span_of(self.at.min(self.lexemes.len().saturating_sub(1)));
            self.report.error(here, "the expression is nested too deeply").hint(format!("{MAX_NESTING} levels are the limit"));
            self.at = self.lexemes.len();
            self.depth += 1;
        }
        if self.has_given_up() {
            return self.part(self.at, Query::nothing());
        }
        self.depth += 1;
        let part = read(self);
        if !self.has_given_up() {
            self.depth -= 1;
        }
        part
    }

    /// Whether the nesting was too deep, so that what is missing at the end is no error of its own.
    fn has_given_up(&self) -> bool {
        self.depth > MAX_NESTING
    }

    fn peek(&self) -> Option<&'a Symbol> {
        self.lexemes.get(self.at).map(|lexeme| &lexeme.symbol)
    }

    fn advance(&mut self) {
        self.at += 1;
        self.expected.clear();
    }

    fn takes(&mut self, symbol: &Symbol, label: &'static str) -> bool {
        let found = self.peek() == Some(symbol);
        if found {
            self.advance();
        } else {
            self.expected.push(label);
        }
        found
    }

    fn takes_near(&mut self) -> Option<usize> {
        let Some(Symbol::Near(within)) = self.peek() else {
            self.expected.push("NEAR/n");
            return None;
        };
        self.advance();
        Some(*within)
    }

    fn begins_operand(&self) -> bool {
        matches!(self.peek(), Some(Symbol::Words(_) | Symbol::Reference(_) | Symbol::Field(_) | Symbol::Open | Symbol::Not))
    }

    /// A part that began at lexeme `start` and ends before the current one.
    fn part(&self, start: usize, query: Query) -> Part {
        let begin = self.span_of(start).start;
        let end = self.at.checked_sub(1).map_or(begin, |last| self.span_of(last).end);
        Part { query, span: begin..end.max(begin), is_bare_and: false }
    }

    /// The bytes of a lexeme; past the last one, the end of the text.
    fn span_of(&self, lexeme: usize) -> Range<usize> {
        self.lexemes.get(lexeme).map_or(self.text.len()..self.text.len(), |lexeme| lexeme.span.clone())
    }

    fn text_of(&self, lexeme: usize) -> &'a str {
        self.text.get(self.span_of(lexeme)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
