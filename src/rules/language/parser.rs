//! Symbols to a [`Query`]: what binds tighter is joined first.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::lexer::lex;
use super::operands::Words;
use super::report::Report;
use super::symbols::{Lexeme, NOT, Symbol, TIGHTEST, Tightness, tightness};
use crate::config::{Diagnostics, Dialect, Expression};
use crate::rules::actors::Actors;
use crate::rules::query::{Closeness, Link, Query};
use crate::text::vocabulary::{Stemming, Vocabulary};

/// The deepest nesting of parentheses, NOTs and prefixes.
pub(super) const MAX_NESTING: usize = 64;

/// The longest expression, in bytes.
const MAX_EXPRESSION: usize = 64 << 10;

/// What names in an expression stand for.
pub struct Known<'a> {
    /// Who can be named.
    pub actors: &'a Actors,
    /// The kinds of event.
    pub kinds: &'a [&'a str],
    /// Every rule, with its query where it has one.
    pub rules: &'a BTreeMap<&'a str, Option<Arc<Query>>>,
}

/// Compiles an expression, or adds at least one error.
pub fn parse(
    expression: &Expression,
    stemming: Option<Stemming>,
    known: &Known<'_>,
    vocabulary: &mut Vocabulary,
    diagnostics: &mut Diagnostics,
) -> Option<Query> {
    let mut report = Report::on(&expression.text, diagnostics);
    let text = expression.text.value.as_str();
    if text.len() > MAX_EXPRESSION {
        report
            .error(0..text.len(), "the expression is too long")
            .hint(format!("split the rule; {MAX_EXPRESSION} bytes are the limit"));
        return None;
    }
    let lexemes = lex(text, expression.dialect, &mut report);
    if lexemes.is_empty() && report.is_clean() {
        report.error(0..text.len(), "the expression is empty").hint("write what to look for, such as `tariff* AND steel`");
    }
    let dialect = expression.dialect;
    let words = Words::new(vocabulary, stemming);
    let mut parser = Parser { text, dialect, lexemes: &lexemes, at: 0, depth: 0, expected: Vec::new(), known, words, report };
    let query = parser.whole();
    parser.report.is_clean().then_some(query)
}

/// The rules that an expression asks for.
pub fn references(expression: &Expression) -> Vec<String> {
    if !expression.text.value.contains("rule:") {
        return Vec::new();
    }
    let mut unheard = Diagnostics::default();
    let mut report = Report::on(&expression.text, &mut unheard);
    let lexemes = lex(&expression.text.value, expression.dialect, &mut report).into_iter();
    lexemes.filter_map(|lexeme| if let Symbol::Rule(name) = lexeme.symbol { Some(name) } else { None }).collect()
}

/// A part of the expression.
pub(super) struct Part {
    pub(super) query: Query,
    pub(super) span: Range<usize>,
    /// What it is joined of without parentheses around it.
    pub(super) joint: Option<Joint>,
    /// What in it is joined in different ways without parentheses.
    pub(super) mixture: Option<&'static str>,
}

/// How a part without parentheses around it is joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    Words,
    Within,
    And,
    Or,
}

pub(super) struct Parser<'a> {
    text: &'a str,
    pub(super) dialect: Dialect,
    pub(super) lexemes: &'a [Lexeme],
    pub(super) at: usize,
    depth: usize,
    /// What would have been accepted at this place.
    pub(super) expected: Vec<&'static str>,
    pub(super) known: &'a Known<'a>,
    pub(super) words: Words<'a>,
    pub(super) report: Report<'a>,
}

impl<'a> Parser<'a> {
    fn whole(&mut self) -> Query {
        if self.lexemes.is_empty() {
            return Query::nothing();
        }
        let whole = self.joined(0);
        if let Some(lexeme) = self.lexemes.get(self.at) {
            self.report.error(lexeme.span.clone(), "this parenthesis closes nothing").hint("remove it, or open one before");
        }
        self.warn_of_mixture(&whole);
        self.check_needs_something(&whole);
        whole.query
    }

    /// An operand and all that is joined to it at least this tightly.
    pub(super) fn joined(&mut self, floor: Tightness) -> Part {
        let start = self.at;
        let mut left = self.operand();
        while let Some((operator, negated, tight)) = self.operator(start).filter(|(_, _, tight)| *tight >= floor) {
            left = self.join(start, left, &operator, negated, tight);
        }
        left
    }

    /// The operator that comes next, whether it is negated, and how tightly it binds.
    fn operator(&mut self, start: usize) -> Option<(Symbol, bool, Tightness)> {
        self.expected.extend(["NEAR/n", "AND", "OR"]);
        let negated = matches!((self.peek(), self.peek_after()), (Some(Symbol::Not), Some(Symbol::Within(_))));
        let symbol = if negated { self.peek_after() } else { self.peek() }?;
        if let Some(tight) = tightness(symbol, self.dialect) {
            return Some((symbol.clone(), negated, tight));
        }
        if self.begins_operand() && self.at > start {
            return self.missing_operator();
        }
        None
    }

