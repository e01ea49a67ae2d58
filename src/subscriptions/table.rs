//! Feeds as the tables of a configuration.

use std::fmt::Write;

use super::Subscription;

/// The tables of feeds, each with an empty line before it.
pub fn tables(feeds: &[Subscription]) -> String {
    let mut text = String::new();
    for feed in feeds {
        let _ = writeln!(text, "\n[feeds.{}]\nurl = {}", key(&feed.name), value(feed.url.as_str()));
        if let Some(outlet) = &feed.outlet {
            let _ = writeln!(text, "outlet = {}", value(outlet));
        }
        if !feed.tags.is_empty() {
            let tags: Vec<String> = feed.tags.iter().map(|tag| value(tag)).collect();
            let _ = writeln!(text, "tags = [{}]", tags.join(", "));
        }
    }
    text
}

/// A name as a key: bare where it may be (TOML 1.0, Keys).
fn key(name: &str) -> String {
    let is_bare = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if is_bare { name.to_owned() } else { value(name) }
}

/// A text as a basic string (TOML 1.0, String), which may be a key as well.
fn value(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            other if other.is_control() => _ = write!(quoted, "\\u{:04X}", u32::from(other)),
            other => quoted.push(other),
        }
    }
    quoted + "\""
}
