//! What an alert says line by line below its headline: of an article, or of a feed.

use jiff::Timestamp;

use super::message::{SUBJECT_CHARACTERS, VALUE_CHARACTERS, one_line};
use crate::model::{Alert, Event, Evidence, Health, Role, Value};

/// The most pieces of evidence that a message quotes.
const QUOTES: usize = 12;

/// What is known of an alert, each with its label.
pub(super) fn facts(alert: &Alert, created: Timestamp) -> Vec<(&'static str, String)> {
    let report = &alert.report;
    if let Some(health) = &alert.health {
        return of_feed(alert, health, created);
    }
    let event = alert.event.as_ref().map(|event| ("event", happening(event)));
    let mut facts: Vec<_> = event.into_iter().collect();
    facts.extend([
        ("outlet", one_line(&report.outlet, VALUE_CHARACTERS)),
        ("published", report.published.map_or_else(|| "time unknown".to_owned(), moment)),
    ]);
    facts.extend(report.url.as_ref().map(|url| ("link", one_line(url, VALUE_CHARACTERS))));
    facts.push(("why", reasons(&alert.why)));
    facts.push(("story", one_line(&alert.story.0, VALUE_CHARACTERS)));
    facts.push(("created", moment(created)));
    facts
}

fn moment(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// An event in a line: its kind, what is known of each field, how it stands and since when.
fn happening(event: &Event) -> String {
    let field = |(name, value): (&String, &Value)| match value {
        Value::One(value) => Some(format!("{name} {value}")),
        Value::Many(values) => Some(format!("{name} {}", values.join(", "))),
        Value::Unknown(()) => None,
    };
    let fields: Vec<String> = event.fields.iter().filter_map(field).collect();
    let date = event.date.map(|date| format!(" on {date}")).unwrap_or_default();
    one_line(&format!("{}: {}; {}{date}", event.kind, fields.join("; "), event.status.as_str()), VALUE_CHARACTERS)
}

/// The evidence, each phrase once and in the order of the article.
fn reasons(why: &[Evidence]) -> String {
    let mut quotes: Vec<String> = Vec::new();
    for evidence in why {
        let quote = format!("“{}” ({})", one_line(&evidence.text, SUBJECT_CHARACTERS), part(evidence.role));
        if !quotes.contains(&quote) {
            quotes.push(quote);
        }
    }
    let unsaid = quotes.len().saturating_sub(QUOTES);
    quotes.truncate(QUOTES);
    let mut reasons = quotes.join(", ");
    if unsaid > 0 {
        reasons.push_str(&format!(" and {unsaid} more"));
    }
    reasons
}

fn part(role: Role) -> &'static str {
    match role {
        Role::Actor => "actor",
        Role::Trigger => "trigger",
        Role::Cue => "cue",
        Role::Date => "date",
        Role::Term => "term",
    }
}

fn of_feed(alert: &Alert, health: &Health, created: Timestamp) -> Vec<(&'static str, String)> {
    let line = |text: &str| one_line(text, VALUE_CHARACTERS);
    let times = |failures| if failures > 1 { format!(", {failures} times in a row") } else { String::new() };
    let mut facts = vec![("feed", line(&health.feed)), ("outlet", line(&alert.report.outlet)), ("since", moment(health.since))];
    facts.extend(health.error.as_ref().map(|error| ("error", line(&format!("{error}{}", times(health.failures))))));
    facts.push(("answered", health.last_success.map_or_else(|| "never".to_owned(), moment)));
    facts.extend(alert.report.url.as_ref().map(|url| ("link", line(url))));
    facts.extend([("story", line(&alert.story.0)), ("created", moment(created))]);
    facts
}
