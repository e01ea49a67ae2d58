//! `feeds import`: the feeds of a list into the configuration.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};

use super::super::arguments::Import;
use super::{enter, source};
use crate::config::Config;
use crate::fetch::Guard;
use crate::subscriptions::{Wish, plan, read};

/// The largest list read from a file, in bytes: one of twenty thousand feeds has about a fifth of that.
const MAX_BYTES: u64 = 16 << 20;

pub(super) fn import(path: &Path, config: &Config, what: &Import) -> anyhow::Result<ExitCode> {
    let bytes = bytes(path, &what.list)?;
    let outlines = read(&bytes).with_context(|| what.list.clone())?;
    if outlines.is_empty() {
        bail!("{}: there are no feeds in this list", what.list);
    }
    let tags = &what.entry.tags;
    let wishes = outlines.into_iter().map(|outline| Wish { outline, tags: tags.clone() }).collect();
    enter::enter(path, &plan(wishes, &config.feeds, &Guard::new(&config.http)), what.entry.dry_run)
}

fn bytes(config: &Path, place: &str) -> anyhow::Result<Vec<u8>> {
    if place.starts_with("http://") || place.starts_with("https://") {
        return Ok(source::read(config, place)?.bytes);
    }
    let file: Box<dyn Read> = match place {
        "-" => Box::new(std::io::stdin()),
        _ => Box::new(File::open(place).with_context(|| place.to_owned())?),
    };
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).with_context(|| place.to_owned())?;
    if bytes.len() as u64 > MAX_BYTES {
        bail!("{place}: this list is larger than {} MiB", MAX_BYTES >> 20);
    }
    Ok(bytes)
}
