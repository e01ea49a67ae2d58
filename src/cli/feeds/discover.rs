//! `feeds discover`: the feeds of a site, each of them read before it is shown.

use std::process::ExitCode;

use jiff::Timestamp;
use serde::Serialize;

use super::super::arguments::Discover;
use super::{FAILED, complain, runtime};
use crate::config::Http;
use crate::fetch::Fetcher;
use crate::site::{self, Discovery, Found};

/// One feed, as printed with `--json`.
#[derive(Serialize)]
struct Line<'a> {
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    format: &'static str,
    entries: usize,
    newest: Option<Timestamp>,
    found: &'static str,
}

pub(super) fn discover(http: &Http, what: &Discover) -> anyhow::Result<ExitCode> {
    let fetcher = Fetcher::new(http)?;
    let discovery = runtime()?.block_on(site::discover(&fetcher, &what.url));
    let discovery = discovery.map_err(|why| anyhow::anyhow!("{}: {why}", what.url))?;
    remark(&discovery);
    if discovery.found.is_empty() {
        complain(format_args!("{}: no feed was found", what.url));
        return Ok(ExitCode::from(FAILED));
    }
    for found in &discovery.found {
        if what.json { println!("{}", serde_json::to_string(&line(found))?) } else { print(found) }
    }
    Ok(ExitCode::SUCCESS)
}

/// What went wrong on the way.
pub(super) fn remark(discovery: &Discovery) {
    for (url, why) in &discovery.failed {
        complain(format_args!("{url}: {why}"));
    }
    for found in &discovery.found {
        found.warnings.iter().for_each(|warning| complain(format_args!("{}: {warning}", found.url)));
    }
    if discovery.untried > 0 {
        complain(format_args!("{} more addresses were not tried", discovery.untried));
    }
}

fn line(found: &Found) -> Line<'_> {
    Line {
        url: found.url.as_str(),
        title: found.title.as_deref(),
        format: found.format.as_str(),
        entries: found.entries,
        newest: found.newest,
        found: found.way.as_str(),
    }
}

/// The address first, for it is what is copied.
pub(super) fn print(found: &Found) {
    let newest = found.newest.map_or_else(|| "undated".to_owned(), |time| format!("newest {time}"));
    let way = if found.way == site::Way::Asked { "the address itself is a feed" } else { found.way.as_str() };
    println!("{}", found.url);
    let title = found.title.as_deref().unwrap_or("(no title)");
    println!("    {title} ({}, {} entries, {newest}; {way})", found.format.as_str(), found.entries);
}
