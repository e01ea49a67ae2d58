//! Dates in the shapes that feeds write them in. What could be two days, or none, is no date.
//!
//! A date is read as pieces (numbers, words, marks): the time is the first number with a colon, the zone and perhaps a year come
//! after it, and what stands before names the day.

mod words;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::Offset;

use words::{Filler, filler, month, zone_minutes};

/// No date is longer, in bytes.
const LONGEST: usize = 100;

/// Years of two digits from here on are of the last century (POSIX `%y`).
const PIVOT: i16 = 69;

/// The furthest a clock is from Greenwich, in minutes.
const FURTHEST_ZONE: i32 = 15 * 60 + 59;

/// The time that is written, in Greenwich where no zone is given; nothing if it is no date or not a certain one.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    if let Some(date) = by_standard(text) {
        return Some(date);
    }
    let text = text.split('(').next().unwrap_or_default();
    let pieces = pieces(text);
    let place = pieces.windows(2).position(|pair| matches!(pair, [Piece::Number(..), Piece::Mark(':')]));
    let (before, clock, after) = match place {
        Some(place) => {
            let (before, rest) = pieces.split_at(place);
            let (clock, after) = clock(rest)?;
            (before, clock, after)
        }
        None => compact(&pieces).unwrap_or((&pieces, Clock::default(), &[])),
    };
    let tail = tail(after)?;
    let day = Day::read(before, tail.year)?;
    let half = tail.half.or(day.half);
    let zone = tail.zone_minutes.or(day.zone_minutes).unwrap_or(0);
    let midnight_ends = i64::from(clock.hour == 24);
    let date = day.date()?.checked_add(jiff::Span::new().days(midnight_ends)).ok()?;
    Offset::from_seconds(zone * 60).ok()?.to_timestamp(DateTime::from_parts(date, clock.time(half)?)).ok()
}

/// A date exactly as RFC 5322 or RFC 3339 wants it, as most are.
fn by_standard(text: &str) -> Option<Timestamp> {
    static RFC_5322: DateTimeParser = DateTimeParser::new();
    let date = if text.starts_with(|first: char| first.is_ascii_digit()) {
        text.parse::<Timestamp>().ok()?
    } else if text.ends_with(" GMT") || text.ends_with(" +0000") {
        RFC_5322.parse_timestamp(text).ok()?
    } else {
        return None;
    };
    Timestamp::from_second(date.as_second()).ok()
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// A value and how many digits it was written with.
    Number(u64, usize),
    /// Letters, in lower case.
    Word(String),
    Mark(char),
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_kin = |c: char| if first.is_ascii_digit() { c.is_ascii_digit() } else { c.is_alphabetic() };
        let length = rest.find(|c: char| !is_kin(c)).unwrap_or(rest.len()).max(first.len_utf8());
        let (taken, after) = rest.split_at(length);
        match taken.parse() {
            Ok(value) if first.is_ascii_digit() => pieces.push(Piece::Number(value, length)),
            _ if first.is_alphabetic() => pieces.push(Piece::Word(taken.to_lowercase())),
            _ if first.is_whitespace() => {}
            _ => pieces.push(Piece::Mark(first)),
        }
        rest = after;
    }
    pieces
}

#[derive(Debug, Clone, Copy, Default)]
struct Clock {
    hour: u64,
    minute: u64,
    second: u64,
}

/// Half a day, for clocks of twelve hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    Morning,
    Afternoon,
}

impl Clock {
    fn time(self, half: Option<Half>) -> Option<Time> {
        let hour = match (half, self.hour) {
            (Some(Half::Morning), 12) => 0,
            (Some(Half::Afternoon), hour @ ..12) => hour + 12,
            (None, 24) if self.minute == 0 && self.second == 0 => 0,
            (_, hour) => hour,
        };
        let second = if self.second == 60 { 59 } else { self.second };
        let part = |value: u64| i8::try_from(value).ok();
        Time::new(part(hour)?, part(self.minute)?, part(second)?, 0).ok()
    }
}

/// Hours, minutes and perhaps seconds with or without a fraction; and what follows.
fn clock(pieces: &[Piece]) -> Option<(Clock, &[Piece])> {
    use Piece::{Mark, Number};
    let [Number(hour, 1..=2), Mark(':'), Number(minute, 1..=2), rest @ ..] = pieces else { return None };
    let (second, rest) = match rest {
        [Mark(':'), Number(second, 1..=2), Mark('.' | ','), Number(..), rest @ ..] => (*second, rest),
        [Mark(':'), Number(second, 1..=2), rest @ ..] => (*second, rest),
        rest => (0, rest),
    };
    Some((Clock { hour: *hour, minute: *minute, second }, rest))
}

