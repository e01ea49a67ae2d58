//! Articles on one happening.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Change, Event, Known};

/// Names a story for good. The same first article under the same rule always gives the same id, so that a receiver can
/// recognise an alert it was already sent, even by a daemon that lost its state.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoryId(pub String);

impl fmt::Display for StoryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A short summary of a text, by which near copies of it are known: the smallest hashes of its word triples, ascending.
///
/// Source: A. Broder, "On the resemblance and containment of documents", 1997 (bottom-k sketches).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sketch(pub Vec<u64>);

/// A story as far as later articles need to know it.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// Its name.
    pub id: StoryId,
    /// The rule whose story it is.
    pub rule: String,
    /// The headline of its first article.
    pub title: String,
    /// When its first article appeared.
    pub opened: Timestamp,
    /// The canonical links of its articles.
    pub links: Vec<String>,
    /// Whether the article at hand, as it was worded before, is one of its articles.
    pub holds: bool,
    /// The sketch of its first article; later ones do not move it, or stories would drift.
    pub sketch: Sketch,
    /// The event it is about as its first article tells it, where its rule asks for one.
    pub event: Option<Event>,
    /// What all its articles together have told of the event.
    pub known: Known,
}

/// Where an article belongs.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// It is the first of a new story.
    Opens(Story),
    /// It tells a known story again.
    Joins {
        /// Which story.
        story: StoryId,
        /// Why that one.
        because: Joined,
        /// What is materially new in it.
        changes: Vec<Change>,
        /// What the story knows from now on.
        known: Known,
    },
}

/// Why an article joined a story.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Joined {
    /// It is the article that opened the story.
    SameArticle,
    /// It reports the event the story is about.
    SameEvent,
    /// It tells of the same spell of a feed's ill health.
    SameEpisode,
    /// It has the canonical link of an article of the story.
    SameLink,
    /// Its text is nearly the story's first text.
    NearCopy {
        /// The estimated share of word triples in common, 0 to 1.
        resemblance: f64,
    },
}

impl fmt::Display for Joined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameArticle => f.write_str("the same article"),
            Self::SameEvent => f.write_str("the same event"),
            Self::SameEpisode => f.write_str("the same episode"),
            Self::SameLink => f.write_str("the same link"),
            Self::NearCopy { resemblance } => write!(f, "{:.0} % the same text", resemblance * 100.0),
        }
    }
}
