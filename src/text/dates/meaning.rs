//! What a date expression says, and which days that is.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use super::grammar::Sense;
use super::pattern::{Class, Symbol};
use super::{Direction, Precision, Resolved};

/// The most a number of units may count, so that no arithmetic leaves the calendar.
const MAX_NUMBER: i32 = 999;

/// What a pattern says; the values come from its [`Slots`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Words that look like a date and are none.
    Nothing,
    /// So many days from the day of publication.
    Today(i32),
    /// So many days from the day named last.
    SameDay(i32),
    /// A day of the week and no more: the latest one.
    Weekday,
    /// The latest one before the day of publication.
    LastWeekday,
    /// The first one from the day of publication.
    ThisWeekday,
    /// The first one after the day of publication.
    NextWeekday,
    /// The one of the week so many weeks from this one.
    WeekdayOfWeek(i32),
    /// A year, month or day by number or name; what is not said is as near to publication as can be.
    Calendar,
    /// The latest such month or day that is over.
    LastCalendar,
    /// The first such month or day that has not begun.
    NextCalendar,
    /// The month or day of the year so many years from this one.
    CalendarOfYear(i32),
    /// The day of the month so many months from this one.
    CalendarOfMonth(i32),
    /// So many units before.
    Ago,
    /// The day so many units before.
    AgoToday,
    /// At most so many units after.
    Ahead,
    /// The units just gone by; days, if no unit is named.
    Recent,
    /// The units that come; days, if no unit is named.
    Coming,
    /// The week, month or year so many from this one; the year, if no unit is named.
    Period(i32),
    /// The part of this period that is over.
    PeriodSoFar,
    /// The part of this period that remains.
    RestOfPeriod,
    /// The latest weekend (0), the one before or over (-1), the one that comes or is on (1).
    Weekend(i32),
}

/// A length of time that people count in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    /// Its value in the tables.
    pub const fn value(self) -> i32 {
        self as i32
    }

    fn from_value(value: i32) -> Option<Self> {
        [Self::Hour, Self::Day, Self::Week, Self::Month, Self::Year].into_iter().find(|unit| unit.value() == value)
    }

    fn precision(self) -> Precision {
        match self {
            Self::Hour | Self::Day => Precision::Day,
            Self::Week => Precision::Week,
            Self::Month => Precision::Month,
            Self::Year => Precision::Year,
        }
    }

    /// The day so many units after another, or before it.
    fn step(self, from: Date, number: i32) -> Date {
        let number = number.clamp(-MAX_NUMBER, MAX_NUMBER);
        match self {
            Self::Hour => from.saturating_add((number / 24).days()),
            Self::Day => from.saturating_add(number.days()),
            Self::Week => from.saturating_add(number.weeks()),
            Self::Month => from.saturating_add(number.months()),
            Self::Year => from.saturating_add(number.years()),
        }
    }

    /// How far "two months ago" may be off, in days: half a unit.
    fn half(self) -> i32 {
        match self {
            Self::Hour | Self::Day => 0,
            Self::Week => 3,
            Self::Month => 15,
            Self::Year => 182,
        }
    }

    /// The first and last day of the unit that holds a day.
    fn around(self, day: Date) -> (Date, Date) {
        match self {
            Self::Hour | Self::Day => (day, day),
            Self::Week => {
                let monday = plus(day, -i32::from(day.weekday().to_monday_zero_offset()));
                (monday, plus(monday, 6))
            }
            Self::Month => (day.first_of_month(), day.last_of_month()),
            Self::Year => (day.first_of_year(), day.last_of_year()),
        }
    }
}

/// The values that the words of a pattern gave.
#[derive(Debug, Clone, Copy, Default)]
pub struct Slots {
    year: Option<i32>,
    month: Option<i32>,
    day: Option<i32>,
    last_day: Option<i32>,
    weekday: Option<i32>,
    number: Option<i32>,
    unit: Option<Unit>,
}

