//! What the log says of feeds: each thing once, when it begins, and again when it is over. What lasts is in the state.

use jiff::Timestamp;
use tracing::{debug, error, info, warn};

use crate::model::{FeedState, Habits, Outcome, Rhythm};
use crate::schedule::health;

/// Failures in a row after which a feed needs somebody's hand.
const HAND_NEEDED: u32 = 5;
/// Bodies in a row that came although they were known, after which the server evidently does not care.
const DOES_NOT_CARE: u32 = 10;

/// How a poll ended, after so many failures in a row.
pub(super) fn outcome(name: &str, outcome: &Outcome, failures: u32) {
    match outcome {
        Outcome::Failed(error) if failures == 0 => {
            warn!(feed = name, error, "could not be read; it will be asked again, ever more seldom");
        }
        Outcome::Failed(error) if failures + 1 == HAND_NEEDED => {
            error!(feed = name, error, "could not be read {HAND_NEEDED} times in a row: is its address still right?");
        }
        Outcome::Failed(error) => debug!(feed = name, error, failures, "still cannot be read"),
        Outcome::Retired => {
            error!(
                feed = name,
                "is gone for good, its server says (410), and is asked no more: remove it or correct its address"
            );
        }
        _ if failures > 0 => info!(feed = name, failures, "can be read again"),
        _ => {}
    }
}

/// What is new in a feed's ways after a poll.
pub(super) fn habits(name: &str, state: &FeedState, after: &Habits, now: Timestamp) {
    let before = &state.habits;
    if let (Some(rhythm), Some(last)) = (&after.rhythm, state.last_success) {
        silence(name, rhythm, last, now);
    }
    if let (None, Some(gap)) = (before.gap, after.gap) {
        let (since, until) = (gap.since, gap.until);
        warn!(feed = name, %since, %until, "has published faster than it was asked: entries may have come and gone unseen");
    }
    match (&before.address, &after.address) {
        (before, Some(address)) if before.as_ref() != Some(address) => {
            warn!(feed = name, address, "has moved for good and is asked there from now on: correct its address");
        }
        (Some(address), None) => {
            warn!(feed = name, address, "cannot be read where it had moved to; the configured address counts again")
        }
        _ => {}
    }
    if after.repeats == DOES_NOT_CARE && before.repeats < DOES_NOT_CARE {
        warn!(feed = name, "sends all of itself at every poll although it is asked only for what is new");
    }
}

/// That a feed has been silent for longer than is its way, when that has come to pass since the poll before.
fn silence(name: &str, rhythm: &Rhythm, before: Timestamp, now: Timestamp) {
    let Some(silence) = health::silence(rhythm, now).filter(|_| health::silence(rhythm, before).is_none()) else { return };
    let (hours, per_day) = (silence.as_hours(), format!("{:.1}", health::per_day(rhythm)));
    warn!(feed = name, hours, per_day, "has had nothing new for longer than is its way: is it still the right address?");
}
