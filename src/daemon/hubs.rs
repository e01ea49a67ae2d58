//! Subscriptions with hubs: wished for when a feed names one, asked for, renewed, and given up. Polling goes on all the while, only
//! more seldom as long as a hub sends what is new before polls find it.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, info, warn};
use url::Url;

use super::setup::Setup;
use crate::config::Server;
use crate::model::{HubOffer, Subscribing, Subscription};
use crate::schedule::interval::{self, Pause, later};
use crate::store::{Store, StoreError};
use crate::websub;

/// How long a hub may take to come back to a request.
const ANSWER_TIME: Duration = Duration::from_secs(15 * 60);
/// The pause after a request that did not get through; it doubles.
const RETRY: Duration = Duration::from_secs(60);
/// Requests under way at once.
const TOGETHER: usize = 8;
/// The longest sleep, and the pause after the state could not be read.
const MAX_SLEEP: Duration = Duration::from_secs(30);
/// Bytes drawn at random for a callback, and for a secret.
const RANDOM_BYTES: usize = 32;

/// What goes on with hubs.
pub(super) struct Hubs {
    /// The address below which hubs reach us.
    callbacks: Url,
    store: Arc<dyn Store>,
    wished: Notify,
}

impl Hubs {
    /// Those of a daemon that others can reach; nothing for one they cannot.
    pub(super) fn new(server: Option<&Server>, store: &Arc<dyn Store>) -> Option<Arc<Self>> {
        let callbacks = server?.public_url.as_ref()?.join("websub/").ok()?;
        Some(Arc::new(Self { callbacks, store: Arc::clone(store), wished: Notify::new() }))
    }

    /// Takes note of what a poll has said of hubs (nothing, where no document came) and whether it has found news. Gives back
    /// whether a hub can be relied on.
    pub(super) async fn learn(
        &self,
        feed: &str,
        offer: Option<Option<HubOffer>>,
        found_news: bool,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let known = self.store.subscription_of(feed).await?;
        match (offer, known) {
            (Some(None), Some(_)) => self.store.forget_subscription(feed).await.map(|()| false),
            (Some(Some(offer)), known) if known.as_ref().map(|known| &known.offer) != Some(&offer) => {
                self.wish(feed, offer, now).await.map(|()| false)
            }
            (_, Some(known)) if known.delivers && found_news => {
                debug!(feed, hub = known.offer.hub, "the hub was slower than the poll");
                self.store.settle_subscription(feed, Subscribing::Delivers(false)).await.map(|()| false)
            }
            (_, known) => Ok(known.is_some_and(|known| known.is_at_work(now))),
        }
    }

    async fn wish(&self, feed: &str, offer: HubOffer, now: Timestamp) -> Result<(), StoreError> {
        let (Some(callback), Some(secret)) = (random(), random()) else { return Ok(()) };
        let feed = feed.to_owned();
        let wish =
            Subscription { feed, offer, callback, secret, asked_until: None, lease_until: None, delivers: false, failures: 0 };
        self.store.wish_subscription(wish, now).await?;
        self.wished.notify_one();
        Ok(())
    }

