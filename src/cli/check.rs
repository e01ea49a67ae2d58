//! `check`: the same two steps as `run`, and nothing after them.

use std::path::Path;
use std::process::ExitCode;

use super::{UNUSABLE_CONFIGURATION, complain, show};
use crate::config::Diagnostics;
use crate::daemon::{Setup, counts};

pub(super) fn check(config: &Path) -> anyhow::Result<ExitCode> {
    let mut diagnostics = Diagnostics::default();
    let setup = Setup::load(config, &mut diagnostics);
    show(&diagnostics);
    let Some(setup) = setup else {
        let errors = diagnostics.errors();
        complain(format_args!("{}: {errors} error{}", config.display(), if errors == 1 { "" } else { "s" }));
        return Ok(ExitCode::from(UNUSABLE_CONFIGURATION));
    };
    let counts: Vec<String> = counts(&setup.config).iter().map(|(what, count)| format!("{count} {what}")).collect();
    println!("{}: fine ({})", config.display(), counts.join(", "));
    Ok(ExitCode::SUCCESS)
}
