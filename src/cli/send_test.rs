//! `send-test`: a sample alert through one receiver, with the receiver's answer.

use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use jiff::Timestamp;

use super::{FAILED, UNUSABLE_CONFIGURATION, load, runtime};
use crate::model::{Alert, AlertKind, Delivery, Evidence, Field, Report, Role, Severity, StoryId};

pub(super) fn send_test(config: &Path, receiver: &str) -> anyhow::Result<ExitCode> {
    let Some(setup) = load(config) else { return Ok(ExitCode::from(UNUSABLE_CONFIGURATION)) };
    if !setup.config.receivers.contains_key(receiver) {
        let known: Vec<&str> = setup.config.receivers.keys().map(String::as_str).collect();
        bail!("there is no receiver `{receiver}`; configured are {}", known.join(", "));
    }
    let now = Timestamp::now();
    let delivery = Delivery { id: 0, receiver: receiver.to_owned(), alert: sample(now), attempt: 1, created: now };
    match runtime()?.block_on(setup.couriers.send(&delivery, now)) {
        Ok(receipt) => {
            println!("{receiver}: taken ({})", receipt.words);
            Ok(ExitCode::SUCCESS)
        }
        Err(refusal) => {
            let kind = if refusal.permanent { "refused" } else { "not taken, and would be tried again" };
            println!("{receiver}: {kind} ({})", refusal.words);
            Ok(ExitCode::from(FAILED))
        }
    }
}

/// An alert that says of itself that it is none. Each has an id of its own, or a careful receiver would take only the first.
fn sample(now: Timestamp) -> Alert {
    let title = "A sample alert: nothing has happened".to_owned();
    let id = format!("test-{}", now.as_millisecond());
    Alert {
        kind: AlertKind::Alert,
        id: id.clone(),
        rule: "send-test".to_owned(),
        story: StoryId(id.clone()),
        severity: Severity::Low,
        why: vec![Evidence { field: Field::Title, start: 2, end: 14, text: "sample alert".to_owned(), role: Role::Term }],
        report: Report { article: id, outlet: "wirewatch".to_owned(), title, url: None, published: Some(now) },
        changes: Vec::new(),
        event: None,
        health: None,
    }
}
