//! Date expressions, and the days they stand for on the day of publication.
//!
//! The languages need not be told apart: their tables make one [`grammar`], in which the longest expression wins. Where a
//! word is a month in one language and something else in another, the patterns ask for a capital or a number beside it.

mod chinese;
mod english;
mod french;
mod german;
mod grammar;
mod japanese;
mod meaning;
mod number;
mod pattern;
mod russian;
mod spanish;

use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::{Offset, TimeZone};

use self::grammar::{Found, Grammar};
use self::meaning::{Meaning, resolve};
use super::Text;
use super::fold::is_apostrophe;

/// How finely a date is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// A day, or a few days named together.
    Day,
    /// A week, or days counted in weeks.
    Week,
    /// A month, or days counted in months.
    Month,
    /// A year, or days counted in years.
    Year,
}

/// On which side of the day of publication a date lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Before it.
    Past,
    /// After it.
    Future,
    /// On it, around it, or not said: a bare weekday can be the last or the next.
    Unknown,
}

/// What a word beside the date makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The date itself.
    At,
    /// Something begins there: "since", "from", "after".
    From,
    /// Something ends there: "until", "by", "before".
    Until,
}

/// The days that an expression stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolved {
    /// The first day it can be.
    pub from: Date,
    /// The last day it can be.
    pub to: Date,
    /// How finely it is told.
    pub precision: Precision,
    /// Where it lies.
    pub direction: Direction,
    /// Whether something happens then, begins or ends.
    pub bound: Bound,
    /// The day of the week, where nothing else was said. `from` and `to` are the latest one.
    pub bare_weekday: Option<Weekday>,
}

impl Resolved {
    /// The one day it is, if it is one.
    pub fn day(&self) -> Option<Date> {
        (self.from == self.to).then_some(self.from)
    }

    /// For a bare weekday, the first one from the day of publication on: what "on Friday" means beside "will".
    pub fn next_after(&self, today: Date) -> Option<Date> {
        self.bare_weekday.map(|weekday| meaning::on_or_after(weekday, today))
    }

    fn of((from, to, precision): (Date, Date, Precision), today: Date) -> Self {
        let direction = match () {
            () if to < today => Direction::Past,
            () if from > today => Direction::Future,
            () => Direction::Unknown,
        };
        Self { from, to, precision, direction, bound: Bound::At, bare_weekday: None }
    }
}

/// A date expression in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateMention {
    /// The positions of its words.
    pub words: Range<usize>,
    /// What it stands for.
    pub date: Resolved,
}

/// The day it is where an outlet publishes, by its offset from UTC in hours; in UTC if that is not known.
pub fn today(published: Timestamp, offset_hours: Option<i8>) -> Date {
    let offset = offset_hours.and_then(|hours| Offset::from_hours(hours).ok()).unwrap_or(Offset::UTC);
    published.to_zoned(TimeZone::fixed(offset)).date()
}

/// Every date expression of a text in order, read on a day.
///
/// - A weekday alone is the latest one, that day included.
/// - A month and day without a year, or a day without a month, is the nearest one, the past one of two; a weekday beside
///   it that fits only one year decides.
/// - "A day earlier" counts from the day named last that is not to come, else from the day of publication.
pub fn find(text: &Text, today: Date) -> Vec<DateMention> {
    let grammar = Grammar::get();
    let mut mentions = Vec::new();
    let (mut position, mut named) = (0, today);
    while position < text.len() {
        let Some(found) = grammar.best(text, position) else {
            position += 1;
            continue;
        };
        let resolved = if is_name(text, &found) { None } else { resolve(found.meaning, found.slots, today, named) };
        if let Some(mut date) = resolved {
            date.bound = bound(text, &found);
            named = date.day().filter(|day| *day <= today).unwrap_or(named);
            mentions.push(DateMention { words: found.first..found.end, date });
        }
        position = found.end;
    }
    mentions
}

/// Whether a folded word names a month in any of the languages.
pub(super) fn is_month(word: &str) -> bool {
    Grammar::get().is_month(word)
}

/// Whether the words belong to a name: "the Monday Club", "Europe Today".
fn is_name(text: &Text, found: &Found) -> bool {
    let is_inside = |position: usize| text.gap(position) == " " && text.is_capitalised(position);
    let before = found.first.checked_sub(1);
    match found.meaning {
        Meaning::Weekday => before.is_some_and(|before| text.word(before) == Some("the")) && is_inside(found.end),
        Meaning::Today(_) => before.is_some_and(|before| is_inside(found.first) && text.is_capitalised(before)),
        _ => false,
    }
}

/// What the words beside an expression, or its own first one, make of it.
fn bound(text: &Text, found: &Found) -> Bound {
    // What was weeks ago is no bound, and neither is the day of "from Thursday's call".
    if found.meaning == Meaning::Ago || text.gap(found.end).starts_with(is_apostrophe) {
        return Bound::At;
    }
    let word_before = |position: usize| position.checked_sub(1).and_then(|before| text.word(before));
    let before = match word_before(found.first) {
        Some("the" | "on" | "dem" | "den" | "zum" | "le" | "el" | "au" | "a" | "al") => word_before(found.first - 1),
        other => other,
    };
    // "D'ici": no other expression begins so.
    if text.word(found.first) == Some("d") {
        return Bound::Until;
    }
    let beside = [text.word(found.first), before].into_iter().flatten().find_map(bound_before);
    beside.or_else(|| bound_after(text.word(found.end)?, text.word(found.end + 1))).unwrap_or(Bound::At)
}

fn bound_before(word: &str) -> Option<Bound> {
    match word {
        "since" | "from" | "starting" | "effective" | "seit" | "ab" | "depuis" | "partir" | "desde" | "с" | "自" | "从"
        | "從" => Some(Bound::From),
        "until" | "till" | "by" | "through" | "bis" | "jusqu" | "ici" | "hasta" | "до" | "к" => Some(Bound::Until),
        _ => None,
    }
}

fn bound_after(word: &str, next: Option<&str>) -> Option<Bound> {
    match (word, next) {
        ("以", Some("来" | "來")) | ("か", Some("ら")) | ("起", _) => Some(Bound::From),
        ("ま", Some("で")) | ("为" | "為", Some("止")) => Some(Bound::Until),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
