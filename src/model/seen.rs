//! What is remembered of the articles of a feed, by which each is known again.

use jiff::Timestamp;

use super::ArticleKey;

/// What is remembered of an article besides its key, which its publisher may give anew or to another one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traits {
    /// A hash of its canonical link, unless that leads to a site rather than to an article.
    pub link: Option<u64>,
    /// A hash of all its words, by which an edit is noticed.
    pub digest: u64,
    /// A summary of its headline, or of its text where it has none, by which two wordings are held to be of one article.
    pub sketch: Vec<u16>,
}

/// An article that was seen before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its key.
    pub key: ArticleKey,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// When it was last written down that it stands in its feed; at most a day or so before it left.
    pub last_seen: Timestamp,
    /// Whether it was learnt in silence: it was there, and old, when its feed was first read.
    pub silent: bool,
    /// Nothing for one that an older version has seen.
    pub traits: Option<Traits>,
}

/// What to look for in what is remembered of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The keys that the article may have.
    pub keys: Vec<String>,
    /// A hash of its link.
    pub link: Option<u64>,
}

/// An article that stands in a feed, to be remembered so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Its key.
    pub key: ArticleKey,
    /// What else it is known by from now on.
    pub traits: Traits,
    /// Whether it was not there before.
    pub is_new: bool,
    /// Whether it is learnt in silence.
    pub silent: bool,
}
