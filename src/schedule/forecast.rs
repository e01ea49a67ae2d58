//! When to ask a feed again by its rhythm. Pure arithmetic.
//!
//! A poll is due when the articles that may be expected to wait have, all together, waited for as long as our patience lasts. For
//! a steady rate that is the pause sqrt(2 · patience / rate), which for a given number of polls makes the mean delay least.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::rhythm::Expected;
use crate::model::Rhythm;

/// How long all articles that wait in a feed may have waited together before it is asked, in article-minutes, unless a budget
/// says otherwise: one article an hour is asked for every five minutes, one a day every twenty-five.
pub const PATIENCE: f64 = 0.2;

/// Articles an hour of a feed of which nothing is known.
const UNKNOWN_RATE: f64 = 1.0 / 24.0;
/// The steps into which the time until the next poll is cut for reckoning.
const STEPS: usize = 64;

/// The shortest and the longest pause of a feed that follows its own rhythm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The shortest.
    pub min: Duration,
    /// The longest.
    pub max: Duration,
}

/// The pause after a poll at `now` until the next is worth its while.
pub fn pause(rhythm: Option<&Rhythm>, bounds: Bounds, patience: f64, now: Timestamp) -> Duration {
    until_enough(rates(rhythm, bounds, now), bounds, patience)
}

/// What is to be expected of a feed until its longest pause is over, to be asked with several patiences.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    bounds: Bounds,
    rates: Vec<f64>,
}

impl Forecast {
    /// Of a feed of this rhythm, as things stand after a poll at `now`; of one whose rhythm is not known, a guess.
    pub fn new(rhythm: Option<&Rhythm>, bounds: Bounds, now: Timestamp) -> Self {
        Self { bounds, rates: rates(rhythm, bounds, now).collect() }
    }

    /// As [`pause`].
    pub fn pause(&self, patience: f64) -> Duration {
        until_enough(self.rates.iter().copied(), self.bounds, patience)
    }
}

/// Articles an hour, in steps of equal length until the longest pause is over.
fn rates(rhythm: Option<&Rhythm>, bounds: Bounds, now: Timestamp) -> impl Iterator<Item = f64> + use<> {
    let expected = rhythm.map(|rhythm| Expected::new(rhythm, now));
    let middle = move |number: usize| SignedDuration::from_secs_f64((number as f64 + 0.5) * step(bounds) * 3600.0);
    (0..STEPS).map(move |number| {
        let moment = now.saturating_add(middle(number)).unwrap_or(now);
        expected.as_ref().map_or(UNKNOWN_RATE, |expected| expected.rate(moment))
    })
}

/// Hours.
fn step(bounds: Bounds) -> f64 {
    bounds.max.as_secs_f64() / 3600.0 / STEPS as f64
}

/// The pause until what waits has waited for as long as our patience lasts.
fn until_enough(rates: impl Iterator<Item = f64>, bounds: Bounds, patience: f64) -> Duration {
    let (step, patience) = (step(bounds), patience / 60.0);
    let (mut waiting, mut waited, mut passed) = (0.0, 0.0, 0.0);
    for rate in rates {
        let after = waited + waiting * step + rate * step * step / 2.0;
        if after >= patience {
            // where in the step: waited + waiting·x + rate·x²/2 = patience
            let missing = patience - waited;
            let x = 2.0 * missing / (waiting + f64::sqrt(waiting * waiting + 2.0 * rate * missing));
            return Duration::try_from_secs_f64((passed + x) * 3600.0).unwrap_or(bounds.max).clamp(bounds.min, bounds.max);
        }
        (waiting, waited, passed) = (waiting + rate * step, after, passed + step);
    }
    bounds.max
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::rhythm::learn;
    use crate::schedule::rhythm::tests::{at, watched};

    const BOUNDS: Bounds = Bounds { min: Duration::from_secs(60), max: Duration::from_secs(3600) };

    fn minutes(rhythm: Option<&Rhythm>, now: f64) -> f64 {
        pause(rhythm, BOUNDS, PATIENCE, at(now)).as_secs_f64() / 60.0
    }

    #[test]
    fn a_feed_nobody_knows_is_asked_every_quarter_of_an_hour_or_so() {
        assert!((10.0..=30.0).contains(&minutes(None, 0.0)), "{}", minutes(None, 0.0));
    }

    #[test]
    fn a_feed_that_says_nothing_for_weeks_is_asked_as_seldom_as_allowed() {
        assert!(minutes(Some(&watched(28, |_| false)), 28.0 * 24.0) > 40.0);
        let bounds = Bounds { max: Duration::from_secs(6 * 3600), ..BOUNDS };
        assert!(pause(Some(&watched(60, |_| false)), bounds, PATIENCE, at(1_500.0)) > Duration::from_secs(4_000));
    }

    #[test]
    fn office_hours_are_learnt_in_a_fortnight() {
        let office = watched(14, |hour| (9..17).contains(&(hour % 24)) && hour / 24 % 7 < 5);
        let next_week = 14.0 * 24.0;
        let (tuesday_noon, tuesday_night, sunday_noon) = (next_week + 36.0, next_week + 26.0, next_week + 6.0 * 24.0 + 12.0);
        assert!(minutes(Some(&office), tuesday_noon) < 8.0);
        assert!(minutes(Some(&office), tuesday_night) > 15.0);
        assert!(minutes(Some(&office), sunday_noon) > 12.0);
    }

    #[test]
    fn a_feed_shows_its_rhythm_at_its_first_answer() {
        let items: Vec<_> = (0..30).map(|number| Some(at(-f64::from(number) / 6.0))).collect();
        let busy = learn(None, &items, None, at(0.0));
        assert!(minutes(Some(&busy), 0.0) < 5.0);
        let old: Vec<_> = (0..30).map(|number| Some(at(-f64::from(number) * 24.0 - 2_000.0))).collect();
        assert!(minutes(Some(&learn(None, &old, None, at(0.0))), 0.0) > 10.0);
    }

    #[test]
    fn news_makes_more_news_likely_for_an_hour() {
        let mut rhythm = watched(14, |hour| hour % 40 == 0);
        let calm = minutes(Some(&rhythm), 340.0);
        let burst: Vec<_> = (0..6).map(|number| Some(at(340.0 - f64::from(number) / 30.0))).collect();
        rhythm = learn(Some(rhythm), &burst, Some(at(339.0)), at(340.0));
        assert!(minutes(Some(&rhythm), 340.0) < calm / 2.0);
        assert!(minutes(Some(&rhythm), 346.0) > calm / 2.0);
    }

    #[test]
    fn the_more_patient_the_longer_the_pause_within_its_bounds() {
        let hourly = watched(14, |_| true);
        let pause = |patience| pause(Some(&hourly), BOUNDS, patience, at(336.0)).as_secs();
        assert!(pause(0.2) < pause(0.8) && pause(0.8) < pause(3.2));
        assert_eq!((pause(1e-9), pause(1e9)), (60, 3_600));
    }
}
