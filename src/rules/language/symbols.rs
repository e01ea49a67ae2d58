//! The smallest parts of an expression that mean something, and how tightly each joins what stands beside it.
//!
//! | our language | LexisNexis | Factiva |
//! | --- | --- | --- |
//! | `( )`, fields, `CASE` `EXACT` `ATLEAST` | `( )`, segments, `ATLEAST` | `( )` |
//! | `NEAR/n` `PRE/n` `SENTENCE` `PARAGRAPH` | `or` | `same` `adjN` `w/N` `nearN` |
//! | `NOT` | `w/n` `pre/n`, the smallest n first | `atleastN`, fields |
//! | `AND` | `w/s`, then `w/p` | `not` |
//! | `OR` | `and` | `and` |
//! | | `and not` | `or` |
//!
//! From tight to loose; what binds equally is read from left to right. The order of LexisNexis is that of its help on connector
//! order and priority, that of Factiva the one of its help on search statement operators.

use std::ops::Range;

use super::terms::Term;
use crate::config::Dialect;
use crate::rules::query::{Closeness, Scope};

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
    /// `AND NOT` as one operator.
    AndNot,
    /// `NEAR/n` and its like.
    Within(Closeness),
    /// `ATLEAST/n`
    AtLeast(usize),
    /// `CASE`: capitals count in what follows, after this change to them.
    Case(Capitals),
    /// `EXACT`
    Exact,
    /// A field prefix.
    Field(Scope),
    /// A word or a phrase.
    Words(Vec<Term>),
    /// The expression between two slashes.
    Regex(String),
    /// The name after an `@`.
    Actor(String),
    /// The kind after a `#`.
    Event(String),
    /// The name after `rule:`.
    Rule(String),
}

/// What is done to the capitals of words before they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capitals {
    /// Nothing.
    AsWritten,
    /// Every letter is a capital.
    All,
    /// No letter is.
    None,
}

/// A symbol and its bytes in the expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Lexeme {
    /// What it is.
    pub symbol: Symbol,
    /// Where it stands.
    pub span: Range<usize>,
}

/// How tightly an operator binds; looser than anything is 0.
pub type Tightness = u16;

/// What binds tighter than every operator.
pub const TIGHTEST: Tightness = 2_000;

/// How tightly operators between two operands bind; nothing for what is none.
pub fn tightness(symbol: &Symbol, dialect: Dialect) -> Option<Tightness> {
    Some(match (dialect, symbol) {
        (_, Symbol::Within(how)) => closeness(*how, dialect),
        (Dialect::Wirewatch, Symbol::And) => 20,
        (Dialect::Wirewatch, Symbol::Or) => 10,
        (Dialect::Nexis, Symbol::Or) => 1_000,
        (Dialect::Nexis, Symbol::And) => 20,
        (Dialect::Nexis, Symbol::AndNot) => 10,
        (Dialect::Factiva, Symbol::AndNot) => 30,
        (Dialect::Factiva, Symbol::And) => 20,
        (Dialect::Factiva, Symbol::Or) => 10,
        _ => return None,
    })
}

/// How tightly the operators of distance bind.
fn closeness(how: Closeness, dialect: Dialect) -> Tightness {
    match (dialect, how) {
        (Dialect::Nexis, Closeness::Near(within) | Closeness::Pre(within)) => 999 - Tightness::try_from(within).unwrap_or(300),
        (Dialect::Nexis, Closeness::Sentence) => 600,
        (Dialect::Nexis, Closeness::Paragraph) => 599,
        (Dialect::Wirewatch | Dialect::Factiva, _) => 500,
    }
}

/// How tight whatever follows NOT must be joined to be meant by it.
pub const NOT: Tightness = 100;

/// How tight whatever follows a field prefix or `ATLEAST` must be joined to be meant by it.
pub fn prefix(dialect: Dialect) -> Tightness {
    if dialect == Dialect::Factiva { 400 } else { TIGHTEST }
}
