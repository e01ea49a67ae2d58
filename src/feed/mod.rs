//! Bytes of any feed format to articles with stable identities.
//!
//! A document goes through three hands: [`repair`] sees to it that the parser can read it at all, [`outline`] refuses what is no
//! feed or is nested so deeply that the parser could not return, and `feed-rs` reads it; [`convert`] takes its answer apart, and
//! [`identity`] names the entries.

mod convert;
mod hints;
mod identity;
mod link;
mod outline;
mod repair;
mod view;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

pub use hints::hints;
pub use link::canonical_link;
pub use view::FeedView;

use crate::model::{Article, ArticleKey};

/// A feed, as published.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// The family of formats it is written in.
    pub format: Format,
    /// Its name.
    pub title: Option<String>,
    /// The page it belongs to.
    pub link: Option<String>,
    /// What it calls itself for good.
    pub id: Option<String>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When it last changed.
    pub updated: Option<Timestamp>,
    /// What it is about.
    pub summary: Option<String>,
    /// Its language (BCP 47).
    pub language: Option<String>,
    /// How long its publisher thinks a copy stays good (RSS 2.0 `ttl`).
    pub ttl: Option<Duration>,
    /// Its entries in its own order, each key once.
    pub entries: Vec<Entry>,
    /// What was left out, and why.
    pub warnings: Vec<String>,
}

/// One entry of a feed, as published.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What makes it the same entry at the next poll.
    pub key: ArticleKey,
    /// Its id as given.
    pub id: Option<String>,
    /// Its headline, plain or HTML.
    pub title: Option<String>,
    /// Where it can be read; absolute where the feed's address is known.
    pub link: Option<String>,
    /// When it appeared.
    pub published: Option<Timestamp>,
    /// When it last changed.
    pub updated: Option<Timestamp>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Its teaser, plain or HTML.
    pub summary: Option<String>,
    /// Its text, plain or HTML.
    pub content: Option<String>,
    /// Its language (BCP 47), by its own word or the feed's.
    pub language: Option<String>,
    /// Its labels.
    pub categories: Vec<String>,
    /// Links to what is attached to it.
    pub enclosures: Vec<String>,
}

/// A family of feed formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RSS 0.91 to 0.94.
    Rss0,
    /// RSS 1.0 and 0.90, which are RDF.
    Rss1,
    /// RSS 2.0.
    Rss2,
    /// Atom (RFC 4287).
    Atom,
    /// JSON Feed 1.0 and 1.1.
    Json,
}

impl Format {
    /// The name shown to people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rss0 => "rss-0.9x",
            Self::Rss1 => "rss-1.0",
            Self::Rss2 => "rss-2.0",
            Self::Atom => "atom",
            Self::Json => "json",
        }
    }
}

/// Why a document is no feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Nothing but white space.
    #[error("it is empty")]
    Empty,
    /// A page for people: a login, an error page, a captive portal, or the site instead of its feed.
    #[error("this is an HTML page, not a feed")]
    HtmlPage,
    /// XML of another kind.
    #[error("this is no feed: its root element is <{0}>")]
    OtherXml(String),
    /// Neither of the two languages of feeds.
    #[error("this is no feed: it is neither XML nor JSON")]
    NeitherXmlNorJson,
    /// Nested beyond what the parser can be trusted with.
    #[error("elements are nested more than {0} deep")]
    TooDeep(usize),
    /// A feed by its first words, but not a well-formed one.
    #[error("{0}")]
    Malformed(String),
    /// A dialect whose entries the parser passes over.
    #[error("none of its {0} entries is in a form that is understood")]
    UnknownDialect(usize),
    /// The parser itself failed.
    #[error("the feed contains a value that the parser cannot digest")]
    Indigestible,
}

/// Reads a feed.
///
/// `content_type` is the HTTP field it came with. `base` is the address it came from, to which relative links are relative.
///
/// # Errors
/// A document that is no feed, or none that can be read; never a part of one.
pub fn parse(bytes: &[u8], content_type: Option<&str>, base: Option<&Url>) -> Result<Feed, ParseError> {
    // feed-rs panics on some values, such as a duration of thirty digits: that is a feed that cannot be read, no more
    let parsed = catch_unwind(AssertUnwindSafe(|| read(bytes, content_type, base)));
    parsed.unwrap_or(Err(ParseError::Indigestible)).map(|(parsed, lost)| convert::feed(parsed, lost, base))
}

/// What `feed-rs` makes of a document, and how many entries it passed over in silence.
fn read(bytes: &[u8], content_type: Option<&str>, base: Option<&Url>) -> Result<(feed_rs::model::Feed, usize), ParseError> {
    let document = repair::repair(bytes, content_type);
    let entries = outline::check(&document)?;
    let parser = feed_rs::parser::Builder::new()
        .base_uri(base)
        .id_generator(|_, _, _| String::new()) // no id given stays no id; ours is the rule in `identity`
        .sanitize_content(false)
        .build();
    let parsed = parser.parse(document.as_ref()).map_err(|error| ParseError::Malformed(error.to_string()))?;
    match entries.saturating_sub(parsed.entries.len()) {
        lost if lost > 0 && parsed.entries.is_empty() => Err(ParseError::UnknownDialect(lost)),
        lost => Ok((parsed, lost)),
    }
}

impl Entry {
    /// The entry as an article of a feed.
    ///
    /// Its date is when it was published; where its feed only says when entries were updated, as Atom feeds may, that is the
    /// publisher's word on when it appeared.
    pub fn into_article(self, feed: Option<&str>, outlet: &str, first_seen: Timestamp) -> Article {
        Article {
            key: self.key,
            feed: feed.map(str::to_owned),
            outlet: outlet.to_owned(),
            url: self.link.filter(|link| Url::parse(link).is_ok()),
            title: self.title.unwrap_or_default(),
            text: convert::whole_text(self.summary, self.content),
            author: self.author,
            language: self.language,
            published: self.published.or(self.updated),
            first_seen,
        }
    }
}

impl Feed {
    /// Every entry as an article.
    pub fn articles(self, feed: Option<&str>, outlet: &str, first_seen: Timestamp) -> Vec<Article> {
        self.entries.into_iter().map(|entry| entry.into_article(feed, outlet, first_seen)).collect()
    }
}

#[cfg(test)]
mod tests;
