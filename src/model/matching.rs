//! What a rule found in an article, with the places that prove it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Severity;

/// One of the separate texts of an article, or of what is known about it; proximity never spans them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// The headline.
    Title,
    /// Everything below it.
    Body,
    /// Who published it.
    Outlet,
    /// The feed that brought it.
    Feed,
    /// The tags of that feed.
    Tag,
    /// Its language.
    Lang,
    /// Who wrote it.
    Author,
    /// Where it can be read.
    Url,
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

/// How an event stands, by the article's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It has happened, and is news.
    Occurred,
    /// It is to happen.
    Planned,
    /// It may happen.
    Threatened,
    /// It has not happened, or will not.
    Denied,
    /// It happened too long ago to be news.
    Background,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 5] = [Self::Occurred, Self::Planned, Self::Threatened, Self::Denied, Self::Background];

    /// The word used in configuration and outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Occurred => "occurred",
            Self::Planned => "planned",
            Self::Threatened => "threatened",
            Self::Denied => "denied",
            Self::Background => "background",
        }
    }
}

/// How exactly the date of an event is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// The article names the day.
    Day,
    /// It tells it as news, which makes it the day of publication, or nearly.
    Published,
}

/// What an article says of one of an event's fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// One thing.
    One(String),
    /// Several.
    Many(Vec<String>),
    /// Nothing.
    Unknown(()),
}

/// A recognised real-world event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its kind in the configuration.
    pub kind: String,
    /// The day it happened, where known.
    pub date: Option<Date>,
    /// How exactly.
    pub date_precision: Precision,
    /// How it stands.
    pub status: Status,
    /// The fields of its kind: `actors`, or `imposer`, `target`, `action`, `object`, `rate`.
    #[serde(flatten)]
    pub fields: BTreeMap<String, Value>,
}

impl Event {
    /// The values of a field; none if it is unknown.
    pub fn values(&self, field: &str) -> &[String] {
        match self.fields.get(field) {
            Some(Value::One(value)) => std::slice::from_ref(value),
            Some(Value::Many(values)) => values,
            Some(Value::Unknown(())) | None => &[],
        }
    }
}

/// One rule that an article satisfies.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The rule's name.
    pub rule: Arc<str>,
    /// How much the rule says it matters.
    pub severity: Severity,
    /// What it rests on, in order of place; never empty.
    pub evidence: Vec<Evidence>,
    /// The event it reports, where the rule asks for one.
    pub event: Option<Event>,
    /// Whether it may open a story. A denial of what the rule asks for only joins one.
    pub opens: bool,
}
