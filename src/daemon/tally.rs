//! What a pass has come to so far.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::{Outcome, Recorded};

/// Counts over all visits, and which are under way.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: Mutex<Counts>,
    under_way: Mutex<BTreeSet<String>>,
}

/// The counts themselves.
#[derive(Debug, Default, Clone, Copy)]
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
    pub(super) fn polled(&self, outcome: &Outcome) {
        self.change(|counts| match outcome {
            Outcome::Answered(_) => counts.answered += 1,
            Outcome::Unchanged(_) => counts.unchanged += 1,
            Outcome::Failed(_) | Outcome::Retired => counts.failed += 1,
        });
    }

    pub(super) fn recorded(&self, recorded: Recorded) {
        self.change(|counts| counts.recorded += recorded);
    }

    pub(super) fn counts(&self) -> Counts {
        *lock(&self.counts)
    }

    /// A visit to a feed begins.
    pub(super) fn begin(&self, feed: &str) {
        lock(&self.under_way).insert(feed.to_owned());
    }

    /// It has come to its end.
    pub(super) fn end(&self, feed: &str) {
        lock(&self.under_way).remove(feed);
    }

    /// The feeds being visited.
    pub(super) fn under_way(&self) -> Vec<String> {
        lock(&self.under_way).iter().cloned().collect()
    }

    fn change(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut lock(&self.counts));
    }
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
