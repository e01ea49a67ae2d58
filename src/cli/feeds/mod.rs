//! `feeds`: how feeds stand, finding them, and taking them over from and to other programmes.

mod add;
mod discover;
mod enter;
mod export;
mod import;
mod list;

use std::path::Path;
use std::process::ExitCode;

use super::arguments::Feeds;
use super::{FAILED, UNUSABLE_CONFIGURATION, complain, is_usable, runtime, source};
use crate::config::{self, Diagnostics};

pub(super) fn feeds(path: &Path, what: &Feeds) -> anyhow::Result<ExitCode> {
    let mut diagnostics = Diagnostics::default();
    let config = config::load(path, &mut diagnostics);
    match what {
        // needs no configuration, only what a usable one says about [http]
        Feeds::Discover(what) => discover::discover(&config.http, what),
        _ if !is_usable(&diagnostics) => Ok(ExitCode::from(UNUSABLE_CONFIGURATION)),
        Feeds::List { json } => list::list(&config, *json),
        Feeds::Add(what) => add::add(path, &config, what),
        Feeds::Import(what) => import::import(path, &config, what),
        Feeds::Export => export::export(&config),
    }
}
