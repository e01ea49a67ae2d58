//! `feeds list`: how the feeds of the configuration stand, by the state.

use std::collections::BTreeMap;
use std::process::ExitCode;

use jiff::Timestamp;
use serde::Serialize;

use crate::config::Config;
use crate::model::{Ailment, FeedReport, FeedStatus, Gap};
use crate::schedule::health::{self, often, span};
use crate::store::SqliteStore;

/// One feed, as printed with `--json`. All up to `articles_seen` are promised.
#[derive(Debug, Serialize)]
struct Line<'a> {
    id: &'a str,
    url: &'a str,
    status: &'static str,
    last_checked: Option<Timestamp>,
    last_success: Option<Timestamp>,
    last_error: Option<&'a str>,
    next_due: Option<Timestamp>,
    interval_seconds: Option<u64>,
    articles_seen: u64,
    /// Failed polls in a row.
    failures: u32,
    /// Where it has moved for good, and is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_to: Option<&'a str>,
    /// How often it usually publishes.
    #[serde(skip_serializing_if = "Option::is_none")]
    per_day: Option<f64>,
    /// Seconds of a silence that is out of character.
    #[serde(skip_serializing_if = "Option::is_none")]
    silent_seconds: Option<i64>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    quiet: Option<String>,
    /// What is wrong with it, if anything: `retired`, `failing`, `stale`, `gap`.
    health: Vec<Ailment>,
    /// When the first of the failed polls in a row was.
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<Timestamp>,
    /// Between which polls entries may have come and gone unseen.
    #[serde(skip_serializing_if = "Option::is_none")]
    gap: Option<Gap>,
}

pub(super) fn list(config: &Config, json: bool) -> anyhow::Result<ExitCode> {
    let (reports, now) = (reports(config)?, Timestamp::now());
    for (name, feed) in &config.feeds {
        // what the state knows of another address is of another feed
        let report = reports.get(name).filter(|(url, _)| url == feed.url.as_str()).map(|(_, report)| report);
        let line = line(name, feed.url.as_str(), report, now);
        if json { println!("{}", serde_json::to_string(&line)?) } else { println!("{}", in_words(&line, now)) }
    }
    Ok(ExitCode::SUCCESS)
}

fn reports(config: &Config) -> anyhow::Result<BTreeMap<String, (String, FeedReport)>> {
    let path = &config.state.sqlite;
    let found = if path.exists() { SqliteStore::feeds(path)? } else { Vec::new() };
    Ok(found.into_iter().map(|report| (report.name.clone(), (report.url.clone(), report))).collect())
}

fn line<'a>(id: &'a str, url: &'a str, report: Option<&'a FeedReport>, now: Timestamp) -> Line<'a> {
    let state = report.map(|report| &report.state);
    let rhythm = state.and_then(|state| state.habits.rhythm.as_ref());
    let silence = rhythm.and_then(|rhythm| health::silence(rhythm, now));
    Line {
        id,
        url,
        status: report.map_or("new", status),
        last_checked: report.and_then(|report| report.last_checked),
        last_success: state.and_then(|state| state.last_success),
        last_error: report.and_then(|report| report.last_error.as_deref()),
        next_due: report.filter(|report| !report.retired).map(|report| report.next_due),
        interval_seconds: state.and_then(|state| state.interval).map(|interval| interval.as_secs()),
        articles_seen: report.map_or(0, |report| report.articles_seen),
        failures: state.map_or(0, |state| state.failures),
        moved_to: state.and_then(|state| state.habits.address.as_deref()),
        per_day: rhythm.map(|rhythm| (health::per_day(rhythm) * 100.0).round() / 100.0),
        silent_seconds: silence.map(|silence| silence.as_secs()),
        quiet: silence.and(rhythm).map(|rhythm| health::quiet(rhythm, now)),
        health: report.map_or_else(Vec::new, |report| health::ailments(report, now)),
        failing_since: state.and_then(|state| state.habits.failing_since),
        gap: state.and_then(|state| state.habits.gap),
    }
}

fn status(report: &FeedReport) -> &'static str {
    FeedStatus::of(report.retired, report.last_checked.is_some(), report.state.failures).as_str()
}

fn in_words(line: &Line<'_>, now: Timestamp) -> String {
    let mut words = vec![format!("{:8} {}", line.status, line.id)];
    if let Some(error) = line.last_error {
        let times = if line.failures > 1 { format!(", {} times in a row", line.failures) } else { String::new() };
        words.push(format!("{error}{times}"));
    }
    words.extend(line.last_success.map(|at| format!("answered {} ago", span(now.duration_since(at)))));
    words.extend(line.next_due.map(|at| format!("next in {}", span(at.duration_since(now)))));
    words.extend(line.quiet.clone().or(line.per_day.map(often)));
    words.extend(line.gap.map(|gap| {
        let minutes = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M UTC").to_string();
        format!("entries between {} and {} may have been missed", minutes(gap.since), minutes(gap.until))
    }));
    words.extend(line.moved_to.map(|address| format!("has moved for good to {address}")));
    words.join("; ")
}
