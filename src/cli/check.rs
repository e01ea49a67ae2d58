//! `check`: the same two steps as `run`, and nothing after them.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use super::{UNUSABLE_CONFIGURATION, arguments, complain, show};
use crate::config::Diagnostics;
use crate::daemon::{Setup, counts};

pub(super) fn check(config: &Path, what: &arguments::Check) -> anyhow::Result<ExitCode> {
    let mut diagnostics = Diagnostics::default();
    let setup = Setup::load(config, &mut diagnostics);
    show(&diagnostics);
    let Some(setup) = setup else {
        let errors = diagnostics.errors();
        complain(format_args!("{}: {errors} error{}", config.display(), if errors == 1 { "" } else { "s" }));
        return Ok(ExitCode::from(UNUSABLE_CONFIGURATION));
    };
    if what.rules {
        write_rules(&setup, what.json)?;
        return Ok(ExitCode::SUCCESS);
    }
    let counts: Vec<String> = counts(&setup.config).iter().map(|(what, count)| format!("{count} {what}")).collect();
    println!("{}: fine ({})", config.display(), counts.join(", "));
    Ok(ExitCode::SUCCESS)
}

/// Every rule that has an expression, as it is read.
fn write_rules(setup: &Setup, json: bool) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (rule, expression) in setup.pipeline.rules().expressions() {
        if json {
            writeln!(out, "{}", serde_json::json!({ "rule": rule, "expression": expression }))?;
        } else {
            writeln!(out, "{rule}: {expression}")?;
        }
    }
    out.flush()
}
