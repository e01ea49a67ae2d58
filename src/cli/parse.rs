//! `parse`: a feed as wirewatch sees it.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;

use super::arguments::Parse;
use super::source;
use crate::feed::{self, Feed, FeedView};

pub(super) fn parse(config: &Path, what: &Parse) -> anyhow::Result<ExitCode> {
    let page = source::read(config, &what.feed)?;
    let content_type = what.content_type.as_deref().or(page.content_type.as_deref());
    let base = what.base_url.as_ref().or(page.url.as_ref());
    let feed = feed::parse(&page.bytes, content_type, base).with_context(|| what.feed.clone())?;
    if what.json {
        println!("{}", serde_json::to_string(&FeedView::from(feed))?);
    } else {
        print(&feed);
    }
    Ok(ExitCode::SUCCESS)
}

fn print(feed: &Feed) {
    println!("{} ({}, {} entries)", feed.title.as_deref().unwrap_or("(no title)"), feed.format.as_str(), feed.entries.len());
    for entry in &feed.entries {
        let published = entry.published.map_or_else(|| "undated".to_owned(), |time| time.to_string());
        println!("{published}  {}", entry.title.as_deref().unwrap_or("(no title)"));
        if let Some(link) = &entry.link {
            println!("    {link}");
        }
    }
    for warning in &feed.warnings {
        println!("warning: {warning}");
    }
}