    /// What stands side by side is a phrase in the other languages; in ours an operator is missing.
    fn missing_operator(&mut self) -> Option<(Symbol, bool, Tightness)> {
        if self.dialect != Dialect::Wirewatch && self.peek() != Some(&Symbol::Not) {
            return Some((Symbol::Within(Closeness::Pre(1)), false, TIGHTEST - 1));
        }
        if self.has_given_up() {
            return None;
        }
        self.report_missing_operator(self.at);
        while self.begins_operand() {
            self.joined(NOT);
        }
        self.operator(usize::MAX)
    }

    fn join(&mut self, start: usize, left: Part, operator: &Symbol, negated: bool, tight: Tightness) -> Part {
        let is_implied = tight == TIGHTEST - 1;
        if !is_implied {
            self.at += usize::from(negated);
            self.advance();
        }
        // NOT binds looser than distance: one right after such an operator is read for its error alone
        let right = if self.peek() == Some(&Symbol::Not) { self.operand() } else { self.joined(tight + 1) };
        match operator {
            Symbol::Within(how) => self.within(start, left, *how, negated, right, is_implied),
            Symbol::Or => self.both(start, left, right, Joint::Or),
            Symbol::AndNot => {
                let right = Part { query: Query::Not(Box::new(right.query)), ..right };
                self.both(start, left, right, Joint::And)
            }
            _ => self.both(start, left, right, Joint::And),
        }
    }

    /// Joins two parts by AND or OR; a third one goes beside them.
    fn both(&mut self, start: usize, left: Part, right: Part, joint: Joint) -> Part {
        let (other, make): (Joint, fn(Vec<Query>) -> Query) =
            if joint == Joint::And { (Joint::Or, Query::And) } else { (Joint::And, Query::Or) };
        let mixture = mixture(&left, &right, other);
        let operands = match left {
            Part { query: Query::And(mut operands) | Query::Or(mut operands), joint: known, .. } if known == Some(joint) => {
                operands.push(right.query);
                operands
            }
            left => vec![left.query, right.query],
        };
        Part { joint: Some(joint), mixture, ..self.part(start, make(operands)) }
    }

    fn within(&mut self, start: usize, left: Part, how: Closeness, negated: bool, right: Part, is_implied: bool) -> Part {
        if is_implied && let (Query::Words(words), Query::Words(more)) = (&left.query, &right.query) {
            let row = words.iter().chain(more).cloned().collect();
            return Part { joint: Some(Joint::Words), ..self.part(start, Query::Words(row)) };
        }
        self.check_places(&left);
        self.check_places(&right);
        let mut mixture = left.mixture.or(right.mixture);
        let (mut first, mut then) = (left.query, Vec::new());
        if left.joint == Some(Joint::Within)
            && let Query::Close { first: inner, then: links } = first
        {
            if links.iter().all(|link| std::mem::discriminant(&link.how) == std::mem::discriminant(&how)) {
                (first, then) = (*inner, links);
            } else {
                self.check_chain(&inner);
                first = Query::Close { first: inner, then: links };
                mixture = mixture.or(Some("different operators of distance"));
            }
        }
        then.push(Link { how, negated, operand: right.query });
        let query = Query::Close { first: Box::new(first), then };
        let part = Part { joint: Some(Joint::Within), mixture, ..self.part(start, query) };
        self.check_one_text(&part);
        part
    }

    pub(super) fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Part) -> Part {
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
    pub(super) fn has_given_up(&self) -> bool {
        self.depth > MAX_NESTING
    }

    pub(super) fn peek(&self) -> Option<&'a Symbol> {
        self.lexemes.get(self.at).map(|lexeme| &lexeme.symbol)
    }

    pub(super) fn peek_after(&self) -> Option<&'a Symbol> {
        self.lexemes.get(self.at + 1).map(|lexeme| &lexeme.symbol)
    }

    pub(super) fn advance(&mut self) {
        self.at += 1;
        self.expected.clear();
    }

    fn begins_operand(&self) -> bool {
        !matches!(self.peek(), None | Some(Symbol::Close | Symbol::And | Symbol::Or | Symbol::AndNot | Symbol::Within(_)))
    }

    /// A part that began at lexeme `start` and ends before the current one.
    pub(super) fn part(&self, start: usize, query: Query) -> Part {
        let begin = self.span_of(start).start;
        let end = self.at.checked_sub(1).map_or(begin, |last| self.span_of(last).end);
        Part { query, span: begin..end.max(begin), joint: None, mixture: None }
    }

    /// The bytes of a lexeme; past the last one, the end of the text.
    pub(super) fn span_of(&self, lexeme: usize) -> Range<usize> {
        self.lexemes.get(lexeme).map_or(self.text.len()..self.text.len(), |lexeme| lexeme.span.clone())
    }

    pub(super) fn text_of(&self, lexeme: usize) -> &'a str {
        self.text.get(self.span_of(lexeme)).unwrap_or_default()
    }

    /// A query as the expression that it is read as.
    pub(super) fn canonical(&self, query: &Query) -> String {
        crate::rules::canonical::canonical(query, self.words.vocabulary)
    }
}

/// What is mixed in two parts that are joined, of which neither should be joined in the other way without parentheses.
fn mixture(left: &Part, right: &Part, other: Joint) -> Option<&'static str> {
    let is_other = [left, right].into_iter().any(|part| part.joint == Some(other));
    left.mixture.or(right.mixture).or_else(|| is_other.then_some("AND and OR"))
}
