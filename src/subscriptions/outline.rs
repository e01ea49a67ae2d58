//! The configuration's feeds as OPML 2.0. The same configuration gives the same list, byte for byte.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::NAME_ATTRIBUTE;
use crate::config::Feed;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <opml version=\"2.0\" xmlns:wirewatch=\"https://github.com/wirewatch/wirewatch\">\n\
    \x20 <head><title>Feeds of wirewatch</title></head>\n  <body>\n";
const FOOT: &str = "  </body>\n</opml>\n";

/// A list, and what it cannot tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The list.
    pub opml: String,
    /// Tags that cannot be told as categories, with the feeds they are left out of: commas and slashes mean something there.
    pub left_out: Vec<(String, String)>,
}

/// Writes feeds as a list.
pub fn export(feeds: &BTreeMap<String, Feed>) -> Export {
    let mut export = Export { opml: HEAD.to_owned(), left_out: Vec::new() };
    for (name, feed) in feeds {
        let (told, lost): (Vec<&String>, Vec<&String>) = feed.tags.iter().partition(|tag| !tag.contains([',', '/']));
        export.left_out.extend(lost.into_iter().map(|tag| (name.clone(), tag.clone())));
        let category = told.iter().map(|tag| tag.as_str()).collect::<Vec<_>>().join(",");
        let category = if category.is_empty() { String::new() } else { format!(" category=\"{}\"", escaped(&category)) };
        let (name, outlet, url) = (escaped(name), escaped(&feed.outlet), escaped(feed.url.as_str()));
        let _ = writeln!(
            export.opml,
            "    <outline type=\"rss\" text=\"{outlet}\" title=\"{outlet}\" xmlUrl=\"{url}\"{category} {NAME_ATTRIBUTE}=\"{name}\"/>"
        );
    }
    export.opml.push_str(FOOT);
    export
}

/// A text as the value of an attribute (XML 1.0 §2.2, §3.3.3): what no document may hold is left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => _ = write!(escaped, "&#{};", u32::from(character)),
            '\u{fffe}' | '\u{ffff}' => {}
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}
