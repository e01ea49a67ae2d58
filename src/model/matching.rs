//! What a rule found in an article, with the places that prove it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Severity;

/// One of the two separate texts of an article; proximity never spans them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// The headline.
    Title,
    /// Everything below it.
    Body,
}

/// The part a piece of evidence plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A person or institution was named.
    Actor,
    /// A word that announces an event.
    Trigger,
    /// A word that says whether it happened.
    Cue,
    /// A date expression.
    Date,
    /// A word or phrase of a keyword rule.
    Term,
}

/// A place in an article that a rule rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    /// Which of the two texts.
    pub field: Field,
    /// First byte, in the normalised text of the field.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The words themselves.
    pub text: String,
    /// What they stand for.
    pub role: Role,
}

/// A recognised real-world event. Its kinds are data; none is built in yet, so no value exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {}

/// One rule that an article satisfies.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The rule's name.
    pub rule: Arc<str>,
    /// How much the rule says it matters.
    pub severity: Severity,
    /// What it rests on, in order of place; never empty.
    pub evidence: Vec<Evidence>,
}
