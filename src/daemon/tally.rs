//! What a pass has come to so far.

use std::sync::{Mutex, PoisonError};

use crate::model::{Outcome, Recorded};

/// Counts over all visits.
#[derive(Debug, Default)]
pub(super) struct Tally(Mutex<Counts>);

/// The counts themselves.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Counts {
    /// Feeds that sent a feed.
    pub(super) answered: usize,
    /// Feeds that said nothing has changed.
    pub(super) unchanged: usize,
    /// Feeds that could not be read.
    pub(super) failed: usize,
    /// What was recorded of them.
    pub(super) recorded: Recorded,
}

impl Tally {
    pub(super) fn polled(&self, outcome: &Outcome) {
        self.change(|counts| match outcome {
            Outcome::Answered(_) => counts.answered += 1,
            Outcome::Unchanged => counts.unchanged += 1,
            Outcome::Failed { .. } | Outcome::Retired => counts.failed += 1,
        });
    }

    pub(super) fn recorded(&self, recorded: Recorded) {
        self.change(|counts| counts.recorded += recorded);
    }

    pub(super) fn counts(&self) -> Counts {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
