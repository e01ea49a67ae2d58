//! A feed as `parse --json` shows it.

use jiff::Timestamp;
use serde::Serialize;

use super::{Entry, Feed};

/// A feed to show: absent values left out, dates as RFC 3339, every text plain or HTML that is safe to show.
#[derive(Debug, Serialize)]
pub struct FeedView {
    format: &'static str,
    #[serde(flatten)]
    about: About,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl_seconds: Option<u64>,
    entries: Vec<EntryView>,
    warnings: Vec<String>,
}

/// What feeds and entries have in common.
#[derive(Debug, Serialize)]
struct About {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
}

#[derive(Debug, Serialize)]
struct EntryView {
    #[serde(flatten)]
    about: About,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    categories: Vec<String>,
    enclosures: Vec<String>,
}

impl From<Feed> for FeedView {
    fn from(feed: Feed) -> Self {
        Self {
            format: feed.format.as_str(),
            about: About {
                id: feed.id,
                title: feed.title.map(safe),
                link: feed.link.filter(|link| is_safe_link(link)),
                published: feed.published,
                updated: feed.updated,
                summary: feed.summary.map(safe),
                language: feed.language,
            },
            ttl_seconds: feed.ttl.map(|ttl| ttl.as_secs()),
            entries: feed.entries.into_iter().map(EntryView::from).collect(),
            warnings: feed.warnings,
        }
    }
}

impl From<Entry> for EntryView {
    fn from(entry: Entry) -> Self {
        Self {
            about: About {
                id: Some(entry.id.unwrap_or(entry.key.0)),
                title: entry.title.map(safe),
                link: entry.link.filter(|link| is_safe_link(link)),
                published: entry.published,
                updated: entry.updated,
                summary: entry.summary.map(safe),
                language: entry.language,
            },
            author: entry.author.map(safe),
            content: entry.content.map(safe),
            categories: entry.categories.into_iter().map(safe).collect(),
            enclosures: entry.enclosures.into_iter().filter(|link| is_safe_link(link)).collect(),
        }
    }
}

/// Text without a tag is safe as it is, whether it is read as plain or as HTML.
fn safe(text: String) -> String {
    if text.contains('<') { ammonia::clean(&text) } else { text }
}

/// Whether following a link only ever shows something.
fn is_safe_link(link: &str) -> bool {
    const UNSAFE: [&str; 4] = ["javascript", "vbscript", "data", "file"];
    let scheme = link.split(':').next().unwrap_or_default();
    !UNSAFE.iter().any(|unsafe_scheme| scheme.trim().eq_ignore_ascii_case(unsafe_scheme))
}
