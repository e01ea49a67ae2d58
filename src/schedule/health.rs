//! What a feed's rhythm says about its health: how much it usually publishes, and whether its silence is out of character. Pure
//! arithmetic.

use jiff::{SignedDuration, Timestamp};

use super::rhythm::Expected;
use crate::model::{Ailment, FeedReport, Rhythm};

/// Articles that should have come since the last one before a silence is worth a word: by chance alone, as many fail to come once
/// in 160,000 times.
const MISSED: f64 = 12.0;
/// Occasions that must be known before anybody can say what is usual.
const LEAST_KNOWN: f32 = 4.0;
/// Silence up to this long is nobody's business.
const SHORTEST_SILENCE: SignedDuration = SignedDuration::from_hours(24);
/// The same for a feed that has not been watched for two weeks: nobody knows its weekends yet, and some last three days.
const SHORTEST_OF_THE_NEW: SignedDuration = SignedDuration::from_hours(72);
const NEW: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Hours looked at; what was quiet for longer has been noticed.
const HOURS_LOOKED_AT: i64 = 28 * 24;

/// Occasions to publish that a feed usually finds in a day, by what it was like when it last did.
pub fn per_day(rhythm: &Rhythm) -> f64 {
    24.0 * Expected::new(rhythm, rhythm.at).in_all()
}

/// Since when a feed has had nothing new, if that is longer than somebody has patience for, or without such a wish, than is its way.
pub fn quiet_since(rhythm: &Rhythm, patience: Option<SignedDuration>, now: Timestamp) -> Option<Timestamp> {
    let is_quiet = match patience {
        Some(patience) => now.duration_since(rhythm.at) >= patience,
        None => silence(rhythm, now).is_some(),
    };
    is_quiet.then_some(rhythm.at)
}

/// For how long a feed has been silent, if that is out of character.
pub fn silence(rhythm: &Rhythm, now: Timestamp) -> Option<SignedDuration> {
    let silent = now.duration_since(rhythm.at);
    let is_new = rhythm.at.duration_since(rhythm.since) < NEW;
    let shortest = if is_new { SHORTEST_OF_THE_NEW } else { SHORTEST_SILENCE };
    if silent < shortest || rhythm.hours.iter().sum::<f32>() < LEAST_KNOWN {
        return None;
    }
    let expected = Expected::new(rhythm, rhythm.at);
    let hours = silent.as_hours().min(HOURS_LOOKED_AT);
    let moments = (0..hours).filter_map(|hour| rhythm.at.checked_add(SignedDuration::from_hours(hour)).ok());
    (moments.map(|moment| expected.of_the_hour(moment)).sum::<f64>() >= MISSED).then_some(silent)
}

/// A feed's silence in words.
pub fn quiet(rhythm: &Rhythm, now: Timestamp) -> String {
    format!("quiet for {}, usually {}", span(now.duration_since(rhythm.at)), often(per_day(rhythm)))
}

/// What is wrong with a feed at a moment, the worst first.
pub fn ailments(report: &FeedReport, now: Timestamp) -> Vec<Ailment> {
    let habits = &report.state.habits;
    let is_stale = habits.rhythm.as_ref().is_some_and(|rhythm| silence(rhythm, now).is_some());
    let found = [
        (Ailment::Retired, report.retired),
        (Ailment::Failing, report.state.failures > 0 && !report.retired),
        (Ailment::Stale, is_stale && !report.retired),
        (Ailment::Gap, habits.gap.is_some() && !report.retired),
    ];
    found.into_iter().filter_map(|(ailment, is_so)| is_so.then_some(ailment)).collect()
}

/// How often, as people would say.
pub fn often(per_day: f64) -> String {
    match per_day {
        often if often >= 48.0 => format!("{:.0} an hour", often / 24.0),
        often if often >= 0.95 => format!("{often:.0} a day"),
        often if often >= 1.0 / 7.0 => format!("{:.0} a week", often * 7.0),
        _ => "less than one a week".to_owned(),
    }
}

/// A span of time in its largest unit.
pub fn span(span: SignedDuration) -> String {
    let seconds = span.as_secs().max(0);
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_rates_are_told_as_people_would() {
        let spans = [1, 119, 600, 7_200, 9 * 86_400].map(|seconds| span(SignedDuration::from_secs(seconds)));
        assert_eq!(spans, ["1 second", "119 seconds", "10 minutes", "2 hours", "9 days"]);
        assert_eq!([200.0, 3.2, 0.5, 0.01].map(often), ["8 an hour", "3 a day", "4 a week", "less than one a week"]);
    }
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
