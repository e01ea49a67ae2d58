//! Which feeds are due, and when each is due again. What a visit is, the caller says.

pub mod budget;
pub mod forecast;
pub mod health;
pub mod interval;
pub mod rhythm;
pub mod wish;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::info;

use self::budget::Allowance;
use crate::model::DueFeed;
use crate::store::{Store, StoreError};

/// Visits under way at once. Far more than connections, so that feeds that queue for one busy host do not hold up the others.
const MAX_VISITS: usize = 512;
/// The places that must be free before more feeds are claimed: each claim passes over all that are claimed already.
const WORTH_A_CLAIM: usize = MAX_VISITS / 4;
/// How long a claimed feed is ours. Longer than any visit, queueing for its host included.
const LEASE: Duration = Duration::from_secs(60 * 60);
/// The longest sleep: another daemon on the same state, or a reload, may have changed what is due.
const MAX_SLEEP: Duration = Duration::from_secs(15);

/// Where the time comes from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// When to come to an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Only when told to stop.
    Stopped,
    /// As soon as nothing is due any more.
    NothingDue,
}

/// How to go about the visits.
pub struct Round {
    /// What the time is.
    pub clock: Clock,
    /// How long to go on.
    pub until: Until,
    /// The most visits an hour, if there is a limit.
    pub polls_per_hour: Option<u32>,
}

/// Claims feeds as they fall due and visits them, until the end; then waits for the visits under way. The schedule keeps its pace
/// when the clock is set or the machine has slept.
///
/// # Errors
/// If the state can no longer be read: without it nobody knows what is due.
pub async fn visit_due_feeds<V, F>(
    store: &Arc<dyn Store>,
    round: &Round,
    stop: &CancellationToken,
    visit: V,
) -> Result<(), StoreError>
where
    V: Fn(DueFeed) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let mut visits = JoinSet::new();
    let mut allowance = round.polls_per_hour.map(|limit| Allowance::new(limit, (round.clock)()));
    let mut watch = Watch::start(&round.clock);
    while !stop.is_cancelled() {
        watch.keep_pace(store, &round.clock).await?;
        let now = (round.clock)();
        let allowed = allowance.as_mut().map_or(usize::MAX, |allowance| allowance.left(now));
        let free = Some(MAX_VISITS - visits.len()).filter(|free| *free >= WORTH_A_CLAIM);
        let room = free.unwrap_or(0).min(allowed);
        let due = if room > 0 { store.claim_due_feeds(now, LEASE, room).await? } else { Vec::new() };
        if let Some(allowance) = &mut allowance {
            allowance.spend(due.len());
        }
        let all_claimed = due.len() < room;
        for feed in due {
            visits.spawn(visit(feed));
        }
        if all_claimed && visits.is_empty() && round.until == Until::NothingDue {
            break;
        }
        let refilled = allowance.as_ref().map(Allowance::wait).filter(|wait| !wait.is_zero());
        let sleep = if all_claimed { until_next_due(store, now).await? } else { refilled.unwrap_or(MAX_SLEEP).min(MAX_SLEEP) };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(sleep) => {}
            Some(_) = visits.join_next() => while visits.try_join_next().is_some() {},
        }
    }
    while visits.join_next().await.is_some() {}
    Ok(())
}

async fn until_next_due(store: &Arc<dyn Store>, now: Timestamp) -> Result<Duration, StoreError> {
    let due = store.next_feed_due().await?.unwrap_or(Timestamp::MAX);
    Ok(Duration::try_from(due.duration_since(now)).unwrap_or_default().min(MAX_SLEEP))
}

/// Holds the clock on the wall against one that only counts.
struct Watch {
    by_clock: Timestamp,
    really: Instant,
}

impl Watch {
    fn start(clock: &Clock) -> Self {
        Self { by_clock: clock(), really: Instant::now() }
    }

    /// Moves the schedule along if the clock has jumped: a machine that has slept does not ask everybody at once, and a clock that
    /// is set back by a year silences nobody.
    async fn keep_pace(&mut self, store: &Arc<dyn Store>, clock: &Clock) -> Result<(), StoreError> {
        let now = Self::start(clock);
        let jump = wish::jump(now.by_clock.duration_since(self.by_clock), now.really.duration_since(self.really));
        *self = now;
        if let Some(jump) = jump {
            info!(seconds = jump.as_secs(), "the clock has jumped; the feeds' schedule is moved along");
            store.shift_feeds(jump).await?;
        }
        Ok(())
    }
}
