//! What a feed yields.

use jiff::{SignedDuration, Timestamp};

/// How far ahead of the moment it is first seen an article may be dated and still be believed to be of today: clocks and zones go
/// wrong by up to a day. Beyond that the date is of something else, such as the event it announces.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// What makes an article the same article at the next poll, whatever else of it changes.
///
/// The text is opaque to everyone but the feed reader that made it, and unique within one feed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArticleKey(pub String);

/// One item of a feed, as published: nothing normalised, nothing invented.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// Its identity within its feed.
    pub key: ArticleKey,
    /// The name of the feed that brought it; `None` where an article comes from a file.
    pub feed: Option<String>,
    /// Who published it, as shown to people.
    pub outlet: String,
    /// Where it can be read.
    pub url: Option<String>,
    /// The headline, plain or HTML.
    pub title: String,
    /// Everything the feed gives of its text, plain or HTML.
    pub text: String,
    /// Who wrote it, where said.
    pub author: Option<String>,
    /// The language it declares (BCP 47), where said.
    pub language: Option<String>,
    /// When its publisher says it appeared. Never guessed.
    pub published: Option<Timestamp>,
    /// When wirewatch first saw it.
    pub first_seen: Timestamp,
}

impl Article {
    /// The moment to judge it by: when it was published, else when it was first seen; never later than first seen, so that no date
    /// in the future makes that day the day of news, or puts it before everything else.
    pub fn when(&self) -> Timestamp {
        self.believed().unwrap_or(self.first_seen)
    }

    /// When it was published, as far as that can be believed: a date that is ahead of time by no more than a day means now, any other
    /// in the future nothing.
    pub fn believed(&self) -> Option<Timestamp> {
        let published = self.published.filter(|published| published.duration_since(self.first_seen) <= AHEAD)?;
        Some(published.min(self.first_seen))
    }
}
