//! What a pass has come to so far.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::time::Instant;

use crate::metrics::{Metrics, Push};
use crate::model::{Outcome, Recorded};

/// Counts over all visits, and which are under way.
#[derive(Default)]
pub(super) struct Tally {
    counts: Mutex<Counts>,
    /// With when each began.
    under_way: Mutex<BTreeMap<String, Instant>>,
    /// Those of the whole process.
    metrics: Arc<Metrics>,
}

/// The counts themselves.
#[derive(Debug, Default, Clone)]
pub struct Counts {
    /// Feeds that sent a feed.
    pub answered: usize,
    /// Feeds that said nothing has changed.
    pub unchanged: usize,
    /// Feeds that could not be read.
    pub failed: usize,
    /// What was recorded of them.
    pub recorded: Recorded,
}

impl Tally {
    pub(super) fn new(metrics: Arc<Metrics>) -> Self {
        Self { metrics, ..Self::default() }
    }

    pub(super) fn polled(&self, outcome: &Outcome) {
        self.metrics.polled(outcome);
        self.change(|counts| match outcome {
            Outcome::Answered(_) => counts.answered += 1,
            Outcome::Unchanged(_) => counts.unchanged += 1,
            Outcome::Failed(_) | Outcome::Retired => counts.failed += 1,
        });
    }

    pub(super) fn recorded(&self, feed: &str, recorded: Recorded) {
        self.metrics.recorded(feed, &recorded);
        self.change(|counts| counts.recorded += recorded);
    }

    /// Articles that were published at these moments have been recorded.
    pub(super) fn published(&self, published: &[Option<Timestamp>], recorded: Timestamp) {
        self.metrics.published(published, recorded);
    }

    /// A hub has sent something.
    pub(super) fn pushed(&self, push: Push) {
        self.metrics.pushed(push);
    }

    pub(super) fn counts(&self) -> Counts {
        lock(&self.counts).clone()
    }

    /// A visit to a feed begins.
    pub(super) fn begin(&self, feed: &str) {
        lock(&self.under_way).insert(feed.to_owned(), Instant::now());
    }

    /// It has come to its end.
    pub(super) fn end(&self, feed: &str) {
        if let Some(began) = lock(&self.under_way).remove(feed) {
            self.metrics.visited(began.elapsed());
        }
    }

    /// The feeds being visited.
    pub(super) fn under_way(&self) -> Vec<String> {
        lock(&self.under_way).keys().cloned().collect()
    }

    fn change(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut lock(&self.counts));
    }
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
