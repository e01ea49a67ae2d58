//! Bytes of any feed format to articles with stable identities.
//!
//! Data goes one way: [`decode`] makes characters of bytes; [`markup`] tags and texts of characters, well-formed or not; [`xml`] (and
//! [`json`]) entries of those, by what [`vocabulary`] says that elements mean; [`convert`] settles what entries take from their feed,
//! [`identity`] names them, and [`recognise`]
//! knows them again under other names.
//!
//! Feeds are read here and not by a library because what real ones need mended (which value an unclosed tag ends, what a prefix
//! without a namespace means, whether a text is markup) can only be told by who knows what is being read: a pass that mended them
//! for another reader would be a reader itself.

mod capture;
mod convert;
mod date;
pub mod decode;
mod document;
mod draft;
mod entities;
mod hints;
mod identity;
mod json;
mod link;
pub mod markup;
mod recognise;
mod scope;
mod view;
mod vocabulary;
mod xml;

use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;
use url::Url;

pub use convert::whole_text;
pub use document::{Document, Element, Piece};
pub use link::{canonical_link, link_of_article};
pub use recognise::{Item, Recognised, Standing, first_known, recognise};
pub use view::FeedView;

use crate::model::{Article, ArticleKey, Hints};

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
    /// Who writes it.
    pub author: Option<String>,
    /// What it is about.
    pub summary: Option<String>,
    /// Its labels.
    pub categories: Vec<String>,
    /// Its language (BCP 47).
    pub language: Option<String>,
    /// Where the entries before those are: the archive before this document, or the next page of it (RFC 5005 §3 and §4).
    pub older: Option<String>,
    /// Where it can be subscribed to (WebSub §4, `rel="hub"`; `hubs` of JSON Feed), and as what (`rel="self"`, `feed_url`).
    pub hub: Option<String>,
    /// See [`Feed::hub`].
    pub topic: Option<String>,
    /// When it asks to be asked.
    pub hints: Hints,
    /// Its entries in its own order.
    pub entries: Vec<Entry>,
    /// What was left out, and why.
    pub warnings: Vec<String>,
    /// Whether the document came to its end; one that was cut may hold more when it is asked for again.
    pub is_whole: bool,
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
    /// Why it is shown and not judged, if that is so.
    pub flaw: Option<Flaw>,
}

/// Why an entry is no news of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It is an earlier entry of the same document over again.
    Repeated,
    /// The document ends in the middle of it. It will come whole, and by another name, for the end may be in what names it.
    CutOff,
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
    /// Channel Definition Format.
    Cdf,
    /// JSON Feed 1.0 and 1.1.
    Json,
    /// A sitemap (sitemaps.org), with Google's extension for news or without.
    Sitemap,
}

impl Format {
    /// The name shown to people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rss0 => "rss-0.9x",
            Self::Rss1 => "rss-1.0",
            Self::Rss2 => "rss-2.0",
            Self::Atom => "atom",
            Self::Cdf => "cdf",
            Self::Json => "json",
            Self::Sitemap => "sitemap",
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
    /// A feed by its first words, but not a well-formed one.
    #[error("{0}")]
    Malformed(String),
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
    // no panic is known; one would be a feed that cannot be read, no more
    catch_unwind(AssertUnwindSafe(|| read(bytes, content_type, base))).unwrap_or(Err(ParseError::Indigestible))
}

fn read(bytes: &[u8], content_type: Option<&str>, base: Option<&Url>) -> Result<Feed, ParseError> {
    let decoded = decode::decode(bytes, content_type);
    let document =
        decoded.text.trim_start_matches(|character: char| character.is_whitespace() || matches!(character, '\u{feff}' | '\0'));
    let mut feed = match document.chars().next() {
        None => return Err(ParseError::Empty),
        Some('{') => json::read(document, base)?,
        Some(_) => xml::read(document, decoded.is_utf8, base)?,
    };
    if decoded.is_guessed {
        feed.warnings.push("its encoding is wrongly declared or not at all, and was guessed".to_owned());
    }
    Ok(feed)
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
            published: self.published.and_then(convert::credible).or(self.updated.and_then(convert::credible)),
            first_seen,
        }
    }
}

impl Feed {
    /// The entries that are whole and do not repeat another one. When a sitemap says that a page was changed, it does not say when
    /// it appeared.
    pub fn sound_entries(mut self) -> Vec<Entry> {
        self.entries.retain(|entry| entry.flaw.is_none());
        if self.format == Format::Sitemap {
            self.entries.iter_mut().for_each(|entry| entry.updated = None);
        }
        self.entries
    }

    /// Every sound entry as an article.
    pub fn articles(self, feed: Option<&str>, outlet: &str, first_seen: Timestamp) -> Vec<Article> {
        self.sound_entries().into_iter().map(|entry| entry.into_article(feed, outlet, first_seen)).collect()
    }
}

#[cfg(test)]
mod tests;
