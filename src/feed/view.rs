//! A feed as `parse --json` shows it.

use std::collections::HashSet;
use std::sync::LazyLock;

use jiff::Timestamp;
use serde::Serialize;

use super::{Entry, Feed};

/// Tags left open in one text beyond which it is shown without any: cleaning takes time by the square of them.
const MAX_OPEN_TAGS: usize = 2_000;

/// A feed to show: absent values left out, dates as RFC 3339, every text plain or HTML that is safe to show.
#[derive(Debug, Serialize)]
pub struct FeedView {
    format: &'static str,
    #[serde(flatten)]
    about: About,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    categories: Vec<String>,
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
            author: feed.author.map(safe),
            categories: feed.categories.into_iter().map(safe).collect(),
            ttl_seconds: Some(feed.hints.ttl_minutes).filter(|ttl| *ttl > 0).map(|ttl| u64::from(ttl) * 60),
            entries: entries(feed.entries),
            warnings: feed.warnings,
        }
    }
}

/// The entries, each under its own id: an id that an earlier one has taken gives way to the key.
fn entries(entries: Vec<Entry>) -> Vec<EntryView> {
    let mut taken = HashSet::new();
    let mut own_id = |entry: &mut Entry| entry.id.take().filter(|id| taken.insert(id.clone()));
    let view = |mut entry: Entry| {
        let id = own_id(&mut entry).unwrap_or_else(|| entry.key.0.clone());
        EntryView::new(id, entry)
    };
    entries.into_iter().map(view).collect()
}

impl EntryView {
    fn new(id: String, entry: Entry) -> Self {
        Self {
            about: About {
                id: Some(id),
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

/// Elements beside the usual ones that show something and do nothing by themselves.
const ALSO_HARMLESS: [&str; 24] = [
    "address", "audio", "big", "canvas", "data", "datalist", "dialog", "dir", "fieldset", "font", "label", "legend", "main",
    "menu", "meter", "optgroup", "option", "output", "picture", "progress", "section", "source", "track", "video",
];

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::default();
    cleaner.add_tags(ALSO_HARMLESS);
    cleaner
});

/// Text without a tag is safe as it is, whether it is read as plain or as HTML.
fn safe(text: String) -> String {
    if !text.contains('<') {
        text
    } else if open_tags(&text) > MAX_OPEN_TAGS {
        ammonia::clean_text(&text)
    } else {
        CLEANER.clean(&with_stray_signs_escaped(&text)).to_string()
    }
}

/// Every `<` that begins no tag and no whole comment is a sign of the text, which a browser might hide with what follows it.
fn with_stray_signs_escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text;
    let mut comments_end = true;
    while let Some((before, after)) = rest.split_once('<') {
        escaped.push_str(before);
        let is_tag = after.trim_start_matches('/').starts_with(|first: char| first.is_ascii_alphabetic());
        rest = match after.strip_prefix("!--") {
            None if is_doctype(after) => after.split_once('>').map_or("", |(_, rest)| rest),
            Some(comment) => {
                let whole = if comments_end { comment.split_once("-->") } else { None };
                comments_end = whole.is_some();
                whole.or_else(|| comment.split_once('>')).map_or("", |(_, rest)| rest)
            }
            None => {
                escaped.push_str(if is_tag { "<" } else { "&lt;" });
                after
            }
        };
    }
    escaped.push_str(rest);
    escaped
}

/// Whether a whole document type declaration comes after a `<`.
fn is_doctype(after: &str) -> bool {
    let is_named = after.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("!doctype"));
    is_named && after.split_once('>').is_some_and(|(declaration, _)| !declaration.contains('<'))
}

/// How many tags are open at once, at most; those that are never closed count as open to the end.
fn open_tags(text: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for tag in text.split('<').skip(1) {
        open = if tag.starts_with('/') { open.saturating_sub(1) } else { open + 1 };
        most = most.max(open);
    }
    most
}

/// Whether following a link only ever shows something.
fn is_safe_link(link: &str) -> bool {
    const UNSAFE: [&str; 4] = ["javascript", "vbscript", "data", "file"];
    let scheme = link.split(':').next().unwrap_or_default();
    !UNSAFE.iter().any(|unsafe_scheme| scheme.trim().eq_ignore_ascii_case(unsafe_scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_safe_whichever_way_it_is_read() {
        assert_eq!(safe("3 > 2 &amp; more".into()), "3 > 2 &amp; more");
        assert_eq!(safe("<p onclick='x'>a<script>b</script></p>".into()), "<p>a</p>");
    }

    #[test]
    fn signs_that_are_no_tags_are_shown() {
        assert_eq!(safe("1 <2 <!x <b>c</b>".into()), "1 &lt;2 &lt;!x <b>c</b>");
        assert_eq!(safe("a<!-- b > c --> d <!-- e > f".into()), "a d  f");
        assert_eq!(safe("<!DOCTYPE html><b>a</b> <!DOCTYPE".into()), "<b>a</b> &lt;!DOCTYPE");
        assert_eq!(safe("<video>a</video>".into()), "<video>a</video>");
    }

    #[test]
    fn deep_markup_is_shown_as_text() {
        let deep = format!("{}{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
        assert!(!safe(deep).contains('<'));
        assert_eq!(open_tags("<p>a</p><p>b<i>c</i></p></p>"), 2);
    }

    #[test]
    fn links_that_run_are_not_shown() {
        for link in ["javascript:alert(1)", " JavaScript :x", "data:text/html,x", "vbscript:x", "file:///etc/passwd"] {
            assert!(!is_safe_link(link), "{link}");
        }
        assert!(is_safe_link("https://example.org/") && is_safe_link("/relative"));
    }
}
