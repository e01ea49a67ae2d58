//! Events and articles for the tests of this module.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::model::{Article, ArticleKey, Candidate, Event, Match, Precision, Severity, Sketch, Status, Value};

pub fn on(day: &str) -> Date {
    day.parse().unwrap()
}

fn many(values: &[&str]) -> Value {
    Value::Many(values.iter().map(|value| (*value).to_owned()).collect())
}

fn event(kind: &str, day: &str, fields: BTreeMap<String, Value>) -> Event {
    let date_precision = Precision::Day;
    Event { kind: kind.to_owned(), date: Some(on(day)), date_precision, status: Status::Occurred, fields }
}

/// A call that has taken place on a day that is named.
pub fn call(actors: &[&str], day: &str) -> Event {
    event("leader-call", day, BTreeMap::from([("actors".to_owned(), many(actors))]))
}

/// A measure of the fifth of June.
pub fn measure(action: &str, object: &str, targets: &[&str], rate: Option<&str>) -> Event {
    let one = |value: &str| Value::One(value.to_owned());
    let fields = BTreeMap::from([
        ("imposer".to_owned(), one("us")),
        ("action".to_owned(), one(action)),
        ("object".to_owned(), one(object)),
        ("target".to_owned(), many(targets)),
        ("rate".to_owned(), rate.map_or(Value::Unknown(()), one)),
    ]);
    event("tariff-change", "2025-06-05", fields)
}

/// An article of the rule `calls` that reports an event, published on its day at noon.
pub fn report(id: &str, event: Event) -> Candidate {
    let published = event.date.unwrap_or(on("2025-06-05")).at(12, 0, 0, 0).in_tz("UTC").unwrap().timestamp();
    let article = Article {
        key: ArticleKey(id.to_owned()),
        feed: None,
        outlet: "Example Wire".to_owned(),
        url: None,
        title: id.to_owned(),
        text: String::new(),
        author: None,
        language: None,
        published: Some(published),
        first_seen: published,
    };
    let opens = event.status != Status::Denied;
    let found = Match { rule: "calls".into(), severity: Severity::High, evidence: Vec::new(), event: Some(event), opens };
    Candidate { title: id.to_owned(), link: None, sketch: Sketch::default(), matches: vec![found], article }
}
