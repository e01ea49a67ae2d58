//! `feeds export`: the feeds of the configuration for other programmes.

use std::process::ExitCode;

use super::complain;
use crate::config::Config;
use crate::subscriptions;

pub(super) fn export(config: &Config) -> anyhow::Result<ExitCode> {
    let export = subscriptions::export(&config.feeds);
    print!("{}", export.opml);
    for (feed, tag) in &export.left_out {
        complain(format_args!("the tag {tag:?} of {feed} is left out: commas and slashes part categories in OPML"));
    }
    Ok(ExitCode::SUCCESS)
}