impl Slots {
    /// The same with one more value.
    pub fn with(mut self, sense: Sense) -> Self {
        let Symbol::Class(class) = sense.symbol else { return self };
        let value = sense.value;
        match class {
            Class::MonthNumber if self.month == Some(10) => self.month = Some(10 + value),
            Class::DaySign => self.day = Some(with_sign(self.day.unwrap_or(0), value)),
            Class::Month | Class::ClearMonth | Class::MonthNumber => self.month = Some(value),
            Class::Weekday | Class::WeekdaySign => self.weekday = Some(value),
            Class::Day if self.day.is_some() => self.last_day = Some(value),
            Class::Day => self.day = Some(value),
            Class::Year => self.year = Some(value),
            Class::Number => self.number = Some(value),
            Class::Unit | Class::Span => self.unit = Unit::from_value(value),
            Class::Dotted => {
                (self.year, self.month, self.day) = (Some(value / 10_000), Some(value / 100 % 100), Some(value % 100));
            }
        }
        self
    }

    fn weekday(&self) -> Option<Weekday> {
        Weekday::from_monday_one_offset(i8::try_from(self.weekday?).ok()?).ok()
    }

    fn number(&self) -> i32 {
        self.number.unwrap_or(1)
    }

    /// The days named, if the year and the month are these.
    fn in_month(&self, year: i32, month: i32) -> Option<(Date, Date)> {
        let first = date(year, month, self.day.unwrap_or(1))?;
        let last = match (self.day, self.last_day) {
            (None, _) => first.last_of_month(),
            (Some(_), Some(last_day)) => date(year, month, last_day).filter(|last| *last >= first)?,
            (Some(_), None) => first,
        };
        Some((first, last))
    }
}

/// Reads on in a number written in ideographs: 二十五 is two tens and five.
fn with_sign(number: i32, sign: i32) -> i32 {
    if sign == 10 { number.max(1) * 10 } else { number + sign }
}

/// The days that an expression stands for, read on a day after another one was named.
pub fn resolve(meaning: Meaning, slots: Slots, today: Date, named: Date) -> Option<Resolved> {
    let (from, to, precision) = match meaning {
        Meaning::Nothing => return None,
        Meaning::Today(days) => one_day(plus(today, days)),
        Meaning::SameDay(days) => one_day(plus(named, days)),
        Meaning::Weekday => {
            let weekday = slots.weekday()?;
            let mut resolved = Resolved::of(one_day(on_or_before(weekday, today)), today);
            resolved.bare_weekday = Some(weekday);
            resolved.direction = Direction::Unknown;
            return Some(resolved);
        }
        Meaning::LastWeekday => one_day(on_or_before(slots.weekday()?, plus(today, -1))),
        Meaning::ThisWeekday => one_day(on_or_after(slots.weekday()?, today)),
        Meaning::NextWeekday => one_day(on_or_after(slots.weekday()?, plus(today, 1))),
        Meaning::WeekdayOfWeek(weeks) => {
            let (monday, _) = Unit::Week.around(Unit::Week.step(today, weeks));
            one_day(plus(monday, slots.weekday? - 1))
        }
        Meaning::Calendar
        | Meaning::LastCalendar
        | Meaning::NextCalendar
        | Meaning::CalendarOfYear(_)
        | Meaning::CalendarOfMonth(_) => calendar(meaning, slots, today)?,
        Meaning::Ago => ago(slots, today),
        Meaning::AgoToday => one_day(slots.unit?.step(today, -slots.number())),
        Meaning::Ahead => span(plus(today, 1), slots.unit?.step(today, slots.number()), slots.unit?),
        Meaning::Recent => some_units(slots, today, -1),
        Meaning::Coming => some_units(slots, today, 1),
        Meaning::Period(_) | Meaning::PeriodSoFar | Meaning::RestOfPeriod => return Some(period(meaning, slots, today)),
        Meaning::Weekend(which) => weekend(which, today),
    };
    Some(Resolved::of((from, to, precision), today))
}

type Days = (Date, Date, Precision);

fn one_day(day: Date) -> Days {
    (day, day, Precision::Day)
}

fn span(from: Date, to: Date, unit: Unit) -> Days {
    (from, to.max(from), unit.precision())
}

fn plus(day: Date, days: i32) -> Date {
    Unit::Day.step(day, days)
}

fn date(year: i32, month: i32, day: i32) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn on_or_before(weekday: Weekday, day: Date) -> Date {
    plus(day, -i32::from(weekday.until(day.weekday())))
}

/// The first such day of the week from a day on.
pub fn on_or_after(weekday: Weekday, day: Date) -> Date {
    plus(day, i32::from(weekday.since(day.weekday())))
}

