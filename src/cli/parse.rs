//! `parse`: a feed as wirewatch sees it.

use std::path::Path;
use std::process::ExitCode;

use super::arguments::Parse;
use super::source::{self, Bytes};
use crate::feed::{self, Feed, FeedView, ParseError};
use crate::site::instead_of_feed;

pub(super) fn parse(config: &Path, what: &Parse) -> anyhow::Result<ExitCode> {
    let page = source::read(config, &what.feed)?;
    let content_type = what.content_type.as_deref().or(page.content_type.as_deref());
    let base = what.base_url.as_ref().or(page.url.as_ref());
    let feed = feed::parse(&page.bytes, content_type, base).map_err(|why| refusal(&why, &page, what))?;
    if what.json {
        println!("{}", serde_json::to_string(&FeedView::from(feed))?);
    } else {
        print(&feed);
    }
    Ok(ExitCode::SUCCESS)
}

/// Why it is no feed; of what a server sent also what it is instead.
fn refusal(why: &ParseError, page: &Bytes, what: &Parse) -> anyhow::Error {
    let asked = what.feed.parse();
    let instead = match (&page.url, &asked) {
        (Some(found), Ok(asked)) => instead_of_feed(why, &page.bytes, page.content_type.as_deref(), asked, found),
        _ => why.to_string(),
    };
    anyhow::anyhow!("{}: {instead}", what.feed)
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
