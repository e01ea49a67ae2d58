//! What one poll teaches about a feed's ways: pure judgement.

use jiff::{SignedDuration, Timestamp};

use crate::model::{FeedState, Gap, Habits, Hints, HubOffer, Move, Outcome};
use crate::schedule::rhythm;

/// Polls that must find the same permanent redirect before it is believed.
const POLLS_IN_AGREEMENT: u32 = 3;
/// The time they must span: a mistake on the server's side is usually mended within a day.
const TIME_IN_AGREEMENT: SignedDuration = SignedDuration::from_hours(24);
/// Failures in a row after which an address that was only learnt is given up for the configured one.
const FAILURES_ABROAD: u32 = 3;

/// What a poll brought to light.
#[derive(Debug, Default)]
pub(super) struct Lesson {
    /// Where the address has moved for good, the server says.
    pub(super) moved: Option<String>,
    /// What the feed says about when to ask it, if it came.
    pub(super) hints: Option<Hints>,
    /// A hash of the body, if one came and could be read.
    pub(super) body: Option<u64>,
    /// Whether no server was heard.
    pub(super) unheard: bool,
    /// Whether the request was conditional.
    pub(super) conditional: bool,
    /// Whether something that was known stands in the feed still; `None` where there is nothing to compare.
    pub(super) reaches_back: Option<bool>,
    /// When each article that was not known says it was published.
    pub(super) published: Vec<Option<Timestamp>>,
    /// Where the feed says that it can be subscribed to, if its document came and that was looked for.
    pub(super) offer: Option<Option<HubOffer>>,
}

/// A feed's ways after a poll.
pub(super) fn after(state: &FeedState, outcome: &Outcome, lesson: Lesson, now: Timestamp) -> Habits {
    let failing_since = matches!(outcome, Outcome::Failed(_)).then(|| state.habits.failing_since.unwrap_or(now));
    let known = Habits { failing_since, ..state.habits.clone() };
    match outcome {
        Outcome::Unchanged(_) => moved(Habits { repeats: 0, ..known }, lesson.moved, now),
        Outcome::Answered(_) if lesson.body.is_some() && lesson.body == known.body => {
            let repeats = if lesson.conditional { known.repeats.saturating_add(1) } else { 0 };
            moved(Habits { repeats, ..known }, lesson.moved, now)
        }
        Outcome::Answered(_) => {
            let knows_nothing_new = known.rhythm.is_some() && lesson.published.is_empty();
            let rhythm = if knows_nothing_new {
                known.rhythm
            } else {
                Some(rhythm::learn(known.rhythm, &lesson.published, state.last_success, now))
            };
            let hints = lesson.hints.unwrap_or_default();
            let gap = gap(known.gap, state.last_success, lesson.reaches_back, now);
            moved(Habits { rhythm, hints, gap, body: lesson.body, read: Some(now), repeats: 0, ..known }, lesson.moved, now)
        }
        Outcome::Failed(_) if state.failures.saturating_add(1) < FAILURES_ABROAD => known,
        Outcome::Failed(_) | Outcome::Retired => Habits { address: None, moving: None, ..known },
    }
}

/// What was missed since the feed was read last, and before that, until something that was known stands in it again.
fn gap(known: Option<Gap>, last: Option<Timestamp>, reaches_back: Option<bool>, now: Timestamp) -> Option<Gap> {
    match reaches_back {
        None => known,
        Some(true) => None,
        Some(false) => Some(Gap { since: known.map(|gap| gap.since).or(last).unwrap_or(now), until: now }),
    }
}

/// A feed's ways after its hub has sent something, which may be but a part of the feed: only its rhythm is learnt.
pub(super) fn after_push(state: &FeedState, outcome: &Outcome, lesson: &Lesson, now: Timestamp) -> Habits {
    let known = state.habits.clone();
    if matches!(outcome, Outcome::Failed(_)) || lesson.published.is_empty() {
        return known;
    }
    Habits { rhythm: Some(rhythm::learn(known.rhythm, &lesson.published, state.last_success, now)), ..known }
}

