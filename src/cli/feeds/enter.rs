//! What was planned, told line by line and written into the configuration file.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;

use super::{FAILED, complain};
use crate::config::{self, Diagnostics};
use crate::subscriptions::{Plan, append, tables};

/// Carries a plan out, or with `dry_run` prints the tables that would be added.
pub(super) fn enter(path: &Path, plan: &Plan, dry_run: bool) -> anyhow::Result<ExitCode> {
    let tables = tables(&plan.added);
    if dry_run {
        print!("{tables}");
    } else if !plan.added.is_empty() {
        append(path, &tables, is_usable).context("nothing was added; --dry-run prints the tables to add by hand")?;
        plan.added.iter().for_each(|feed| println!("added    {}  {}", feed.name, feed.url));
        complain(format_args!("{} now has them; a daemon at work takes them over on SIGHUP", path.display()));
    }
    for (url, name) in &plan.known {
        complain(format_args!("already there as {name}: {url}"));
    }
    for refusal in &plan.refused {
        let hint = if refusal.hint.is_empty() { String::new() } else { format!(" ({})", refusal.hint) };
        complain(format_args!("refused: {}: {}{hint}", refusal.what, refusal.why));
    }
    Ok(if plan.refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// Whether a configuration with the feeds in it could be used.
fn is_usable(draft: &Path) -> Result<(), String> {
    let mut diagnostics = Diagnostics::default();
    config::load(draft, &mut diagnostics);
    if diagnostics.errors() == 0 { Ok(()) } else { Err(diagnostics.render(false)) }
}
