//! Whether two tellings are of one event: the kind and what identifies it agree, and so does the day.

use jiff::civil::Date;

use crate::model::{Event, Precision};
use crate::text::Tokens;

/// Days by which one call has two dates: the zones of its ends, and "late on Wednesday".
pub(super) const DAYS_BETWEEN_ZONES: i32 = 1;
/// The same where an article names no day and is taken by its publication.
const DAYS_UNSAID: i32 = 2;
/// Days between the announcement of a measure and its entry into force that are still one event.
const DAYS_OF_A_MEASURE: i32 = 3;
/// Letters by which two words about one thing begin alike, whatever their endings.
const STEM: usize = 5;

/// Whether two events are one.
pub fn is_same(one: &Event, other: &Event) -> bool {
    if one.kind != other.kind {
        return false;
    }
    let between_persons = !one.values("actors").is_empty();
    if between_persons {
        let days = if exact(one) && exact(other) { DAYS_BETWEEN_ZONES } else { DAYS_UNSAID };
        return is_part(one.values("actors"), other.values("actors")) && are_near(one.date, other.date, days);
    }
    one.values("imposer") == other.values("imposer") && are_near(one.date, other.date, DAYS_OF_A_MEASURE) && are_alike(one, other)
}

/// How far from each other two events are that are one: the days between them, and who is named in only one of them.
pub fn distance(one: &Event, other: &Event) -> (i32, usize) {
    let days = one.date.zip(other.date).map_or(0, |(one, other)| (one - other).get_days().abs());
    let only_in = |a: &[String], b: &[String]| a.iter().filter(|actor| !b.contains(actor)).count();
    let (a, b) = (one.values("actors"), other.values("actors"));
    (days, only_in(a, b) + only_in(b, a))
}

fn exact(event: &Event) -> bool {
    event.date_precision == Precision::Day
}

/// A report of a joint call may name only some who took part.
pub fn is_part(one: &[String], other: &[String]) -> bool {
    let (few, many) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    few.iter().all(|actor| many.contains(actor))
}

fn are_near(one: Option<Date>, other: Option<Date>, days: i32) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).get_days().abs() <= days,
        _ => true,
    }
}

/// Whether two measures of one issuer may be the same: they are about a common thing; or one does not say what it is about, or
/// they are of one rate, and they hit a common target.
pub fn are_alike(one: &Event, other: &Event) -> bool {
    let (a, b) = (stems(one.values("object")), stems(other.values("object")));
    let target = |event: &Event| event.values("target").to_vec();
    let common_target = target(one).iter().any(|country| country == "all" || target(other).contains(country))
        || target(other).iter().any(|country| country == "all");
    let common_rate = one.values("rate").iter().any(|rate| other.values("rate").contains(rate));
    if a.is_empty() || b.is_empty() || common_rate { common_target } else { a.iter().any(|stem| b.contains(stem)) }
}

fn stems(object: &[String]) -> Vec<String> {
    let stem = |word: &str| word.chars().take(STEM).collect();
    object.iter().flat_map(|object| Tokens::of(object).words().map(stem).collect::<Vec<String>>()).collect()
}
