//! What a test expected against what the rules said.

use std::cmp::Reverse;
use std::fmt;

use jiff::civil::Date;
use serde::Serialize;

use crate::config::{Expectation, Test};
use crate::model::{Alert, Event, Value};

/// How far an event's day may be from the expected one, in days: midnight is not everywhere at once.
const NEAR_DAYS: i32 = 1;

/// One reason why a test failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "problem", rename_all = "lowercase")]
pub(super) enum Failure {
    /// A rule was expected to fire (once more), and did not.
    Silent { rule: String, expected: String },
    /// A rule fired though it was not expected to (once more).
    Unexpected { rule: String, event: Option<Event>, words: Vec<String> },
    /// A rule fired, but for an event with another value.
    Differs { rule: String, field: String, expected: String, found: String },
}

/// Every way in which the alerts on a test's article are not what it expects.
pub(super) fn compare(test: &Test, alerts: &[Alert]) -> Vec<Failure> {
    let mut left: Vec<&Alert> = alerts.iter().collect();
    let mut expected: Vec<&Expectation> = test.expect.iter().collect();
    // the one that says most chooses first, or one that says little could take its alert away
    expected.sort_by_key(|expected| Reverse(expected.fields.len() + usize::from(expected.date.is_some())));
    expected.retain(|expected| take(&mut left, |alert| agrees(expected, alert)).is_none());
    let mut failures: Vec<Failure> = expected.into_iter().flat_map(|expected| miss(expected, &mut left)).collect();
    let must_be_silent = |rule: &String| test.silent.as_ref().is_none_or(|rules| rules.contains(rule));
    failures.extend(left.into_iter().filter(|alert| must_be_silent(&alert.rule)).map(unexpected));
    failures
}

fn agrees(expected: &Expectation, alert: &Alert) -> bool {
    alert.rule == expected.rule && differences(expected, alert).is_empty()
}

/// Why an expectation is not met: in what the nearest alert of its rule differs, or that there is none.
fn miss(expected: &Expectation, left: &mut Vec<&Alert>) -> Vec<Failure> {
    let same_rule = left.iter().filter(|alert| alert.rule == expected.rule);
    let nearest = same_rule.min_by_key(|alert| differences(expected, alert).len()).copied();
    match nearest.and_then(|nearest| take(left, |alert| std::ptr::eq(alert, nearest))) {
        Some(alert) => differences(expected, alert),
        None => vec![Failure::Silent { rule: expected.rule.clone(), expected: wish(expected) }],
    }
}

/// What is asked of the event, in words; empty where any will do.
fn wish(expected: &Expectation) -> String {
    let fields = expected.fields.iter().map(|(field, value)| format!("{field} {}", words(&sorted(value))));
    let wishes: Vec<String> = expected.date.map(|date| format!("date {date}")).into_iter().chain(fields).collect();
    wishes.join("; ")
}

fn take<'a>(left: &mut Vec<&'a Alert>, wanted: impl Fn(&Alert) -> bool) -> Option<&'a Alert> {
    let place = left.iter().position(|alert| wanted(alert))?;
    Some(left.remove(place))
}

fn differences(expected: &Expectation, alert: &Alert) -> Vec<Failure> {
    let event = alert.event.as_ref();
    let differs = |field: &str, expected_value: String, found: Vec<String>| Failure::Differs {
        rule: alert.rule.clone(),
        field: field.to_owned(),
        expected: expected_value,
        found: words(&found),
    };
    let found_date = event.and_then(|event| event.date);
    let date = expected.date.filter(|date| !found_date.is_some_and(|found| are_near(*date, found)));
    let date = date.map(|date| differs("date", date.to_string(), found_date.iter().map(Date::to_string).collect()));
    let fields = expected.fields.iter().filter_map(|(field, value)| {
        let (wanted, found) = (sorted(value), event.map(|event| found(event, field)).unwrap_or_default());
        (wanted != found).then(|| differs(field, words(&wanted), found))
    });
    date.into_iter().chain(fields).collect()
}

