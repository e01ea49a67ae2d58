//! `parse`: a feed as wirewatch sees it.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use url::Url;

use super::arguments::Parse;
use super::runtime;
use crate::config::{self, Diagnostics, Http};
use crate::feed::{self, Feed, FeedView};
use crate::fetch::{Fetched, Fetcher, Page};
use crate::model::Validators;

pub(super) fn parse(config: &Path, what: &Parse) -> anyhow::Result<ExitCode> {
    let page = read(config, what)?;
    let content_type = what.content_type.as_deref().or(page.content_type.as_deref());
    let base = what.base_url.as_ref().or(page.base.as_ref());
    let feed = feed::parse(&page.bytes, content_type, base).with_context(|| what.feed.clone())?;
    if what.json {
        println!("{}", serde_json::to_string(&FeedView::from(feed))?);
    } else {
        print(&feed);
    }
    Ok(ExitCode::SUCCESS)
}

struct Bytes {
    bytes: Vec<u8>,
    content_type: Option<String>,
    base: Option<Url>,
}

fn read(config: &Path, what: &Parse) -> anyhow::Result<Bytes> {
    if let Ok(url) = Url::parse(&what.feed)
        && matches!(url.scheme(), "http" | "https")
    {
        return fetch(config, &url);
    }
    let mut bytes = Vec::new();
    if what.feed == "-" {
        std::io::stdin().read_to_end(&mut bytes).context("standard input")?;
    } else {
        bytes = std::fs::read(&what.feed).with_context(|| what.feed.clone())?;
    }
    Ok(Bytes { bytes, content_type: None, base: None })
}

/// Asks for the feed exactly as the daemon would, under the `[http]` section where there is a configuration.
fn fetch(config: &Path, url: &Url) -> anyhow::Result<Bytes> {
    let http: Http = config::load(config, &mut Diagnostics::default()).http;
    let fetcher = Fetcher::new(&http)?;
    match runtime()?.block_on(fetcher.get(url, &Validators::default())) {
        Fetched::Page(Page { bytes, content_type, url, .. }) => Ok(Bytes { bytes, content_type, base: Some(url) }),
        Fetched::NotModified => bail!("{url}: answered 304 Not Modified to an unconditional request"),
        Fetched::Gone => bail!("{url}: gone for good (410)"),
        Fetched::Failed { error, .. } => bail!("{url}: {error}"),
    }
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
