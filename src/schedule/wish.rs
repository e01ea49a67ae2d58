//! The earliest moment that a server and a feed wish to be asked again: pure arithmetic.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::interval::later;
use crate::model::Hints;

/// The longest that a feed's own words may keep us away: most of them were written by the author of its software.
const LONGEST_HINT: Duration = Duration::from_secs(24 * 60 * 60);

/// The earliest moment to ask again after an answer at `now`, for whose server wants to be left alone for `pause`. After a
/// failure, of what the feed said about itself only the hours and days to skip still hold.
pub fn not_before(pause: Duration, hints: &Hints, answered: bool, now: Timestamp) -> Timestamp {
    let latest = later(now, LONGEST_HINT);
    let copy_is_good = if answered { after_copy(hints, now).min(latest) } else { now };
    let wish = copy_is_good.max(later(now, pause));
    // a server may ask for more than a day, a feed may not add to that
    after_skipped(hints, wish).min(latest).max(wish)
}

/// When the copy that we have is no longer good, by `ttl`, or the feed is next updated, by its own account.
fn after_copy(hints: &Hints, now: Timestamp) -> Timestamp {
    let ttl = later(now, Duration::from_secs(u64::from(hints.ttl_minutes) * 60));
    ttl.max(after_update(hints, now))
}

/// The next update: counted from its base where there is one, else from now.
fn after_update(hints: &Hints, now: Timestamp) -> Timestamp {
    let period = Duration::from_secs(hints.update_seconds);
    let Some(base) = hints.update_base.filter(|_| !period.is_zero()) else { return later(now, period) };
    let period = i64::try_from(hints.update_seconds).unwrap_or(i64::MAX);
    let gone = now.as_second().saturating_sub(base.as_second()).rem_euclid(period);
    later(now, Duration::from_secs((period - gone).unsigned_abs()))
}

/// The first moment that is in no hour or day to skip; the moment itself if all are.
fn after_skipped(hints: &Hints, wish: Timestamp) -> Timestamp {
    const HOURS_A_WEEK: i64 = 7 * 24;
    let hour = |number: i64| {
        let start = wish.as_second().div_euclid(3600).saturating_add(number).saturating_mul(3600);
        Timestamp::from_second(start).unwrap_or(wish).max(wish)
    };
    (0..HOURS_A_WEEK).map(hour).find(|moment| !is_skipped(hints, *moment)).unwrap_or(wish)
}

fn is_skipped(hints: &Hints, moment: Timestamp) -> bool {
    if hints.skip_hours == 0 && hints.skip_days == 0 {
        return false;
    }
    let there = moment.to_zoned(TimeZone::UTC);
    hints.skip_hours >> there.hour() & 1 == 1 || hints.skip_days >> there.weekday().to_monday_zero_offset() & 1 == 1
}