/// Believes a permanent redirect that several polls have found over a day, and forgets one that was not found again.
fn moved(habits: Habits, to: Option<String>, now: Timestamp) -> Habits {
    let Some(to) = to else { return Habits { moving: None, ..habits } };
    let moving = match habits.moving {
        Some(Move { to: before, since, polls }) if before == to => Move { to, since, polls: polls.saturating_add(1) },
        _ => Move { to, since: now, polls: 1 },
    };
    if moving.polls >= POLLS_IN_AGREEMENT && now.duration_since(moving.since) >= TIME_IN_AGREEMENT {
        Habits { address: Some(moving.to), moving: None, ..habits }
    } else {
        Habits { moving: Some(moving), ..habits }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Validators;

    const NEW: &str = "https://new.example/feed";

    fn hour(number: i64) -> Timestamp {
        Timestamp::from_second(1_750_000_000 + number * 3_600).unwrap()
    }

    /// The state after polls at these hours, each finding this permanent redirect.
    fn polled(hours: &[i64], to: &str) -> FeedState {
        let outcome = Outcome::Unchanged(Validators::default());
        let mut state = FeedState::default();
        for number in hours {
            let lesson = Lesson { moved: (!to.is_empty()).then(|| to.to_owned()), ..Lesson::default() };
            state.habits = after(&state, &outcome, lesson, hour(*number));
        }
        state
    }

    #[test]
    fn a_permanent_redirect_is_believed_after_three_polls_over_a_day_and_no_sooner() {
        for (hours, believed) in
            [(&[0][..], false), (&[0, 30], false), (&[0, 1, 2, 3, 4], false), (&[0, 1, 23], false), (&[0, 12, 24], true)]
        {
            assert_eq!(polled(hours, NEW).habits.address.is_some(), believed, "{hours:?}");
        }
    }

    #[test]
    fn polls_that_do_not_agree_start_anew() {
        let mut state = polled(&[0, 12], NEW);
        let outcome = Outcome::Unchanged(Validators::default());
        let lesson = Lesson { moved: Some("https://other.example/".into()), ..Lesson::default() };
        state.habits = after(&state, &outcome, lesson, hour(24));
        assert_eq!(state.habits.moving.as_ref().map(|moving| moving.polls), Some(1));
        state.habits = after(&state, &outcome, Lesson::default(), hour(25));
        assert_eq!((state.habits.moving, state.habits.address), (None, None));
    }

    #[test]
    fn a_learnt_address_that_fails_three_times_is_given_up_for_the_configured_one() {
        let mut state = polled(&[0, 12, 24], NEW);
        for failures in 0..3 {
            assert!(state.habits.address.is_some());
            state.failures = failures;
            state.habits = after(&state, &Outcome::Failed("answered 500".into()), Lesson::default(), hour(25));
        }
        assert_eq!(state.habits.address, None);
    }

    #[test]
    fn a_failure_teaches_nothing_else() {
        let state = FeedState { habits: Habits { body: Some(1), repeats: 2, ..Habits::default() }, ..FeedState::default() };
        let lesson = Lesson { moved: Some(NEW.into()), body: Some(2), conditional: true, ..Lesson::default() };
        let failed = after(&state, &Outcome::Failed("answered 500".into()), lesson, hour(0));
        assert_eq!(failed, Habits { failing_since: Some(hour(0)), ..state.habits });
    }

    #[test]
    fn failures_in_a_row_are_counted_from_the_first() {
        let mut state = FeedState::default();
        for (number, ending, since) in [
            (0, Outcome::Failed("answered 500".into()), Some(hour(0))),
            (1, Outcome::Failed("answered 404".into()), Some(hour(0))),
            (2, Outcome::Unchanged(Validators::default()), None),
            (3, Outcome::Failed("answered 500".into()), Some(hour(3))),
        ] {
            state.habits = after(&state, &ending, Lesson::default(), hour(number));
            assert_eq!(state.habits.failing_since, since);
        }
    }

    #[test]
    fn a_gap_lasts_until_a_document_holds_something_known() {
        let mut state = FeedState { last_success: Some(hour(0)), ..FeedState::default() };
        for (number, reaches_back, gap) in [
            (1_i64, Some(true), None),
            (2, Some(false), Some(Gap { since: hour(0), until: hour(2) })),
            (3, None, Some(Gap { since: hour(0), until: hour(2) })),
            (4, Some(false), Some(Gap { since: hour(0), until: hour(4) })),
            (5, Some(true), None),
        ] {
            let lesson = Lesson { reaches_back, body: Some(number.unsigned_abs()), ..Lesson::default() };
            state.habits = after(&state, &Outcome::Answered(Validators::default()), lesson, hour(number));
            assert_eq!(state.habits.gap, gap, "{number}");
        }
    }

    #[test]
    fn a_body_that_comes_again_although_it_is_known_is_counted_until_a_new_one_comes() {
        let mut state = FeedState::default();
        let lesson = |body| Lesson { body: Some(body), conditional: true, ..Lesson::default() };
        state.habits = after(&state, &Outcome::Answered(Validators::default()), lesson(1), hour(0));
        for number in 1..3 {
            state.habits = after(&state, &Outcome::Answered(Validators::default()), lesson(1), hour(number));
        }
        assert_eq!((state.habits.body, state.habits.repeats), (Some(1), 2));
        state.habits = after(&state, &Outcome::Answered(Validators::default()), lesson(2), hour(3));
        assert_eq!((state.habits.body, state.habits.repeats), (Some(2), 0));
    }
}
