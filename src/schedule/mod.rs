//! Which feeds are due, and when each is due again. What a visit is, the caller says.

pub mod interval;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::model::DueFeed;
use crate::store::{Store, StoreError};

/// Visits under way at once. Far more than connections, so that feeds that queue for one busy host do not hold up the others.
const MAX_VISITS: usize = 512;
/// How long a claimed feed is ours. Longer than any visit, queueing for its host included.
const LEASE: Duration = Duration::from_secs(15 * 60);
/// The longest sleep: another daemon on the same state, or a reload, may have changed what is due.
const MAX_SLEEP: Duration = Duration::from_secs(15);

/// When to come to an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Only when told to stop.
    Stopped,
    /// As soon as nothing is due any more.
    NothingDue,
}

/// Claims feeds as they fall due and visits them, until the end; then waits for the visits under way.
///
/// # Errors
/// If the state can no longer be read: without it nobody knows what is due.
pub async fn visit_due_feeds<V, F>(
    store: &Arc<dyn Store>,
    until: Until,
    stop: &CancellationToken,
    visit: V,
) -> Result<(), StoreError>
where
    V: Fn(DueFeed) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let mut visits = JoinSet::new();
    while !stop.is_cancelled() {
        let room = MAX_VISITS - visits.len();
        let due = store.claim_due_feeds(Timestamp::now(), LEASE, room).await?;
        let all_claimed = due.len() < room;
        for feed in due {
            visits.spawn(visit(feed));
        }
        if all_claimed && visits.is_empty() && until == Until::NothingDue {
            break;
        }
        let sleep = if all_claimed { until_next_due(store).await? } else { MAX_SLEEP };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(sleep) => {}
            Some(_) = visits.join_next() => while visits.try_join_next().is_some() {},
        }
    }
    while visits.join_next().await.is_some() {}
    Ok(())
}

async fn until_next_due(store: &Arc<dyn Store>) -> Result<Duration, StoreError> {
    let due = store.next_feed_due().await?.unwrap_or(Timestamp::MAX);
    Ok(Duration::try_from(due.duration_since(Timestamp::now())).unwrap_or_default().min(MAX_SLEEP))
}
