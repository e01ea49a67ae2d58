//! When a feed is due again: pure arithmetic.

use std::time::Duration;

use jiff::Timestamp;

/// The shortest pause of a feed that adapts.
pub const MIN_INTERVAL: Duration = Duration::from_secs(60);
/// The longest pause of a feed that adapts.
pub const MAX_INTERVAL: Duration = Duration::from_secs(60 * 60);
/// The first pause of a feed that adapts.
pub const FIRST_INTERVAL: Duration = Duration::from_secs(10 * 60);
/// The longest pause after failures in a row: a feed is never given up.
pub const MAX_BACK_OFF: Duration = Duration::from_secs(6 * 60 * 60);
/// Failures in a row after which the pause doubles no more; the cap is reached long before.
const MAX_DOUBLINGS: u32 = 16;
/// The share of a pause by which it is drawn out at random, so that feeds that start together drift apart.
const JITTER: f64 = 0.1;

/// What a poll brought, as far as the schedule cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brought {
    /// Articles not seen before.
    News,
    /// Nothing new.
    Nothing,
    /// A failure; the number of those in a row, this one included.
    Failure(u32),
}

/// The pause to remember, and the moment to ask again.
///
/// A feed with a fixed pause keeps it; one without comes sooner after news and later after none. Failures double the pause.
/// A server's wish for a later moment always wins. `chance` is a random number from 0 to 1.
pub fn next(
    fixed: Option<Duration>,
    last: Option<Duration>,
    brought: Brought,
    wish: Option<Timestamp>,
    now: Timestamp,
    chance: f64,
) -> (Duration, Timestamp) {
    let interval = fixed.unwrap_or_else(|| adapted(last.unwrap_or(FIRST_INTERVAL), brought));
    let pause = match brought {
        Brought::Failure(failures) => back_off(interval, failures).mul_f64(1.0 + JITTER * chance),
        _ if fixed.is_some() => interval,
        _ => interval.mul_f64(1.0 + JITTER * chance),
    };
    let due =
        now.checked_add(jiff::SignedDuration::try_from(pause).unwrap_or(jiff::SignedDuration::MAX)).unwrap_or(Timestamp::MAX);
    (interval, wish.map_or(due, |wish| wish.max(due)))
}

fn adapted(last: Duration, brought: Brought) -> Duration {
    let interval = match brought {
        Brought::News => last / 2,
        Brought::Nothing => last + last / 4,
        Brought::Failure(_) => last,
    };
    interval.clamp(MIN_INTERVAL, MAX_INTERVAL)
}

fn back_off(interval: Duration, failures: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(MAX_DOUBLINGS);
    interval.saturating_mul(1 << doublings).min(MAX_BACK_OFF.max(interval))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn seconds(due: Timestamp) -> i64 {
        due.as_second()
    }

    #[test]
    fn a_fixed_pause_is_kept_to_the_second() {
        let (interval, due) = next(Some(Duration::from_secs(120)), None, Brought::News, None, NOW, 1.0);
        assert_eq!((interval.as_secs(), seconds(due)), (120, 120));
    }

    #[test]
    fn news_shortens_an_adaptive_pause_and_silence_lengthens_it_within_bounds() {
        let mut interval = None;
        for _ in 0..20 {
            interval = Some(next(None, interval, Brought::News, None, NOW, 0.0).0);
        }
        assert_eq!(interval, Some(MIN_INTERVAL));
        for _ in 0..40 {
            interval = Some(next(None, interval, Brought::Nothing, None, NOW, 0.0).0);
        }
        assert_eq!(interval, Some(MAX_INTERVAL));
    }

    #[test]
    fn failures_double_the_pause_up_to_a_cap_and_are_spread_by_chance() {
        let due = |failures, chance| {
            seconds(next(Some(Duration::from_secs(60)), None, Brought::Failure(failures), None, NOW, chance).1)
        };
        assert_eq!([due(1, 0.0), due(2, 0.0), due(3, 0.0), due(60, 0.0)], [60, 120, 240, 21_600]);
        assert_eq!(due(1, 1.0), 66);
    }

    #[test]
    fn a_servers_wish_for_later_wins_and_one_for_sooner_does_not() {
        let wish = |second| Some(Timestamp::from_second(second).unwrap());
        let due = |wish| seconds(next(Some(Duration::from_secs(60)), None, Brought::Failure(1), wish, NOW, 0.0).1);
        assert_eq!([due(wish(3_600)), due(wish(5))], [3_600, 60]);
    }
}
