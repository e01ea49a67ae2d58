//! What one poll of a feed needs to know, and what it came to.

use std::time::Duration;

use jiff::Timestamp;

use super::{Alert, AlertKind, Article, Habits, Match, Place, Sighting, Sketch, Story};

/// What a server gave to ask again with, byte for byte as received (RFC 9110 §8.8).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    /// The `ETag` field.
    pub etag: Option<Vec<u8>>,
    /// The `Last-Modified` field.
    pub last_modified: Option<Vec<u8>>,
}

impl Validators {
    /// These, and where one is missing, the other's.
    pub fn or(self, other: &Self) -> Self {
        Self {
            etag: self.etag.or_else(|| other.etag.clone()),
            last_modified: self.last_modified.or_else(|| other.last_modified.clone()),
        }
    }

    /// Whether there is nothing to ask with.
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// What is remembered of a feed between polls.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeedState {
    /// What to ask with.
    pub validators: Validators,
    /// The pause that led to this poll.
    pub interval: Option<Duration>,
    /// Failed polls in a row.
    pub failures: u32,
    /// Whether it has ever answered with a feed: the first answer rings only for what is fresh.
    pub answered: bool,
    /// When it last answered, be it that nothing has changed.
    pub last_success: Option<Timestamp>,
    /// Its ways.
    pub habits: Habits,
}

/// How a feed stands, for people.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedReport {
    /// Its name in the configuration.
    pub name: String,
    /// Its address in the configuration.
    pub url: String,
    /// Whether its server has said that it is gone for good.
    pub retired: bool,
    /// What is remembered of it.
    pub state: FeedState,
    /// When it was last asked.
    pub last_checked: Option<Timestamp>,
    /// Why it could not be read, if that is how the last poll ended.
    pub last_error: Option<String>,
    /// When it is asked next.
    pub next_due: Timestamp,
    /// Articles of it ever seen.
    pub articles_seen: u64,
}

/// A feed whose time has come, claimed for this process.
#[derive(Debug, Clone, PartialEq)]
pub struct DueFeed {
    /// Its name in the configuration.
    pub name: String,
    /// What is remembered of it.
    pub state: FeedState,
    /// Whether any article of it may be remembered.
    pub has_articles: bool,
}

/// How a poll ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Nothing new by the server's word (304). What to ask with next time.
    Unchanged(Validators),
    /// A feed came, with what to ask with next time.
    Answered(Validators),
    /// No feed came, for the reason given in words.
    Failed(String),
    /// The server says that the feed is gone for good (410): it is asked no more.
    Retired,
}

/// An article that satisfies at least one rule, ready to be placed in a story.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The article.
    pub article: Article,
    /// Its headline as plain text.
    pub title: String,
    /// Its link without what differs between copies.
    pub link: Option<String>,
    /// A summary of its words.
    pub sketch: Sketch,
    /// The rules it satisfies.
    pub matches: Vec<Match>,
}

/// What one poll of a feed brought, to be recorded as a whole or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// The feed's name.
    pub feed: String,
    /// When it was asked.
    pub at: Timestamp,
    /// How that ended.
    pub outcome: Outcome,
    /// Whether it was not asked at all, but sent by a hub: which tells nothing of how the feed answers.
    pub is_push: bool,
    /// When to ask again.
    pub next_due: Timestamp,
    /// The earliest moment that the server and the feed itself wish for, which even `run --once` respects.
    pub not_before: Timestamp,
    /// A host that wants to be left alone as a whole.
    pub busy: Option<BusyHost>,
    /// The feed's ways from now on; `None` where they are as they were.
    pub habits: Option<Habits>,
    /// The pause until then, jitter left out.
    pub interval: Duration,
    /// Every article in it, if a document came that was not known.
    pub seen: Vec<Sighting>,
    /// What has stood in no document since then may be forgotten.
    pub forget: Option<Timestamp>,
    /// Those articles that are new or edited, and may ring.
    pub candidates: Vec<Candidate>,
    /// What is to be told of the feed itself.
    pub health: Vec<Verdict>,
}

/// A host that wants to be left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusyHost {
    /// Its name or address.
    pub host: String,
    /// Until when.
    pub until: Timestamp,
}

/// What is to be done about one rule that an article satisfies, or a feed by its health.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The story it belongs to.
    pub place: Place,
    /// What to say of it.
    pub alert: Alert,
    /// The receivers to tell, each once; empty where nobody is to be told.
    pub receivers: Vec<String>,
}

/// Everything to be done about one article.
pub type Decision = Vec<Verdict>;

/// The pure judgement that the state asks for while it holds the lock around "join or open this story".
pub trait Judge: Send + Sync {
    /// How long before an article a story may have opened for the article still to join it.
    fn story_window(&self) -> Duration;

    /// Places the article among the recent stories of its rules, and says whom to tell.
    fn decide(&self, candidate: &Candidate, recent: &[Story]) -> Decision;
}

/// What recording a visit came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recorded {
    /// Articles not seen before.
    pub articles: usize,
    /// Stories opened.
    pub alerts: usize,
    /// Articles that joined a story.
    pub updates: usize,
    /// Deliveries put into the outbox.
    pub deliveries: usize,
    /// The stories opened and joined, by their rules.
    pub told: Vec<(String, AlertKind)>,
}

impl std::ops::AddAssign for Recorded {
    fn add_assign(&mut self, other: Self) {
        self.articles += other.articles;
        self.alerts += other.alerts;
        self.updates += other.updates;
        self.deliveries += other.deliveries;
        self.told.extend(other.told);
    }
}
