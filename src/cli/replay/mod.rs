//! `replay`: kept articles judged as if they came in now, each at its own time.

mod input;
mod memory;

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde::Serialize;

use self::input::Input;
use self::memory::Memory;
use super::arguments::Replay;
use super::{FAILED, UNUSABLE_CONFIGURATION, complain, is_usable};
use crate::config::{self, Diagnostics};
use crate::model::{Alert, AlertKind, Article, Candidate, Judge};
use crate::pipeline::{Pipeline, candidate};
use crate::text::Analysis;

pub(super) fn replay(config: &Path, what: &Replay) -> anyhow::Result<ExitCode> {
    let started = Instant::now();
    let mut diagnostics = Diagnostics::default();
    let config = config::load(config, &mut diagnostics);
    let pipeline = Pipeline::compile(&config, &mut diagnostics);
    if !is_usable(&diagnostics) {
        return Ok(ExitCode::from(UNUSABLE_CONFIGURATION));
    }
    let input = Input::read(&what.files);
    for unreadable in &input.unreadable {
        complain(format_args!("wirewatch: {unreadable}"));
    }
    let readable = input.unreadable.is_empty();
    let mut teller = Teller { out: BufWriter::new(io::stdout().lock()), json: what.json, summary: Summary::default() };
    if what.each {
        teller.each(&pipeline, input.articles)?;
    } else {
        teller.stories(&pipeline, input.articles)?;
    }
    teller.finish(started.elapsed())?;
    Ok(if readable { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// The last line of a replay.
#[derive(Debug, Default, Serialize)]
struct Summary {
    articles: usize,
    alerts: usize,
    updates: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    matches: Option<usize>,
    seconds: f64,
    match_seconds: f64,
}

struct Teller<W: Write> {
    out: W,
    json: bool,
    summary: Summary,
}

impl<W: Write> Teller<W> {
    fn stories(&mut self, pipeline: &Pipeline, articles: Vec<Article>) -> io::Result<()> {
        let mut memory = Memory::default();
        for article in articles {
            let Some(candidate) = self.examine(pipeline, article) else { continue };
            for verdict in pipeline.decide(&candidate, &memory.recent(&candidate, pipeline.story_window())) {
                match verdict.alert.kind {
                    AlertKind::Alert => self.summary.alerts += 1,
                    AlertKind::Update => self.summary.updates += 1,
                }
                self.tell(&verdict.alert)?;
                memory.remember(&candidate, verdict.place);
            }
        }
        Ok(())
    }

    fn each(&mut self, pipeline: &Pipeline, articles: Vec<Article>) -> io::Result<()> {
        self.summary.matches = Some(0);
        for article in articles {
            let Some(candidate) = self.examine(pipeline, article) else { continue };
            for verdict in pipeline.decide(&candidate, &[]) {
                *self.summary.matches.get_or_insert(0) += 1;
                self.tell_match(&verdict.alert)?;
            }
        }
        Ok(())
    }

    fn examine(&mut self, pipeline: &Pipeline, article: Article) -> Option<Candidate> {
        let started = Instant::now();
        let analysis = Analysis::of(&article);
        let matches = pipeline.rules().matches(&article, &analysis);
        self.summary.match_seconds += started.elapsed().as_secs_f64();
        self.summary.articles += 1;
        (!matches.is_empty()).then(|| candidate(article, &analysis, matches))
    }

    fn tell(&mut self, alert: &Alert) -> io::Result<()> {
        if self.json {
            return self.line(alert);
        }
        let kind = if alert.kind == AlertKind::Alert { "alert " } else { "update" };
        self.words(kind, alert)
    }

    fn tell_match(&mut self, alert: &Alert) -> io::Result<()> {
        if !self.json {
            return self.words("match", alert);
        }
        let mut object = serde_json::to_value(alert)?;
        object["type"] = "match".into();
        self.line(&object)
    }

    fn words(&mut self, kind: &str, alert: &Alert) -> io::Result<()> {
        let published = alert.report.published.map_or_else(|| "undated".to_owned(), |time| time.to_string());
        let (story, report) = (&alert.story, &alert.report);
        writeln!(
            self.out,
            "{published}  {kind}  [{}] {}  {story}  {} ({})",
            alert.severity, alert.rule, report.title, report.outlet
        )?;
        alert.changes.iter().try_for_each(|news| writeln!(self.out, "    new: {}", news.words))
    }

    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, value)?;
        writeln!(self.out)
    }

    fn finish(&mut self, elapsed: Duration) -> io::Result<()> {
        self.summary.seconds = elapsed.as_secs_f64();
        if self.json {
            let mut object = serde_json::to_value(&self.summary)?;
            object["type"] = "summary".into();
            self.line(&object)?;
        } else {
            let Summary { articles, alerts, updates, seconds, .. } = self.summary;
            writeln!(self.out, "{articles} articles: {alerts} alerts, {updates} updates in {seconds:.3} s")?;
        }
        self.out.flush()
    }
}
