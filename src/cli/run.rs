//! `run` and `run --once`.

use std::path::Path;
use std::process::ExitCode;

use super::{FAILED, UNUSABLE_CONFIGURATION, load, runtime};
use crate::daemon;

pub(super) fn run(config: &Path, once: bool) -> anyhow::Result<ExitCode> {
    let Some(setup) = load(config) else { return Ok(ExitCode::from(UNUSABLE_CONFIGURATION)) };
    if !once {
        runtime()?.block_on(daemon::run(config, setup))?;
        return Ok(ExitCode::SUCCESS);
    }
    let pass = runtime()?.block_on(daemon::run_once(setup))?;
    println!("{pass}");
    Ok(if pass.all_delivered() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}
