//! A limit on polls an hour, over all feeds: how patient to be with each so that the limit suffices, and a purse in case it does
//! not. Pure arithmetic.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::rhythm::{self, Bounds, PATIENCE};
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
    let needed = |patience: f64| {
        let pause = |rhythm: &Option<Rhythm>| rhythm::pause(rhythm.as_ref(), bounds, patience, now).as_secs_f64();
        rhythms.iter().map(|rhythm| 3600.0 / pause(rhythm)).sum::<f64>()
    };
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
