//! `feeds add`: one feed into the configuration, read before it is believed.

use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;

use super::super::arguments::Add;
use super::{FAILED, complain, discover, enter, runtime};
use crate::config::Config;
use crate::fetch::{Fetcher, Guard};
use crate::site::{self, Found};
use crate::subscriptions::{Outline, Wish, plan};

pub(super) fn add(path: &Path, config: &Config, what: &Add) -> anyhow::Result<ExitCode> {
    if let Some(name) = &what.name
        && (name.trim().is_empty() || name.chars().any(char::is_control) || config.feeds.contains_key(name))
    {
        bail!("a feed cannot be named {name:?}: names are words, and unlike any other feed's");
    }
    let fetcher = Fetcher::new(&config.http)?;
    let discovery = runtime()?.block_on(site::discover(&fetcher, &what.url));
    let discovery = discovery.map_err(|why| anyhow::anyhow!("{}: {why}", what.url))?;
    discover::remark(&discovery);
    if discovery.found.is_empty() {
        bail!("{}: no feed was found", what.url);
    }
    let meant: Vec<&Found> = discovery.found.iter().filter(|found| found.is_meant()).collect();
    let [found] = meant.as_slice() else {
        discovery.found.iter().for_each(discover::print);
        complain(format_args!("{} names not one feed alone: add the one you mean by its own address", what.url));
        return Ok(ExitCode::from(FAILED));
    };
    let plan = plan(vec![wish(found, what)], &config.feeds, &Guard::new(&config.http));
    enter::enter(path, &plan, what.entry.dry_run)
}

fn wish(found: &Found, what: &Add) -> Wish {
    let outline = Outline {
        address: Some(found.url.to_string()),
        title: found.title.clone(),
        name: what.name.clone(),
        ..Outline::default()
    };
    Wish { outline, tags: what.entry.tags.clone() }
}
