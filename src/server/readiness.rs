//! Whether polling keeps up with the schedule: pure judgement.

use jiff::{SignedDuration, Timestamp};

/// How long after its time a feed may wait for a visit before polling is late. A first pass over ten thousand feeds takes less.
pub const LATE: SignedDuration = SignedDuration::from_mins(5);
/// The same where polls are limited by the hour: a feed may wait for its share.
const LATE_UNDER_A_LIMIT: SignedDuration = SignedDuration::from_mins(65);

/// What counts as late.
#[derive(Debug, Clone, Copy)]
pub struct Punctuality {
    /// When polling started: what was due before could not be visited.
    pub since: Timestamp,
    /// Whether polls are limited by the hour.
    pub limited: bool,
}

impl Punctuality {
    /// How late polling is, if it is, when the next feed that nobody visits is due then.
    pub(super) fn late(&self, due: Option<Timestamp>, now: Timestamp) -> Option<SignedDuration> {
        let bound = if self.limited { LATE_UNDER_A_LIMIT } else { LATE };
        let late = now.duration_since(due?.max(self.since));
        (late > bound).then_some(late)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(number: i64) -> Timestamp {
        Timestamp::from_second(number * 60).unwrap()
    }

    #[test]
    fn polling_is_late_when_a_feed_has_waited_for_more_than_five_minutes() {
        let watch = Punctuality { since: minute(0), limited: false };
        assert_eq!([None, Some(minute(12)), Some(minute(5))].map(|due| watch.late(due, minute(10))), [None; 3]);
        assert_eq!(watch.late(Some(minute(4)), minute(10)), Some(SignedDuration::from_mins(6)));
    }

    #[test]
    fn what_was_due_before_the_start_is_not_held_against_it() {
        let watch = Punctuality { since: minute(100), limited: false };
        assert_eq!(watch.late(Some(minute(0)), minute(105)), None);
        assert_eq!(watch.late(Some(minute(0)), minute(106)), Some(SignedDuration::from_mins(6)));
    }

    #[test]
    fn feeds_that_share_a_limit_may_wait_for_their_turn() {
        let watch = Punctuality { since: minute(0), limited: true };
        assert_eq!(watch.late(Some(minute(0)), minute(60)), None);
        assert!(watch.late(Some(minute(0)), minute(66)).is_some());
    }
}
