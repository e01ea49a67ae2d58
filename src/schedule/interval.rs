//! When a feed is due again: pure arithmetic.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// The longest pause after failures in a row: a feed is never given up.
pub const MAX_BACK_OFF: Duration = Duration::from_secs(6 * 60 * 60);
/// Failures in a row after which the pause doubles no more; the cap is reached long before.
const MAX_DOUBLINGS: u32 = 16;
/// The share of a pause by which it is drawn out at random, so that feeds that start together drift apart.
const JITTER: f64 = 0.1;
/// The same for the first pause of a feed whose pauses are fixed: it has no other chance to part from the rest.
const FIRST_JITTER: f64 = 0.5;

/// The most by which a poll is put off beyond the moment that a server wishes for.
const LONGEST_SPREAD: Duration = Duration::from_secs(30);

/// A pause between two polls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// How long it is meant to be.
    pub length: Duration,
    /// Whether it is to be kept to the second.
    pub fixed: bool,
    /// Whether it is the feed's first.
    pub first: bool,
    /// Failures in a row, the last poll included: each doubles it.
    pub failures: u32,
}

/// The moment to ask again after a poll at `now`. Nobody is asked before `not_before`, whatever the pause. `chance` is a random
/// number from 0 to 1.
pub fn due(pause: Pause, not_before: Timestamp, now: Timestamp, chance: f64) -> Timestamp {
    let jitter = match pause {
        Pause { failures: 0, fixed: true, first, .. } => f64::from(u8::from(first)) * FIRST_JITTER,
        _ => JITTER,
    };
    let length = back_off(pause.length, pause.failures);
    let drawn_out = Duration::try_from_secs_f64(length.as_secs_f64() * jitter * chance).unwrap_or(Duration::MAX);
    let due = later(now, length.saturating_add(drawn_out));
    if due < not_before { later(not_before, spread(not_before, now, chance)) } else { due }
}

/// How long after the moment that a server wishes for: it may have told the whole world the same.
fn spread(not_before: Timestamp, now: Timestamp, chance: f64) -> Duration {
    let wish = Duration::try_from(not_before.duration_since(now)).unwrap_or_default().as_secs_f64();
    Duration::try_from_secs_f64(wish * JITTER * chance).unwrap_or(LONGEST_SPREAD).min(LONGEST_SPREAD)
}

/// A moment and a while; the end of time where that is too far off.
pub fn later(now: Timestamp, by: Duration) -> Timestamp {
    now.checked_add(SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX)).unwrap_or(Timestamp::MAX)
}

fn back_off(pause: Duration, failures: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(MAX_DOUBLINGS);
    pause.saturating_mul(1 << doublings).min(MAX_BACK_OFF.max(pause))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;
    const MINUTE: Pause = Pause { length: Duration::from_secs(60), fixed: true, first: false, failures: 0 };

    fn seconds(pause: Pause, chance: f64) -> i64 {
        due(pause, NOW, NOW, chance).as_second()
    }

    #[test]
    fn a_fixed_pause_is_kept_to_the_second_but_for_the_first() {
        assert_eq!(seconds(MINUTE, 1.0), 60);
        assert_eq!(seconds(Pause { first: true, ..MINUTE }, 1.0), 90);
        assert_eq!(seconds(Pause { fixed: false, ..MINUTE }, 1.0), 66);
    }

    #[test]
    fn failures_double_the_pause_up_to_a_cap_and_are_spread_by_chance() {
        let after = |failures, chance| seconds(Pause { failures, ..MINUTE }, chance);
        assert_eq!([after(1, 0.0), after(2, 0.0), after(3, 0.0), after(60, 0.0)], [60, 120, 240, 21_600]);
        assert_eq!(after(1, 1.0), 66);
    }

    #[test]
    fn nobody_is_asked_before_they_wish() {
        let after = |second, chance| due(MINUTE, Timestamp::from_second(second).unwrap(), NOW, chance).as_second();
        assert_eq!([after(3_600, 0.0), after(5, 0.0)], [3_600, 60]);
        assert_eq!([after(3_600, 1.0), after(100, 1.0), after(5, 1.0)], [3_630, 110, 60], "nor all at that very moment");
    }

    #[test]
    fn a_pause_beyond_the_calendar_ends_with_it() {
        assert_eq!(due(Pause { length: Duration::MAX, ..MINUTE }, NOW, NOW, 0.0), Timestamp::MAX);
    }
}
