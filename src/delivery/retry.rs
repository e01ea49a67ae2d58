//! When a delivery that failed is tried again: one rule for all channels.

use std::time::Duration;

use jiff::Timestamp;

use crate::config::Retry;

const SECOND: u64 = 1;
const MINUTE: u64 = 60;
const HOUR: u64 = 3_600;

/// The pauses between the ten tries of the Standard Webhooks specification ("Deliverability and reliability"), in seconds.
const STANDARD: [u64; 9] = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
/// How much longer than scheduled a pause may be, as a share of it, so that what failed together is not retried together.
/// Never shorter: a receiver may rely on the schedule.
const JITTER: f64 = 0.2;
/// The shortest pause, whatever the configuration says.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause a receiver can wish for: that of the longest step of the standard schedule.
const LONGEST_WISH: Duration = Duration::from_secs(24 * HOUR);

/// The moment to try again after the try number `attempt` (from 1) failed at `now`; `None` where the tries are spent.
///
/// `jitter`, from 0 to 1, is the caller's throw of the dice. `wish` is the earliest moment the receiver asked for; it wins over
/// an earlier one.
pub fn next(
    retry: &Retry,
    attempt: u32,
    created: Timestamp,
    now: Timestamp,
    jitter: f64,
    wish: Option<Timestamp>,
) -> Option<Timestamp> {
    let pause = pause(retry, attempt)?.max(SHORTEST_PAUSE);
    let scheduled = after(now, pause.saturating_add(pause.mul_f64(JITTER * jitter.clamp(0.0, 1.0))));
    let at = wish.map_or(scheduled, |wish| scheduled.max(wish.min(after(now, LONGEST_WISH))));
    (at <= deadline(retry, created)).then_some(at)
}

fn pause(retry: &Retry, attempt: u32) -> Option<Duration> {
    let failed_before = attempt.saturating_sub(1);
    match retry {
        Retry::Standard => STANDARD.get(usize::try_from(failed_before).ok()?).copied().map(Duration::from_secs),
        Retry::Doubling { first, max, .. } => Some(first.saturating_mul(2_u32.saturating_pow(failed_before)).min(*max)),
    }
}

fn deadline(retry: &Retry, created: Timestamp) -> Timestamp {
    match retry {
        Retry::Standard => Timestamp::MAX,
        Retry::Doubling { give_up, .. } => after(created, *give_up),
    }
}

/// A moment later, or the end of time: durations come from the configuration and may be absurd.
fn after(moment: Timestamp, pause: Duration) -> Timestamp {
    moment.checked_add(pause).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREATED: Timestamp = Timestamp::UNIX_EPOCH;
    const DOUBLING: Retry =
        Retry::Doubling { first: Duration::from_secs(5), max: Duration::from_secs(60), give_up: Duration::from_secs(600) };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn the_standard_schedule_is_the_specification_s() {
        let pauses: Vec<i64> = (1..)
            .map_while(|attempt| next(&Retry::Standard, attempt, CREATED, CREATED, 0.0, None))
            .map(Timestamp::as_second)
            .collect();
        assert_eq!(pauses, [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]);
    }

    #[test]
    fn doubling_pauses_stop_growing_at_their_longest() {
        let pauses: Vec<i64> = (1..=6)
            .filter_map(|attempt| next(&DOUBLING, attempt, CREATED, CREATED, 0.0, None))
            .map(Timestamp::as_second)
            .collect();
        assert_eq!(pauses, [5, 10, 20, 40, 60, 60]);
    }

    #[test]
    fn doubling_gives_up_so_long_after_the_alert() {
        assert_eq!(next(&DOUBLING, 9, CREATED, at(540), 0.0, None), Some(at(600)));
        assert_eq!(next(&DOUBLING, 9, CREATED, at(541), 0.0, None), None);
    }

    #[test]
    fn jitter_makes_a_pause_longer_and_never_shorter() {
        assert_eq!(next(&Retry::Standard, 2, CREATED, CREATED, 1.0, None), Some(at(360)));
        assert_eq!(next(&Retry::Standard, 2, CREATED, CREATED, -7.0, None), Some(at(300)));
    }

    #[test]
    fn the_receiver_s_wish_wins_over_an_earlier_moment_only() {
        assert_eq!(next(&Retry::Standard, 1, CREATED, CREATED, 0.0, Some(at(90))), Some(at(90)));
        assert_eq!(next(&Retry::Standard, 1, CREATED, CREATED, 0.0, Some(at(2))), Some(at(5)));
    }

    #[test]
    fn a_wish_for_next_year_is_granted_a_day() {
        assert_eq!(next(&Retry::Standard, 1, CREATED, CREATED, 0.0, Some(Timestamp::MAX)), Some(at(86_400)));
    }

    #[test]
    fn no_configuration_makes_it_spin_or_overflow() {
        let hasty = Retry::Doubling { first: Duration::ZERO, max: Duration::ZERO, give_up: Duration::MAX };
        assert_eq!(next(&hasty, u32::MAX, CREATED, CREATED, 0.0, None), Some(at(1)));
        let eternal = Retry::Doubling { first: Duration::MAX, max: Duration::MAX, give_up: Duration::MAX };
        assert_eq!(next(&eternal, 3, CREATED, CREATED, 0.5, None), Some(Timestamp::MAX));
    }
}
