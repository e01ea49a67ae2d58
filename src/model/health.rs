//! What may be wrong with a feed, and what was told of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::StoryId;

/// What may be wrong with a feed, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ailment {
    /// Its server says that it is gone for good (410); it is asked no more.
    Retired,
    /// It cannot be read, time and again.
    Failing,
    /// It can be read, and has had nothing new for longer than is its way.
    Stale,
    /// It publishes faster than it is asked: entries have come and gone unseen.
    Gap,
}

impl Ailment {
    /// Every ailment.
    pub const ALL: [Self; 4] = [Self::Retired, Self::Failing, Self::Stale, Self::Gap];

    /// The word used in configuration and outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retired => "retired",
            Self::Failing => "failing",
            Self::Stale => "stale",
            Self::Gap => "gap",
        }
    }
}

/// Whether anything at all can be heard of the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outage {
    /// Some feed has answered.
    None,
    /// No feed has, and these rules have told so, each by a feed that fails since then.
    Told(Vec<String>),
}

impl Outage {
    /// Whether no feed has answered and this rule has told so.
    pub fn is_told_by(&self, rule: &str) -> bool {
        matches!(self, Self::Told(rules) if rules.iter().any(|told| told == rule))
    }
}

/// A spell of ill health that a rule has told of and that is not over: one story, however it goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// The rule.
    pub rule: String,
    /// The story of this episode.
    pub story: StoryId,
    /// What was told last.
    pub ailment: Ailment,
    /// Since when the feed has been unwell.
    pub since: Timestamp,
}

/// What an alert says of a feed, where it is about a feed and not about an article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// The feed's name in the configuration.
    pub feed: String,
    /// What is wrong with it; nothing any more in an update that says so.
    pub condition: Option<Ailment>,
    /// Since when it has been unwell.
    pub since: Timestamp,
    /// Failed polls in a row.
    pub failures: u32,
    /// Why it could not be read at the last poll.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<String>,
    /// When it last answered.
    pub last_success: Option<Timestamp>,
    /// How often it usually publishes in a day, where that is known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub per_day: Option<f64>,
}
