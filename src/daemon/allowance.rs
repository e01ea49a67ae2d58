//! How much hubs may send: a feed that is polled has its pause between polls, and what is sent has this.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// What one document costs of a feed's time, besides its entries: a busy feed's hub sends one for each.
const DOCUMENT: Duration = Duration::from_secs(1);
/// What an entry costs.
const ENTRY: Duration = Duration::from_millis(100);
/// The time that a feed may use ahead: a hundred single articles at once, or once a whole feed of any size.
const AHEAD: Duration = Duration::from_secs(120);

/// Until when each feed has used up its time. There are no more than the configuration names.
#[derive(Debug, Default)]
pub(super) struct Allowance(Mutex<HashMap<String, Instant>>);

impl Allowance {
    /// Whether one more document of a feed may come; if so, it is counted.
    pub(super) fn admits(&self, feed: &str, now: Instant) -> bool {
        let is_within = self.spend(feed, Duration::ZERO, now) <= AHEAD;
        if is_within {
            self.spend(feed, DOCUMENT, now);
        }
        is_within
    }

    /// Counts the entries of a document that was let in.
    pub(super) fn charge(&self, feed: &str, entries: usize, now: Instant) {
        self.spend(feed, ENTRY.saturating_mul(u32::try_from(entries).unwrap_or(u32::MAX)), now);
    }

    /// Gives back how far ahead the feed is then.
    fn spend(&self, feed: &str, cost: Duration, now: Instant) -> Duration {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let until = used.entry(feed.to_owned()).or_insert(now);
        *until = (*until).max(now).checked_add(cost).unwrap_or(*until);
        until.duration_since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many documents of so many entries come through in a row.
    fn admitted(allowance: &Allowance, entries: usize, now: Instant) -> usize {
        let come = (0..1_000).take_while(|_| {
            let is_admitted = allowance.admits("news", now);
            if is_admitted {
                allowance.charge("news", entries, now);
            }
            is_admitted
        });
        come.count()
    }

    #[test]
    fn many_articles_may_come_at_once_and_then_about_one_in_a_second() {
        let (allowance, now) = (Allowance::default(), Instant::now());
        assert_eq!(admitted(&allowance, 1, now), 110);
        assert_eq!(admitted(&allowance, 1, now + Duration::from_secs(11)), 10);
        assert!(allowance.admits("another", now));
    }

    #[test]
    fn a_feed_of_any_size_may_come_once_and_is_worked_off_by_its_entries() {
        let (allowance, now) = (Allowance::default(), Instant::now());
        assert_eq!(admitted(&allowance, 10_000, now), 1);
        assert!(!allowance.admits("news", now + Duration::from_secs(880)));
        assert!(allowance.admits("news", now + Duration::from_secs(882)));
    }
}