fn ago(slots: Slots, today: Date) -> Days {
    let unit = slots.unit.unwrap_or(Unit::Day);
    let centre = unit.step(today, -slots.number());
    let latest = if unit == Unit::Hour { today } else { plus(today, -1) };
    span(plus(centre, -unit.half()), plus(centre, unit.half()).min(latest), unit)
}

/// A few units before or after; "in recent days" are at most a week.
fn some_units(slots: Slots, today: Date, sign: i32) -> Days {
    let unit = slots.unit.unwrap_or(Unit::Day);
    let number = slots.number.unwrap_or(if unit == Unit::Day { 7 } else { 3 });
    let far = unit.step(today, sign * number);
    let near = if unit == Unit::Hour { today } else { plus(today, sign) };
    (far.min(near), far.max(near), unit.precision())
}

fn period(meaning: Meaning, slots: Slots, today: Date) -> Resolved {
    let unit = slots.unit.unwrap_or(Unit::Year);
    let (first, last) = unit.around(today);
    match meaning {
        Meaning::PeriodSoFar => Resolved { direction: Direction::Past, ..Resolved::of((first, today, unit.precision()), today) },
        Meaning::RestOfPeriod => {
            Resolved { direction: Direction::Future, ..Resolved::of((today, last, unit.precision()), today) }
        }
        Meaning::Period(number) => {
            let (first, last) = unit.around(unit.step(today, number));
            Resolved::of((first, last, unit.precision()), today)
        }
        _ => Resolved::of((first, last, unit.precision()), today),
    }
}

fn weekend(which: i32, today: Date) -> Days {
    let latest = on_or_before(Weekday::Saturday, today);
    let is_on = plus(latest, 1) >= today;
    let saturday = match (which, is_on) {
        (-1, true) => plus(latest, -7),
        (1, false) => plus(latest, 7),
        _ => latest,
    };
    (saturday, plus(saturday, 1), Precision::Day)
}

/// A month or day whose year may be unsaid, a day whose month may be, or a year.
fn calendar(meaning: Meaning, slots: Slots, today: Date) -> Option<Days> {
    let (year, month) = (i32::from(today.year()), i32::from(today.month()));
    let Some(named) = slots.month else {
        return match (slots.day, slots.year) {
            (Some(_), _) => day_of_month(meaning, slots, today),
            (None, Some(year)) => Some((date(year, 1, 1)?, date(year, 12, 31)?, Precision::Year)),
            (None, None) => None,
        };
    };
    let this = slots.in_month(year, named);
    let is_over = this.is_some_and(|(_, last)| last < today);
    let has_begun = this.is_some_and(|(first, _)| first <= today);
    let (first, last) = match (meaning, slots.year) {
        (_, Some(year)) => slots.in_month(year, named)?,
        (Meaning::CalendarOfYear(years), _) => slots.in_month(year + years, named)?,
        (Meaning::LastCalendar, _) => slots.in_month(if is_over { year } else { year - 1 }, named)?,
        (Meaning::NextCalendar, _) => slots.in_month(if has_begun { year + 1 } else { year }, named)?,
        _ if slots.day.is_none() && named == month => this?,
        _ => nearest(slots, today, (year - 1..=year + 1).filter_map(|year| slots.in_month(year, named)))?,
    };
    let precision = if slots.day.is_some() { Precision::Day } else { Precision::Month };
    Some((first, last, precision))
}

/// A day of a month that is not named is the nearest one.
fn day_of_month(meaning: Meaning, slots: Slots, today: Date) -> Option<Days> {
    let month = |number: i32| {
        let month = Unit::Month.step(today.first_of_month(), number);
        slots.in_month(i32::from(month.year()), i32::from(month.month()))
    };
    let (first, last) = match meaning {
        Meaning::CalendarOfMonth(months) => month(months)?,
        _ => nearest(slots, today, (-1..=1).filter_map(month))?,
    };
    Some((first, last, Precision::Day))
}

/// The nearest of several readings, the past one if two are equally near. A weekday that is named as well decides.
fn nearest(slots: Slots, today: Date, readings: impl Iterator<Item = (Date, Date)>) -> Option<(Date, Date)> {
    let distance = |day: Date| today.until(day).map_or(0, |span: Span| span.get_days());
    readings.min_by_key(|(first, last)| {
        let is_other_weekday = slots.weekday().is_some_and(|weekday| weekday != first.weekday());
        let middle = (distance(*first) + distance(*last)) / 2;
        (is_other_weekday, middle.abs(), middle > 0)
    })
}
