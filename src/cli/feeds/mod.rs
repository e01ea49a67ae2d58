//! `feeds`: how feeds stand, finding them, and taking them over from and to other programmes.

mod discover;
mod list;

use std::path::Path;
use std::process::ExitCode;

use super::arguments::Feeds;
use super::{UNUSABLE_CONFIGURATION, is_usable, runtime};
use crate::config::{self, Config, Diagnostics};

pub(super) fn feeds(path: &Path, what: &Feeds) -> anyhow::Result<ExitCode> {
    if let Feeds::Discover(what) = what {
        // needs no configuration, only what an existing one says about [http]
        return discover::discover(&config::load(path, &mut Diagnostics::default()).http, what);
    }
    let mut diagnostics = Diagnostics::default();
    let config: Config = config::load(path, &mut diagnostics);
    if !is_usable(&diagnostics) {
        return Ok(ExitCode::from(UNUSABLE_CONFIGURATION));
    }
    match what {
        Feeds::List { json } => list::list(&config, *json),
        Feeds::Discover(_) => Ok(ExitCode::SUCCESS),
    }
}