    /// Asks hubs for what is wished for, whenever it is time, until told to stop.
    pub(super) async fn ask(self: Arc<Self>, setup: Arc<Setup>, stop: CancellationToken) {
        let mut requests = JoinSet::new();
        while !stop.is_cancelled() {
            let pause = self.ask_due(&setup, &stop, &mut requests).await.unwrap_or_else(|error| {
                error!(%error, "subscriptions are out of reach");
                MAX_SLEEP
            });
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.wished.notified() => {}
                Some(_) = requests.join_next() => {}
                () = sleep(pause) => {}
            }
        }
        while requests.join_next().await.is_some() {}
    }

    /// Starts what is due. Returns how long nothing else will be.
    async fn ask_due(
        self: &Arc<Self>,
        setup: &Arc<Setup>,
        stop: &CancellationToken,
        requests: &mut JoinSet<()>,
    ) -> Result<Duration, StoreError> {
        let (now, room) = (Timestamp::now(), TOGETHER.saturating_sub(requests.len()));
        let until = later(now, ANSWER_TIME);
        for claimed in self.store.claim_subscriptions(self.callbacks.as_str(), now, until, room).await? {
            let (hubs, setup, stop) = (Arc::clone(self), Arc::clone(setup), stop.clone());
            requests.spawn(async move {
                if let Err(error) = hubs.ask_one(&claimed, &setup, &stop).await {
                    error!(feed = claimed.feed, %error, "what came of a subscription could not be written down");
                }
            });
        }
        let due =
            self.store.next_subscription_due().await?.map(|due| Duration::try_from(due.duration_since(now)).unwrap_or_default());
        Ok(due.unwrap_or(MAX_SLEEP).clamp(Duration::from_millis(100), MAX_SLEEP))
    }

    async fn ask_one(&self, claimed: &Subscription, setup: &Setup, stop: &CancellationToken) -> Result<(), StoreError> {
        let form = websub::form(claimed, &self.callbacks);
        let Ok(hub) = claimed.offer.hub.parse() else { return Ok(()) };
        let asked = tokio::select! {
            asked = setup.fetcher.post(&hub, &form) => asked,
            () = stop.cancelled() => return self.try_again(claimed, "wirewatch was stopped".to_owned(), Timestamp::now()).await,
        };
        let Err(refused) = asked else { return Ok(()) };
        let (now, why) = (Timestamp::now(), claimed.hushed(&refused.why));
        if claimed.failures <= 1 {
            warn!(feed = claimed.feed, hub = claimed.offer.hub, error = why, "the hub cannot be asked; polling goes on");
        }
        let pause = Pause { length: RETRY, fixed: false, first: false, failures: claimed.failures };
        let at = interval::due(pause, later(now, refused.pause), now, fastrand::f64());
        self.try_again(claimed, why, at).await
    }

    async fn try_again(&self, claimed: &Subscription, error: String, at: Timestamp) -> Result<(), StoreError> {
        self.store.settle_subscription(&claimed.feed, Subscribing::Failed { error, at }).await
    }

    /// A hub has come back. What to answer, if it came for something that we know of.
    pub(super) async fn answer(&self, callback: &str, query: &str) -> Result<Option<String>, StoreError> {
        let (Some(known), now) = (self.store.subscription_at(callback).await?, Timestamp::now()) else { return Ok(None) };
        let Subscription { feed, offer: HubOffer { hub, topic: expected }, .. } = &known;
        match websub::Intent::read(query) {
            Some(websub::Intent::Verify { topic, challenge, lease }) if topic == *expected && known.is_awaited(now) => {
                let (until, renew_at) = websub::renewal(lease, now);
                self.store.settle_subscription(feed, Subscribing::Confirmed { until, renew_at }).await?;
                info!(feed, hub, lease_seconds = lease.as_secs(), "subscribed");
                Ok(Some(challenge))
            }
            Some(websub::Intent::Deny { topic, reason }) if topic == *expected => {
                let reason = reason.map_or_else(|| "no reason given".to_owned(), |reason| known.hushed(&reason));
                warn!(feed, hub, reason, "the hub denies the subscription; polling goes on");
                let at = later(now, websub::AFTER_DENIAL);
                self.store.settle_subscription(feed, Subscribing::Denied { reason, at }).await?;
                Ok(Some(String::new()))
            }
            _ => Ok(None),
        }
    }

    /// The subscription with a callback.
    pub(super) async fn find(&self, callback: &str) -> Result<Option<Subscription>, StoreError> {
        self.store.subscription_at(callback).await
    }

    /// News came from the hub.
    pub(super) async fn delivers(&self, feed: &str) -> Result<(), StoreError> {
        self.store.settle_subscription(feed, Subscribing::Delivers(true)).await
    }
}

/// What nobody can guess, in characters that any address can hold.
fn random() -> Option<String> {
    let mut bytes = [0; RANDOM_BYTES];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Some(BASE64_URL_SAFE_NO_PAD.encode(bytes)),
        Err(error) => {
            error!(%error, "the system has no random numbers, and without them nobody can be subscribed to");
            None
        }
    }
}
