//! What a feed's rhythm says about its health: how much it usually publishes, and whether its silence is out of character. Pure
//! arithmetic.

use jiff::{SignedDuration, Timestamp};

use super::rhythm::Expected;
use crate::model::Rhythm;

/// Articles that should have come since the last one before a silence is worth a word: by chance alone, as many fail to come once
/// in 160,000 times.
const MISSED: f64 = 12.0;
/// Occasions that must be known before anybody can say what is usual.
const LEAST_KNOWN: f32 = 4.0;
/// Silence up to this long is nobody's business.
const SHORTEST_SILENCE: SignedDuration = SignedDuration::from_hours(24);
/// Hours looked at; what was quiet for longer has been noticed.
const HOURS_LOOKED_AT: i64 = 28 * 24;

/// Occasions to publish that a feed usually finds in a day, by what it was like when it last did.
pub fn per_day(rhythm: &Rhythm) -> f64 {
    24.0 * Expected::new(rhythm, rhythm.at).in_all()
}

/// For how long a feed has been silent, if that is out of character.
pub fn silence(rhythm: &Rhythm, now: Timestamp) -> Option<SignedDuration> {
    let silent = now.duration_since(rhythm.at);
    if silent < SHORTEST_SILENCE || rhythm.hours.iter().sum::<f32>() < LEAST_KNOWN {
        return None;
    }
    let expected = Expected::new(rhythm, rhythm.at);
    let hours = silent.as_hours().min(HOURS_LOOKED_AT);
    let moments = (0..hours).filter_map(|hour| rhythm.at.checked_add(SignedDuration::from_hours(hour)).ok());
    (moments.map(|moment| expected.of_the_hour(moment)).sum::<f64>() >= MISSED).then_some(silent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::rhythm::tests::{at, watched};

    #[test]
    fn a_feed_that_speaks_three_times_a_day_does_so_in_words() {
        let rhythm = watched(28, |hour| [8, 12, 16].contains(&(hour % 24)));
        assert!((2.0..=4.0).contains(&per_day(&rhythm)), "{}", per_day(&rhythm));
    }

    #[test]
    fn a_silence_of_days_is_out_of_character_for_the_busy_alone() {
        let (busy, weekly) = (watched(28, |hour| hour % 4 == 0), watched(28, |hour| hour % 168 == 9));
        let after = |days: i64| at((28 + days) as f64 * 24.0);
        assert_eq!([silence(&busy, after(0)), silence(&weekly, after(20))], [None, None]);
        assert_eq!(silence(&busy, after(9)).map(|silence| silence.as_hours() / 24), Some(9));
    }

    #[test]
    fn a_weekend_is_no_silence_for_an_office() {
        let office = watched(25, |hour| (9..17).contains(&(hour % 24)) && hour / 24 % 7 < 5);
        let (sunday, thursday) = (at(27.0 * 24.0 + 12.0), at(31.0 * 24.0));
        assert_eq!(silence(&office, sunday), None);
        assert!(silence(&office, thursday).is_some());
    }

    #[test]
    fn a_feed_of_which_nothing_is_known_is_never_too_silent() {
        assert_eq!(silence(&Rhythm::new(at(0.0)), at(9_000.0)), None);
    }
}