/// `20250605T101455Z` and `20250605101455`: the day, the clock, and what follows. The day is left to be read from the same piece.
fn compact(pieces: &[Piece]) -> Option<(&[Piece], Clock, &[Piece])> {
    let (digits, before, after) = match pieces {
        [Piece::Number(_, 8), Piece::Word(t), Piece::Number(time, 6), after @ ..] if t == "t" => (*time, &pieces[..1], after),
        [Piece::Number(_, 8), Piece::Word(t), Piece::Number(time, 4), after @ ..] if t == "t" => {
            (*time * 100, &pieces[..1], after)
        }
        [Piece::Number(all, 14), after @ ..] => (*all % 1_000_000, &pieces[..1], after),
        _ => return None,
    };
    Some((before, Clock { hour: digits / 10_000, minute: digits / 100 % 100, second: digits % 100 }, after))
}

/// What may follow a time.
#[derive(Debug, Default)]
struct Tail {
    half: Option<Half>,
    zone_minutes: Option<i32>,
    year: Option<(u64, usize)>,
}

fn tail(mut pieces: &[Piece]) -> Option<Tail> {
    use Piece::{Mark, Number, Word};
    let mut tail = Tail::default();
    while !pieces.is_empty() {
        pieces = match pieces {
            [Word(word), rest @ ..] if tail.half.is_none() && matches!(filler(word), Some(Filler::Half(_))) => {
                tail.half = half(word);
                skip_dots(rest)
            }
            [Word(etc), Mark('/'), rest @ ..] if etc == "etc" => rest,
            [Word(zone), Mark('+' | '-'), Number(..), ..] if zone_minutes(zone) == Some(0) => pieces.get(1..)?,
            [Word(zone), rest @ ..] if tail.zone_minutes.is_none() => {
                tail.zone_minutes = Some(zone_minutes(zone)?);
                rest
            }
            [Mark(sign @ ('+' | '-')), Number(hours, 1..=2), Mark(':'), Number(minutes, 1..=2), rest @ ..] => {
                tail.set_zone(*sign, *hours, *minutes)?;
                rest
            }
            [Mark(sign @ ('+' | '-')), Number(hours, 1..=2), rest @ ..] => {
                tail.set_zone(*sign, *hours, 0)?;
                rest
            }
            [Mark(sign @ ('+' | '-')), Number(both, 3..=4), rest @ ..] => {
                tail.set_zone(*sign, both / 100, both % 100)?;
                rest
            }
            [Number(year, 4), rest @ ..] if tail.year.is_none() => {
                tail.year = Some((*year, 4));
                rest
            }
            [Mark(','), rest @ ..] => rest,
            _ => return None,
        };
    }
    Some(tail)
}

impl Tail {
    fn set_zone(&mut self, sign: char, hours: u64, minutes: u64) -> Option<()> {
        let total = i32::try_from(hours * 60 + minutes).ok().filter(|total| *total <= FURTHEST_ZONE && minutes < 60)?;
        self.zone_minutes.is_none().then(|| self.zone_minutes = Some(if sign == '-' { -total } else { total }))
    }
}

fn half(word: &str) -> Option<Half> {
    match filler(word) {
        Some(Filler::Half(half)) => Some(half),
        _ => None,
    }
}

fn skip_dots(pieces: &[Piece]) -> &[Piece] {
    if let [Piece::Mark('.'), rest @ ..] = pieces { rest } else { pieces }
}

/// What stands before a time.
#[derive(Debug, Default)]
struct Day {
    month: Option<i8>,
    /// Whether what was taken for a month may have been a day of the week: `mar` begins both in French.
    may_be_weekday: bool,
    /// Numbers, each with its digits and the mark before it.
    numbers: Vec<(u64, usize, Option<char>)>,
    half: Option<Half>,
    zone_minutes: Option<i32>,
}

