//! What an expression means.

use std::fmt;

use super::actors::Target;
use super::pattern::Pattern;
use crate::model::Field;

/// A compiled expression. Its `Display` is the canonical form: every reading shown by parentheses, and itself an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// Words in a row; mostly one.
    Words(Vec<Pattern>),
    /// An actor, or anybody of a group.
    Mention {
        /// Its name in the configuration.
        name: String,
        /// Who that is.
        target: Target,
    },
    /// Places near each other, read from left to right: each further operand is near a place of what stands before it.
    Near {
        /// The first operand.
        first: Box<Query>,
        /// The others, each with the largest difference of word positions.
        then: Vec<(usize, Query)>,
    },
    /// What must not be found.
    Not(Box<Query>),
    /// All of these.
    And(Vec<Query>),
    /// One of these at least.
    Or(Vec<Query>),
    /// Only in one of the two texts.
    Only(Field, Box<Query>),
}

impl Query {
    /// What stands in for an operand with an error.
    pub fn nothing() -> Self {
        Self::Or(Vec::new())
    }

    /// Whether a match always rests on something that was found, never on absence alone.
    pub fn needs_something(&self) -> bool {
        match self {
            Self::Words(_) | Self::Mention { .. } | Self::Near { .. } => true,
            Self::Not(_) => false,
            Self::And(operands) => operands.iter().any(Self::needs_something),
            Self::Or(operands) => operands.iter().all(Self::needs_something),
            Self::Only(_, operand) => operand.needs_something(),
        }
    }

    /// The operator, if there is one, that leaves no places to measure a distance from.
    pub fn placeless_operator(&self) -> Option<&'static str> {
        match self {
            Self::Words(_) | Self::Mention { .. } | Self::Near { .. } => None,
            Self::Not(_) => Some("NOT"),
            Self::And(_) => Some("AND"),
            Self::Or(operands) => operands.iter().find_map(Self::placeless_operator),
            Self::Only(_, operand) => operand.placeless_operator(),
        }
    }

    /// Whether it can hold inside one of the two texts, given its own field prefixes.
    pub fn can_hold_in(&self, field: Field) -> bool {
        match self {
            Self::Words(_) | Self::Mention { .. } | Self::Not(_) => true,
            Self::Near { first, then } => first.can_hold_in(field) && then.iter().all(|(_, operand)| operand.can_hold_in(field)),
            Self::And(operands) => operands.iter().all(|operand| operand.can_hold_in(field)),
            Self::Or(operands) => operands.is_empty() || operands.iter().any(|operand| operand.can_hold_in(field)),
            Self::Only(only, operand) => *only == field && operand.can_hold_in(field),
        }
    }

    fn write_operand(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Near { .. } | Self::And(_) | Self::Or(_) => write!(f, "({self})"),
            _ => write!(f, "{self}"),
        }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(words) => write_words(words, f),
            Self::Mention { name, .. } => write!(f, "@{name}"),
            Self::Near { first, then } => {
                first.write_operand(f)?;
                then.iter().try_for_each(|(within, operand)| {
                    write!(f, " NEAR/{within} ")?;
                    operand.write_operand(f)
                })
            }
            Self::Not(operand) => {
                f.write_str("NOT ")?;
                operand.write_operand(f)
            }
            Self::And(operands) => write_joined(operands, " AND ", f),
            Self::Or(operands) => write_joined(operands, " OR ", f),
            Self::Only(field, operand) => {
                f.write_str(prefix(*field))?;
                match **operand {
                    Self::Not(_) => write!(f, "({operand})"),
                    _ => operand.write_operand(f),
                }
            }
        }
    }
}

/// How a field is written before an operand.
pub fn prefix(field: Field) -> &'static str {
    match field {
        Field::Title => "title:",
        Field::Body => "body:",
    }
}

fn write_joined(operands: &[Query], operator: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (position, operand) in operands.iter().enumerate() {
        if position > 0 {
            f.write_str(operator)?;
        }
        operand.write_operand(f)?;
    }
    Ok(())
}

/// One ordinary word stands as it is; everything else in quotes.
fn write_words(words: &[Pattern], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let is_ordinary = |word: &Pattern| word.as_str().chars().all(|letter| letter.is_alphanumeric() || "*?".contains(letter));
    match words {
        [word] if is_ordinary(word) => write!(f, "{word}"),
        _ => write!(f, "\"{}\"", words.iter().map(Pattern::as_str).collect::<Vec<_>>().join(" ")),
    }
}