/// How far a clock has run ahead of the time that really passed, if that is more than clocks are corrected by.
pub fn jump(by_clock: SignedDuration, really: Duration) -> Option<SignedDuration> {
    const SLACK: SignedDuration = SignedDuration::from_secs(60);
    let ahead = by_clock.checked_sub(SignedDuration::try_from(really).ok()?)?;
    (ahead.abs() > SLACK).then_some(ahead)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Hints = Hints { ttl_minutes: 0, skip_hours: 0, skip_days: 0, update_seconds: 0, update_base: None };
    const HOUR: u64 = 3_600;
    const DAY: u64 = 24 * HOUR;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// A Thursday, a quarter past noon.
    fn now() -> Timestamp {
        at("2025-06-05T12:15:00Z")
    }

    /// The wish, in seconds from now.
    fn wish(pause: u64, hints: Hints, answered: bool) -> i64 {
        not_before(Duration::from_secs(pause), &hints, answered, now()).duration_since(now()).as_secs()
    }

    #[test]
    fn the_latest_of_all_wishes_counts_and_no_feed_may_ask_for_more_than_a_day() {
        let ttl = |minutes| Hints { ttl_minutes: minutes, ..NONE };
        let updates = |seconds| Hints { update_seconds: seconds, ..NONE };
        let based = |seconds, base: &str| Hints { update_seconds: seconds, update_base: Some(at(base)), ..NONE };
        for (pause, hints, expected) in [
            (0, NONE, 0),
            (600, NONE, 600),
            (7 * DAY, NONE, 7 * DAY),
            (0, ttl(60), HOUR),
            (600, ttl(60), HOUR),
            (2 * HOUR, ttl(60), 2 * HOUR),
            (0, ttl(u32::MAX), DAY),
            (7 * DAY, ttl(u32::MAX), 7 * DAY),
            (0, updates(HOUR), HOUR),
            (0, updates(7 * DAY), DAY),
            (0, updates(u64::MAX), DAY),
            (0, Hints { ttl_minutes: 90, ..updates(HOUR) }, 90 * 60),
            // updates on the hour, every six hours from three, daily at noon
            (0, based(HOUR, "2000-01-01T12:00:00Z"), 45 * 60),
            (0, based(6 * HOUR, "2000-01-01T03:00:00Z"), 9_900),
            (0, based(DAY, "2000-01-01T12:00:00Z"), DAY - 900),
            (0, based(DAY, "2030-01-01T12:20:00Z"), 300),
            (0, based(u64::MAX, "2000-01-01T12:00:00Z"), DAY),
        ] {
            assert_eq!(wish(pause, hints, true), i64::try_from(expected).unwrap(), "{pause} {hints:?}");
        }
    }

    #[test]
    fn hours_and_days_to_skip_are_skipped() {
        let hours = |hours: &[u32]| Hints { skip_hours: hours.iter().map(|hour| 1 << hour).sum(), ..NONE };
        let days = |days: &[u32]| Hints { skip_days: days.iter().map(|day| 1 << day).sum(), ..NONE };
        for (pause, hints, expected) in [
            (0, hours(&[12]), 45 * 60),
            (0, hours(&[13]), 0),
            (50 * 60, hours(&[13]), HOUR + 45 * 60),
            (0, hours(&[12, 13, 14, 15]), 3 * HOUR + 45 * 60),
            (0, hours(&[12, 14]), 45 * 60),
            (0, Hints { skip_hours: 0x00ff_ffff, ..NONE }, 0),
            (0, days(&[3]), 11 * HOUR + 45 * 60),
            (0, days(&[3, 4]), DAY),
            (13 * HOUR, days(&[4]), DAY),
            (12 * HOUR, Hints { skip_hours: 1, ..NONE }, 12 * HOUR + 45 * 60),
            (2 * DAY, days(&[5]), 2 * DAY),
            (0, Hints { skip_days: 0x7f, ..NONE }, 0),
            (0, Hints { ttl_minutes: 60, ..hours(&[13]) }, HOUR + 45 * 60),
        ] {
            assert_eq!(wish(pause, hints, true), i64::try_from(expected).unwrap(), "{pause} {hints:?}");
        }
    }

    #[test]
    fn after_a_failure_only_the_server_and_the_hours_to_skip_keep_us_away() {
        let hints = Hints { ttl_minutes: 600, update_seconds: DAY, skip_hours: 1 << 12, ..NONE };
        assert_eq!(wish(0, hints, false), 45 * 60);
        assert_eq!(wish(2 * HOUR, hints, false), 2 * 3_600);
    }

    #[test]
    fn a_clock_has_jumped_when_it_tells_another_time_than_passed() {
        let jump =
            |clock: i64, really| jump(SignedDuration::from_secs(clock), Duration::from_secs(really)).map(|by| by.as_secs());
        assert_eq!([jump(15, 15), jump(70, 15), jump(3_615, 15), jump(-3_585, 15)], [None, None, Some(3_600), Some(-3_600)]);
    }

    proptest::proptest! {
        #[test]
        fn no_hint_keeps_us_away_for_more_than_a_day_and_no_wish_of_a_server_is_cut_short(
            ttl_minutes: u32, skip_hours: u32, skip_days: u8, update_seconds: u64, base: Option<i32>, pause in 0_u64..700_000
        ) {
            let update_base = base.and_then(|base| Timestamp::from_second(i64::from(base)).ok());
            let hints = Hints { ttl_minutes, skip_hours, skip_days, update_seconds, update_base };
            let day = i64::try_from(DAY).unwrap_or_default();
            let server = i64::try_from(pause).unwrap_or_default();
            for answered in [true, false] {
                proptest::prop_assert!((server..=server.max(day)).contains(&wish(pause, hints, answered)));
            }
        }
    }
}