impl Day {
    /// Any word may come first, as the name of a day of the week; others must be months or filling.
    fn read(pieces: &[Piece], year: Option<(u64, usize)>) -> Option<Self> {
        let mut day = Self::default();
        let mut mark = None;
        for (place, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Number(value, digits) => day.numbers.push((*value, *digits, mark.take())),
                Piece::Mark(found @ ('-' | '/' | '.' | ',')) => mark = Some(*found),
                Piece::Mark(_) => return None,
                Piece::Word(word) => day.take_word(word, place)?,
            }
        }
        day.numbers.extend(year.map(|(value, digits)| (value, digits, None)));
        Some(day)
    }

    fn take_word(&mut self, word: &str, place: usize) -> Option<()> {
        match (month(word), filler(word)) {
            (Some(month), _) if self.month.is_none() || self.may_be_weekday => {
                self.month = Some(month);
                self.may_be_weekday = place == 0;
            }
            (_, Some(Filler::Nothing)) => {}
            (_, Some(Filler::Half(half))) => self.half = Some(half),
            (_, Some(Filler::Korean)) => {}
            _ if place == 0 => {}
            _ => return None,
        }
        if filler(word).is_some() && word.chars().any(|letter| ('가'..='힣').contains(&letter)) {
            self.zone_minutes = zone_minutes("kst");
        }
        Some(())
    }

    fn date(&self) -> Option<Date> {
        match (self.month, self.numbers.as_slice()) {
            (Some(month), numbers) => named(month, numbers),
            (None, [one]) => written_together(*one),
            (None, [(year, 4, _), (month, 1..=2, _)]) => of(*year, 4, *month, 1),
            (None, [(year, 4, _), (day, 3, _)]) => ordinal(full_year(*year, 4)?, *day),
            (None, [(year, 2, Some('-')), (month, 2, Some('-'))]) => of(*year, 2, *month, 1),
            (None, [(year, 4, _), (month, 1..=3, _), (day, 1..=2, _)]) => of(*year, 4, *month, *day),
            (None, [(year, 2, None), (month, 2, Some('-')), (day, 2, Some('-'))]) => of(*year, 2, *month, *day),
            (None, [(day, 1..=2, _), (month, 1..=2, Some('.')), (year, 4, Some('.'))]) => of(*year, 4, *month, *day),
            (None, [(one, 1..=2, _), (two, 1..=2, Some('/' | '-')), (year, 4, Some('/' | '-'))]) => match (*one, *two) {
                (day @ 13.., month) | (month, day @ 13..) => of(*year, 4, month, day),
                (both, same) if both == same => of(*year, 4, both, same),
                _ => None,
            },
            _ => None,
        }
    }
}

/// A day of a month known by its name: the number that cannot be a day is the year, or else the second.
fn named(month: i8, numbers: &[(u64, usize, Option<char>)]) -> Option<Date> {
    let is_year = |number: &(u64, usize, Option<char>)| number.1 >= 3 || number.0 > 31;
    let (year, day) = match numbers {
        [year] if year.1 == 4 => (year, 1),
        [year, day] if is_year(year) => (year, day.0),
        [day, year] => (year, day.0),
        _ => return None,
    };
    of(year.0, year.1, u64::try_from(month).ok()?, day)
}

/// A date without marks (ISO 8601): `20250605`, `2025156`, `250605`, `2025`. Five digits are a short year and a day of it only if
/// they begin with a zero, and four a short year and a month only after a dash; else a digit may simply be missing.
fn written_together((value, digits, mark): (u64, usize, Option<char>)) -> Option<Date> {
    match digits {
        14 => of(value / 10_000_000_000, 4, value / 100_000_000 % 100, value / 1_000_000 % 100),
        8 => of(value / 10_000, 4, value / 100 % 100, value % 100),
        7 => ordinal(full_year(value / 1_000, 4)?, value % 1_000),
        6 => of(value / 10_000, 2, value / 100 % 100, value % 100),
        5 if value < 10_000 => ordinal(full_year(value / 1_000, 2)?, value % 1_000),
        4 if mark == Some('-') => of(value / 100, 2, value % 100, 1),
        4 => of(value, 4, 1, 1),
        _ => None,
    }
}

fn of(year: u64, digits: usize, month: u64, day: u64) -> Option<Date> {
    Date::new(full_year(year, digits)?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn ordinal(year: i16, day: u64) -> Option<Date> {
    let first = Date::new(year, 1, 1).ok()?;
    (1..=366).contains(&day).then(|| first.with().day_of_year(i16::try_from(day).ok()?).build().ok())?
}

fn full_year(year: u64, digits: usize) -> Option<i16> {
    let year = i16::try_from(year).ok()?;
    match digits {
        4 => Some(year),
        1..=2 if year >= PIVOT => Some(1900 + year),
        1..=2 => Some(2000 + year),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
