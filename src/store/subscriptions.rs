//! Subscriptions with hubs, as the state keeps them.

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use crate::model::{Subscribing, Subscription};

/// What is remembered of subscriptions.
#[async_trait]
pub trait Subscriptions: Send + Sync {
    /// Wishes for a subscription, in place of another that the feed may have; if that has just been asked for, not at once: a feed
    /// that names ever other hubs does not make us knock at all of them.
    async fn wish_subscription(&self, wish: Subscription, now: Timestamp) -> Result<(), StoreError>;

    /// A feed's subscription.
    async fn subscription_of(&self, feed: &str) -> Result<Option<Subscription>, StoreError>;

    /// The subscription with a callback, if its feed is polled.
    async fn subscription_at(&self, callback: &str) -> Result<Option<Subscription>, StoreError>;

    /// Forgets a feed's subscription.
    async fn forget_subscription(&self, feed: &str) -> Result<(), StoreError>;

    /// Claims up to `limit` subscriptions that are to be asked for: their hubs may come back until then, and are asked again if they do
    /// not, ever more seldom. Those that were asked for with another `base` have to be asked for anew.
    async fn claim_subscriptions(
        &self,
        base: &str,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Subscription>, StoreError>;

    /// Writes down how it went on. A failure counts only while nobody has come back to the request.
    async fn settle_subscription(&self, feed: &str, how: Subscribing) -> Result<(), StoreError>;

    /// When the next subscription is to be asked for.
    async fn next_subscription_due(&self) -> Result<Option<Timestamp>, StoreError>;
}
