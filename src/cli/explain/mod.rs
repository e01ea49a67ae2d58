//! `explain`: why each rule does or does not fire on one article.

mod explanation;
mod frame;
mod hints;
mod input;
mod placement;
mod tree;
mod words;

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use jiff::Timestamp;

use super::{UNUSABLE_CONFIGURATION, arguments, is_usable, source};
use crate::config::{self, Config, Diagnostics};
use crate::pipeline::Pipeline;

pub(super) fn explain(path: &Path, what: &arguments::Explain) -> anyhow::Result<ExitCode> {
    let mut diagnostics = Diagnostics::default();
    let config = config::load(path, &mut diagnostics);
    let pipeline = Pipeline::compile(&config, &mut diagnostics);
    if !is_usable(&diagnostics) {
        return Ok(ExitCode::from(UNUSABLE_CONFIGURATION));
    }
    must_exist(&config, what.rule.as_deref())?;
    let input = input::read(&what.article, source::read(path, &what.article)?, Timestamp::now())?;
    let explanation = explanation::explain(&config, &pipeline, &input, what.rule.as_deref());
    let mut out = io::stdout().lock();
    if what.json {
        writeln!(out, "{}", serde_json::to_string(&explanation)?)?;
    } else {
        words::write(&mut out, &explanation, io::stdout().is_terminal())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn must_exist(config: &Config, rule: Option<&str>) -> anyhow::Result<()> {
    if let Some(rule) = rule.filter(|rule| !config.rules.contains_key(*rule)) {
        let known: Vec<&str> = config.rules.keys().map(String::as_str).collect();
        bail!("there is no rule `{rule}`; configured are {}", known.join(", "));
    }
    Ok(())
}
