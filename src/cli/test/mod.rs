//! `test`: the rules tried on the articles that their authors wrote down.

mod compare;

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use self::compare::{Failure, compare};
use super::{FAILED, UNUSABLE_CONFIGURATION, arguments, complain, is_usable};
use crate::config::{self, Diagnostics, Test};
use crate::model::{Alert, Judge};
use crate::pipeline::Pipeline;

pub(super) fn test(config: &Path, what: &arguments::Test) -> anyhow::Result<ExitCode> {
    let mut diagnostics = Diagnostics::default();
    let config = config::load_with(config, &what.files, &mut diagnostics);
    let pipeline = Pipeline::compile(&config, &mut diagnostics);
    if !is_usable(&diagnostics) {
        return Ok(ExitCode::from(UNUSABLE_CONFIGURATION));
    }
    if config.tests.is_empty() {
        complain(format_args!("wirewatch: there is no [[test]] in the configuration; name a file that holds some"));
    }
    let mut teller = Teller { out: BufWriter::new(io::stdout().lock()), json: what.json, passed: 0, failed: 0 };
    for test in &config.tests {
        teller.tell(test, &compare(test, &alerts(&pipeline, test)), &diagnostics)?;
    }
    teller.finish()?;
    Ok(if teller.failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// What would ring if the article were the first ever seen.
fn alerts(pipeline: &Pipeline, test: &Test) -> Vec<Alert> {
    let candidate = pipeline.examine(test.article.clone());
    let decision = candidate.map(|candidate| pipeline.decide(&candidate, &[])).unwrap_or_default();
    decision.into_iter().map(|verdict| verdict.alert).collect()
}

/// One line of `--json`.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Test { name: &'a str, file: String, ok: bool, failures: &'a [Failure] },
    Summary { passed: usize, failed: usize },
}

struct Teller<W: Write> {
    out: W,
    json: bool,
    passed: usize,
    failed: usize,
}

impl<W: Write> Teller<W> {
    fn tell(&mut self, test: &Test, failures: &[Failure], diagnostics: &Diagnostics) -> io::Result<()> {
        let ok = failures.is_empty();
        *(if ok { &mut self.passed } else { &mut self.failed }) += 1;
        if self.json {
            let file = diagnostics.file(&test.spot);
            return self.line(&Line::Test { name: &test.name, file, ok, failures });
        }
        if ok {
            return writeln!(self.out, "test {} … passed", test.name);
        }
        writeln!(self.out, "test {} … FAILED ({})", test.name, diagnostics.place(&test.spot))?;
        failures.iter().try_for_each(|failure| writeln!(self.out, "    {failure}"))
    }

    fn finish(&mut self) -> io::Result<()> {
        let Self { passed, failed, .. } = *self;
        if self.json {
            self.line(&Line::Summary { passed, failed })?;
        } else {
            writeln!(self.out, "{passed} passed, {failed} failed")?;
        }
        self.out.flush()
    }

    fn line(&mut self, line: &Line<'_>) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, line)?;
        writeln!(self.out)
    }
}
