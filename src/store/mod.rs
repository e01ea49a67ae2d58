//! What must survive a restart, behind one trait whose methods are sentences of the domain.
//!
//! It keeps and never judges: the one judgement that must be made under its lock, whether an article joins or opens a story,
//! it asks of the [`Judge`] it is given.

mod sqlite;
mod subscriptions;
mod time;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::model::{Ask, ClaimedFeed, Delivery, DueFeed, Judge, Outage, Recorded, Rhythm, Seen, Settlement, Standing, Visit};

pub use sqlite::SqliteStore;
pub use subscriptions::Subscriptions;

/// Why the state could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another daemon works on the same state.
    #[error("another wirewatch is using {0}")]
    InUse(String),
    /// The state was written by a newer wirewatch.
    #[error("{0} was written by a newer wirewatch; upgrade, or restore an older copy of the state")]
    Newer(String),
    /// The state was written by an older wirewatch, and nothing has opened it since.
    #[error("{0} was written by an older wirewatch; `wirewatch run` brings it up to date")]
    Older(String),
    /// The database said no.
    #[error("state: {0}")]
    Database(String),
}

/// The deliveries that wait: all that whoever sends them needs of the state.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Claims up to `limit` deliveries that are due, longest due first, for `lease`, leaving out the `busy` receivers. Each
    /// claim counts as a try.
    async fn claim_deliveries(
        &self,
        now: Timestamp,
        lease: Duration,
        limit: usize,
        busy: Vec<String>,
    ) -> Result<Vec<Delivery>, StoreError>;

    /// Writes down how a try ended.
    async fn settle(&self, id: i64, settlement: Settlement) -> Result<(), StoreError>;

    /// When the next delivery that nobody has claimed is due, leaving out the `busy` receivers.
    async fn next_delivery_due(&self, busy: Vec<String>) -> Result<Option<Timestamp>, StoreError>;
}

/// Everything a daemon remembers: the outbox, what fills it, and who sends it by himself.
#[async_trait]
pub trait Store: Outbox + Subscriptions {
    /// Makes exactly these feeds, named with their addresses, the ones that are polled. What is known of a feed stays while its
    /// address does; a feed with a new address starts anew. Feeds that were last asked in what is now the future, because a clock
    /// was set back, are due when they would have been by the new one.
    async fn adopt_feeds(&self, feeds: Vec<(String, String)>, now: Timestamp) -> Result<(), StoreError>;

    /// Makes every feed due now, but for those whose server asked to be left alone for longer.
    async fn hasten_feeds(&self, now: Timestamp) -> Result<(), StoreError>;

    /// Claims up to `limit` feeds that are due, longest due first, for `lease`.
    async fn claim_due_feeds(&self, now: Timestamp, lease: Duration, limit: usize) -> Result<Vec<DueFeed>, StoreError>;

    /// Claims one feed, due or not, unless it is claimed already or is not polled.
    async fn claim_feed(&self, name: &str, now: Timestamp, lease: Duration) -> Result<Option<ClaimedFeed>, StoreError>;

    /// Gives back claimed feeds that were not visited; they are due as before.
    async fn release_feeds(&self, names: Vec<String>) -> Result<(), StoreError>;

    /// Gives back a claimed feed that could not be asked; it is due at the moment given, or later if it was.
    async fn postpone_feed(&self, name: &str, until: Timestamp) -> Result<(), StoreError>;

    /// Moves everything that is planned for feeds, because the clock has jumped by so much.
    async fn shift_feeds(&self, by: SignedDuration) -> Result<(), StoreError>;

    /// The feeds that are polled, by name, with the rhythm of those that have one.
    async fn rhythms(&self) -> Result<Vec<(String, Option<Rhythm>)>, StoreError>;

    /// When the next feed that nobody has claimed is due.
    async fn next_feed_due(&self) -> Result<Option<Timestamp>, StoreError>;

    /// How all feeds that are polled, and all deliveries that have not arrived, stand.
    async fn standing(&self, now: Timestamp) -> Result<Standing, StoreError>;

    /// What is remembered of a feed under these keys and links; where that is nothing at all, everything, up to a bound.
    async fn acquainted(&self, feed: &str, asks: Vec<Ask>) -> Result<Vec<Seen>, StoreError>;

    /// Whether any feed has answered since a moment, and if none has, which rules have told of one that fails since the last has answered.
    async fn outage(&self, since: Timestamp) -> Result<Outage, StoreError>;

    /// Records a visit in one transaction: the feed's next due time, and that of all of its host if that is busy, its articles as seen, and for each article that matched,
    /// the story, alert and outbox rows that the judge decides on.
    async fn record(&self, visit: Visit, judge: Arc<dyn Judge>) -> Result<Recorded, StoreError>;
}
