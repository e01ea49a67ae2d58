//! What a command is pointed at: a file, an address, or standard input.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail};
use url::Url;

use super::runtime;
use crate::config::{self, Diagnostics, Http};
use crate::fetch::{Fetched, Fetcher, Page};
use crate::model::Validators;

/// What was read, with what a server said of it.
pub(super) struct Bytes {
    pub(super) bytes: Vec<u8>,
    pub(super) content_type: Option<String>,
    /// Where a server had it, after redirects.
    pub(super) url: Option<Url>,
}

/// Reads a file, an http(s) address, or with `-` standard input.
pub(super) fn read(config: &Path, place: &str) -> anyhow::Result<Bytes> {
    if let Ok(url) = Url::parse(place)
        && matches!(url.scheme(), "http" | "https")
    {
        return fetch(config, &url);
    }
    let mut bytes = Vec::new();
    if place == "-" {
        std::io::stdin().read_to_end(&mut bytes).context("standard input")?;
    } else {
        bytes = std::fs::read(place).with_context(|| place.to_owned())?;
    }
    Ok(Bytes { bytes, content_type: None, url: None })
}

/// Asks exactly as the daemon would, under the `[http]` section where there is a configuration.
fn fetch(config: &Path, url: &Url) -> anyhow::Result<Bytes> {
    let http: Http = config::load(config, &mut Diagnostics::default()).http;
    let fetcher = Fetcher::new(&http)?;
    match runtime()?.block_on(fetcher.get(url, &Validators::default())).fetched {
        Fetched::Page(Page { bytes, content_type, url, .. }) => Ok(Bytes { bytes, content_type, url: Some(url) }),
        Fetched::NotModified(_) => bail!("{url}: answered 304 Not Modified to an unconditional request"),
        Fetched::Gone => bail!("{url}: gone for good (410)"),
        Fetched::Failed(error) => bail!("{url}: {error}"),
        Fetched::NotAsked => bail!("{url}: its host wants to be left alone"),
    }
}
