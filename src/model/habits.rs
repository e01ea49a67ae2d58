//! What is remembered of a feed from poll to poll besides its schedule: what it says of itself, and what it does.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Episode;

/// Everything remembered of a feed's ways. Kept as one document, so that a further habit is no change of the state's form.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Habits {
    /// When it publishes; learnt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rhythm: Option<Rhythm>,
    /// When it asks to be asked.
    pub hints: Hints,
    /// Where it has moved for good, once that is beyond doubt; asked instead of the configured address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Where it seems to move.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moving: Option<Move>,
    /// A hash of the last body that was read, judged and recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<u64>,
    /// How often in a row that very body came again although the request was conditional.
    pub repeats: u32,
    /// When a document of it was last read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<Timestamp>,
    /// Entries that have come and gone unseen, until its documents overlap again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<Gap>,
    /// When the first of the failed polls in a row was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Timestamp>,
    /// What rules have told of its health and is not over.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub episodes: Vec<Episode>,
}

/// A time of which a feed's document said nothing any more when it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// When the feed had last been read before anything was missed.
    pub since: Timestamp,
    /// When it was read and nothing was known any more, at last.
    pub until: Timestamp,
}

/// A permanent redirect that has been seen, but not for long enough to be believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Where to.
    pub to: String,
    /// When it was first seen.
    pub since: Timestamp,
    /// Polls in agreement.
    pub polls: u32,
}

/// What a feed's own document says about when to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Hints {
    /// Minutes for which a copy stays good (RSS 2.0 `ttl`); 0 where not said.
    pub ttl_minutes: u32,
    /// Hours of the day, UTC, in which nobody need ask (RSS `skipHours`): bit 0 is midnight.
    pub skip_hours: u32,
    /// Days in which nobody need ask (RSS `skipDays`): bit 0 is Monday.
    pub skip_days: u8,
    /// Seconds between its updates (RSS 1.0 syndication module: `updatePeriod` by `updateFrequency`); 0 where not said.
    pub update_seconds: u64,
    /// A moment from which updates are counted (`updateBase`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_base: Option<Timestamp>,
}

/// When a feed publishes: counts of occasions, fading with time, so that old ways are forgotten. An occasion is one or more
/// articles within a minute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rhythm {
    /// Since when its articles are known.
    pub since: Timestamp,
    /// The moment the counts are told for.
    pub at: Timestamp,
    /// Occasions of their own accord by hour of the day, UTC.
    pub hours: [f32; 24],
    /// The same by day of the week, UTC; Monday first.
    pub days: [f32; 7],
    /// The same by minute of the hour, five at a time.
    pub minutes: [f32; 12],
    /// Occasions that followed from others: one piece of news draws more.
    pub echoes: f32,
    /// How lively it is: occasions of the last hour or so, fading fast.
    pub stir: f32,
}

impl Rhythm {
    /// Of a feed that has not published anything since.
    pub fn new(since: Timestamp) -> Self {
        Self { since, at: since, hours: [0.0; 24], days: [0.0; 7], minutes: [0.0; 12], echoes: 0.0, stir: 0.0 }
    }
}
