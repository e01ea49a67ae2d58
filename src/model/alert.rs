//! What is worth telling, in the one form that is stored, replayed and sent.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Event, Evidence, Health, News, StoryId};

/// How much a rule says its events matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Low,
    /// The default.
    #[default]
    Medium,
    /// Act today.
    High,
    /// Act now.
    Critical,
}

impl Severity {
    /// Every severity, mildest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word used in configuration and outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which later articles on a story a rule tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Updates {
    /// Those with something materially new.
    #[default]
    Material,
    /// Every further report.
    All,
    /// None: one alert, then silence.
    None,
}

impl Updates {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Material, Self::All, Self::None];

    /// The word used in configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Material => "material",
            Self::All => "all",
            Self::None => "none",
        }
    }
}

/// Whether a story is new for its rule or has grown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AlertKind {
    /// The story is new.
    Alert,
    /// A further article on a known story.
    Update,
}

/// The article that an alert reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The article's identity.
    pub article: String,
    /// Who published it.
    pub outlet: String,
    /// Its headline, as plain text.
    pub title: String,
    /// Where it can be read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<String>,
    /// When its publisher says it appeared.
    pub published: Option<Timestamp>,
}

/// An alert or update. Unlike the other values it is a document: its serialised form is what the state keeps, `replay`
/// prints and webhooks carry, so that the three can never disagree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// New story or known one.
    #[serde(rename = "type")]
    pub kind: AlertKind,
    /// Stable at every retry and every replay.
    pub id: String,
    /// The rule that matched.
    pub rule: String,
    /// The story it tells of.
    pub story: StoryId,
    /// The rule's severity.
    pub severity: Severity,
    /// The article that rang, with its `article`, `outlet`, `title`, `url` and `published`.
    #[serde(flatten)]
    pub report: Report,
    /// What is materially new in it, for an update.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub changes: Vec<News>,
    /// What happened, where an event was recognised.
    pub event: Option<Event>,
    /// The places in the article that the match rests on.
    pub why: Vec<Evidence>,
    /// How a feed stands, in an alert that is about a feed. There is no article then: `article` names feed, condition and moment,
    /// `title` says it in words, `url` is the feed's address, and `event` and `why` are empty.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub health: Option<Health>,
}
