//! A limit on polls an hour, over all feeds: how patient to be with each so that the limit suffices, and a purse in case it does
//! not. Pure arithmetic.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::forecast::{Bounds, Forecast, PATIENCE};
use crate::model::Rhythm;

/// Nobody is more patient than this, in article-minutes: every feed is at its longest pause by then.
const MOST_PATIENCE: f64 = 1e6;
/// Halvings of the range in which the right patience is looked for.
const ROUNDS: usize = 24;
/// The share of an hour's polls that may be made at once.
const AT_ONCE: f64 = 1.0 / 60.0;

/// The patience with which feeds of these rhythms, each asked as it stands now, come to at most `polls` an hour; never less than
/// the usual one.
pub fn patience(rhythms: &[Option<Rhythm>], bounds: Bounds, polls: f64, now: Timestamp) -> f64 {
    let forecasts: Vec<Forecast> = rhythms.iter().map(|rhythm| Forecast::new(rhythm.as_ref(), bounds, now)).collect();
    let needed = |patience: f64| forecasts.iter().map(|forecast| 3600.0 / forecast.pause(patience).as_secs_f64()).sum::<f64>();
    if needed(PATIENCE) <= polls {
        return PATIENCE;
    }
    let (mut too_little, mut enough) = (PATIENCE.ln(), MOST_PATIENCE.ln());
    for _ in 0..ROUNDS {
        let middle = f64::midpoint(too_little, enough);
        if needed(middle.exp()) <= polls { enough = middle } else { too_little = middle }
    }
    enough.exp()
}

/// Polls that may still be made: a purse that fills evenly and holds a minute's worth, at least one.
#[derive(Debug)]
pub struct Allowance {
    per_hour: f64,
    left: f64,
    at: Timestamp,
}

impl Allowance {
    /// A full purse.
    pub fn new(per_hour: u32, now: Timestamp) -> Self {
        let per_hour = f64::from(per_hour.max(1));
        Self { per_hour, left: (per_hour * AT_ONCE).max(1.0), at: now }
    }

    /// How many polls may be made now.
    pub fn left(&mut self, now: Timestamp) -> usize {
        let passed = now.duration_since(self.at).max(SignedDuration::ZERO).as_secs_f64() / 3600.0;
        self.left = (self.left + passed * self.per_hour).min((self.per_hour * AT_ONCE).max(1.0));
        self.at = now;
        self.left as usize
    }

    /// Takes out what has been used.
    pub fn spend(&mut self, polls: usize) {
        self.left -= polls as f64;
    }

    /// How long until there is one in it.
    pub fn wait(&self) -> Duration {
        Duration::from_secs_f64(((1.0 - self.left).max(0.0) / self.per_hour * 3600.0).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::{forecast, rhythm};

    const BOUNDS: Bounds = Bounds { min: Duration::from_secs(60), max: Duration::from_secs(3600) };

    fn now() -> Timestamp {
        "2025-06-05T12:00:00Z".parse().unwrap()
    }

    /// A feed that has just had so many articles in the last five hours.
    fn busy(articles: i64) -> Option<Rhythm> {
        let item = |number: i64| Some(now() - SignedDuration::from_mins(300 * number / articles));
        Some(rhythm::learn(None, &(0..articles).map(item).collect::<Vec<_>>(), None, now()))
    }

    fn polls(rhythms: &[Option<Rhythm>], patience: f64) -> f64 {
        let pause = |rhythm: &Option<Rhythm>| forecast::pause(rhythm.as_ref(), BOUNDS, patience, now()).as_secs_f64();
        rhythms.iter().map(|rhythm| 3600.0 / pause(rhythm)).sum()
    }

    #[test]
    fn a_limit_that_nobody_reaches_changes_nothing() {
        assert_eq!(patience(&[busy(10), None], BOUNDS, 1_000.0, now()), PATIENCE);
    }

    #[test]
    fn a_limit_is_used_up_and_kept_and_the_busy_get_more_of_it() {
        let feeds = [busy(60), busy(6), None, None];
        let limit = polls(&feeds, PATIENCE) / 2.0;
        let patience = patience(&feeds, BOUNDS, limit, now());
        let used = polls(&feeds, patience);
        assert!(used <= limit && used > 0.95 * limit, "{used} of {limit}");
        assert!(polls(&feeds[..1], patience) > 3.0 * polls(&feeds[2..3], patience));
    }

    #[test]
    fn a_limit_that_cannot_be_kept_leaves_everybody_at_the_longest_pause() {
        let feeds = vec![busy(60); 10];
        assert_eq!(polls(&feeds, patience(&feeds, BOUNDS, 2.0, now())), 10.0);
        assert_eq!(polls(&feeds, patience(&feeds, BOUNDS, -5.0, now())), 10.0);
    }

    #[test]
    fn a_purse_fills_evenly_and_holds_a_minutes_worth() {
        let at = |seconds| now() + SignedDuration::from_secs(seconds);
        let mut purse = Allowance::new(600, now());
        assert_eq!(purse.left(at(0)), 10);
        purse.spend(10);
        assert_eq!((purse.left(at(0)), purse.wait()), (0, Duration::from_secs(6)));
        assert_eq!([purse.left(at(6)), purse.left(at(30)), purse.left(at(3_600)), purse.left(at(0))], [1, 5, 10, 10]);
    }

    #[test]
    fn a_purse_of_less_than_one_a_minute_fills_all_the_same() {
        let mut purse = Allowance::new(2, now());
        purse.spend(1);
        assert_eq!(purse.left(now() + SignedDuration::from_mins(29)), 0);
        assert_eq!(purse.left(now() + SignedDuration::from_mins(31)), 1);
    }
}