fn are_near(one: Date, other: Date) -> bool {
    (one - other).get_days().abs() <= NEAR_DAYS
}

/// What an event says of a field, in order.
fn found(event: &Event, field: &str) -> Vec<String> {
    match field {
        "kind" => vec![event.kind.clone()],
        "status" => vec![event.status.as_str().to_owned()],
        _ => event.fields.get(field).map(sorted).unwrap_or_default(),
    }
}

fn sorted(value: &Value) -> Vec<String> {
    let mut values = match value {
        Value::One(value) => vec![value.clone()],
        Value::Many(values) => values.clone(),
        Value::Unknown(()) => Vec::new(),
    };
    values.sort();
    values
}

fn words(values: &[String]) -> String {
    if values.is_empty() { "nothing".to_owned() } else { values.join(", ") }
}

fn unexpected(alert: &Alert) -> Failure {
    let words = alert.why.iter().map(|evidence| evidence.text.clone()).collect();
    Failure::Unexpected { rule: alert.rule.clone(), event: alert.event.clone(), words }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent { rule, expected } if expected.is_empty() => write!(f, "{rule}: expected, but silent"),
            Self::Silent { rule, expected } => write!(f, "{rule}: expected, but silent ({expected})"),
            Self::Unexpected { rule, words, .. } => {
                write!(f, "{rule}: fired though not expected, on “{}”", words.join("”, “"))
            }
            Self::Differs { rule, field, expected, found } => write!(f, "{rule}: {field}: expected {expected}, found {found}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::Timestamp;

    use super::*;
    use crate::config::Spot;
    use crate::model::{AlertKind, Article, ArticleKey, Evidence, Field, Precision, Report, Role, Severity, Status, StoryId};

    fn alert(rule: &str, event: Option<Event>) -> Alert {
        let why = vec![Evidence { field: Field::Title, start: 0, end: 4, text: "duty".to_owned(), role: Role::Term }];
        let report = Report { article: String::new(), outlet: String::new(), title: String::new(), url: None, published: None };
        let (kind, story) = (AlertKind::Alert, StoryId(String::new()));
        Alert {
            kind,
            id: String::new(),
            rule: rule.to_owned(),
            story,
            severity: Severity::Low,
            report,
            changes: Vec::new(),
            event,
            why,
            health: None,
        }
    }

    fn measure(imposer: &str, target: &[&str], day: &str) -> Alert {
        let target = Value::Many(target.iter().map(|code| (*code).to_owned()).collect());
        let fields = BTreeMap::from([("imposer".to_owned(), Value::One(imposer.to_owned())), ("target".to_owned(), target)]);
        let (date, date_precision) = (Some(day.parse().unwrap()), Precision::Day);
        let event = Event { kind: "tariff-change".to_owned(), date, date_precision, status: Status::Occurred, fields };
        alert("tariffs", Some(event))
    }

    fn expected(rule: &str, date: Option<&str>, fields: &[(&'static str, &str)]) -> Expectation {
        let fields = fields.iter().map(|(name, value)| (*name, Value::One((*value).to_owned()))).collect();
        Expectation { rule: rule.to_owned(), date: date.map(|date| date.parse().unwrap()), fields }
    }

    fn failures(expect: &[Expectation], silent: Option<&[&str]>, alerts: &[Alert]) -> Vec<String> {
        let article = Article {
            key: ArticleKey(String::new()),
            feed: None,
            outlet: String::new(),
            url: None,
            title: String::new(),
            text: String::new(),
            author: None,
            language: None,
            published: None,
            first_seen: Timestamp::UNIX_EPOCH,
        };
        let silent = silent.map(|rules| rules.iter().map(|rule| (*rule).to_owned()).collect());
        let test = Test { name: String::new(), spot: Spot { source: 0, span: 0..0 }, article, expect: expect.to_vec(), silent };
        compare(&test, alerts).iter().map(Failure::to_string).collect()
    }

    #[test]
    fn what_is_expected_and_found_is_no_failure() {
        assert_eq!(failures(&[], None, &[]), [""; 0]);
        let expect = [expected("duties", None, &[]), expected("tariffs", Some("2025-06-05"), &[("imposer", "us")])];
        assert_eq!(failures(&expect, None, &[alert("duties", None), measure("us", &["cn"], "2025-06-05")]), [""; 0]);
    }

    #[test]
    fn a_day_may_be_off_by_one_and_no_more() {
        let expect = [expected("tariffs", Some("2025-06-01"), &[])];
        assert_eq!(failures(&expect, None, &[measure("us", &[], "2025-05-31")]), [""; 0]);
        let wrong = ["tariffs: date: expected 2025-06-01, found 2025-06-03"];
        assert_eq!(failures(&expect, None, &[measure("us", &[], "2025-06-03")]), wrong);
    }

    #[test]
    fn lists_agree_in_any_order_and_one_value_is_a_list_of_one() {
        let mut both = expected("tariffs", None, &[]);
        both.fields.insert("target", Value::Many(vec!["mx".to_owned(), "ca".to_owned()]));
        assert_eq!(failures(&[both], None, &[measure("us", &["ca", "mx"], "2025-06-05")]), [""; 0]);
        let one = [expected("tariffs", None, &[("target", "cn"), ("kind", "tariff-change"), ("status", "occurred")])];
        assert_eq!(failures(&one, None, &[measure("us", &["cn"], "2025-06-05")]), [""; 0]);
    }

    #[test]
    fn each_expectation_wants_an_alert_of_its_own() {
        let expect = [expected("tariffs", None, &[]), expected("tariffs", None, &[])];
        let one = [measure("us", &["cn"], "2025-06-05")];
        assert_eq!(failures(&expect, None, &one), ["tariffs: expected, but silent"]);
    }

    #[test]
    fn of_two_expected_events_the_missing_one_is_told() {
        let expect =
            [expected("tariffs", Some("2025-06-05"), &[("imposer", "us")]), expected("tariffs", None, &[("imposer", "eu")])];
        let told = ["tariffs: expected, but silent (imposer eu)"];
        assert_eq!(failures(&expect, None, &[measure("us", &["cn"], "2025-06-05")]), told);
    }

    #[test]
    fn an_expectation_that_says_little_takes_what_others_leave() {
        let expect = [expected("tariffs", None, &[]), expected("tariffs", None, &[("imposer", "us")])];
        let alerts = [measure("us", &[], "2025-06-05"), measure("cn", &[], "2025-06-05")];
        assert_eq!(failures(&expect, None, &alerts), [""; 0]);
    }

    #[test]
    fn what_differs_is_told_of_the_nearest_alert_and_the_other_is_unexpected() {
        let expect = [expected("tariffs", Some("2025-06-05"), &[("imposer", "us"), ("rate", "25%")])];
        let alerts = [measure("cn", &[], "2024-06-05"), measure("us", &[], "2025-06-05")];
        let told = ["tariffs: rate: expected 25%, found nothing", "tariffs: fired though not expected, on “duty”"];
        assert_eq!(failures(&expect, None, &alerts), told);
    }

    #[test]
    fn a_rule_on_words_has_no_event_to_agree_with() {
        let expect = [expected("duties", Some("2025-06-05"), &[])];
        let told = ["duties: date: expected 2025-06-05, found nothing"];
        assert_eq!(failures(&expect, None, &[alert("duties", None)]), told);
    }

    #[test]
    fn only_the_rules_named_silent_must_be() {
        let alerts = [alert("duties", None), alert("quotas", None)];
        assert_eq!(failures(&[], None, &alerts).len(), 2);
        let told = ["quotas: fired though not expected, on “duty”"];
        assert_eq!(failures(&[], Some(&["quotas"]), &alerts), told);
        assert_eq!(failures(&[], Some(&[]), &alerts), [""; 0]);
    }
}
