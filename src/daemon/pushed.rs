//! What hubs send: let in by its signature, then read, judged and recorded as if it had been asked for, but for the feed's schedule,
//! which stays as it is.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, sleep};
use tracing::{debug, warn};
use url::Url;

use super::allowance::Allowance;
use super::hubs::Hubs;
use super::ingest::{Ingest, Setback};
use super::poll::{Kept, Poll};
use crate::fetch::{Answer, Fetched, Page, Space};
use crate::metrics::Push;
use crate::model::{ClaimedFeed, DueFeed, Outcome, Subscription};
use crate::server::{Content, Subscriber};
use crate::store::StoreError;
use crate::websub;

/// How long the feed is ours; far longer than it takes.
const LEASE: Duration = Duration::from_secs(10 * 60);
/// How long to wait before looking again whether a poll of the same feed has ended.
const PAUSE: Duration = Duration::from_millis(200);
/// How often.
const LOOKS: u32 = 25;

/// Takes what hubs bring.
#[derive(Clone)]
pub(super) struct Reception {
    hubs: Arc<Hubs>,
    ingest: Arc<Ingest>,
    allowance: Arc<Allowance>,
}

impl Reception {
    pub(super) fn new(hubs: Arc<Hubs>, ingest: Arc<Ingest>) -> Self {
        Self { hubs, ingest, allowance: Arc::default() }
    }

    fn count(&self, push: Push) -> Push {
        self.ingest.tally.pushed(push);
        push
    }
}

#[async_trait]
impl Subscriber for Reception {
    async fn answer(&self, callback: &str, query: &str) -> Result<Option<String>, StoreError> {
        self.hubs.answer(callback, query).await
    }

    async fn knows(&self, callback: &str) -> Result<bool, StoreError> {
        Ok(self.hubs.find(callback).await?.is_some())
    }

    async fn take(&self, callback: &str, content: Content) -> Result<Push, StoreError> {
        let Some(subscription) = self.hubs.find(callback).await? else { return Ok(Push::Unusable) };
        let signature = content.signature.as_deref().unwrap_or_default();
        if !websub::is_signed(signature, &subscription.secret, &content.body) {
            warn!(feed = subscription.feed, "something came that is not signed as the hub would sign it; it is ignored");
            return Ok(self.count(Push::Unsigned));
        }
        if !self.allowance.admits(&subscription.feed, Instant::now()) {
            debug!(feed = subscription.feed, "the hub sends more than is taken, and is asked to come again");
            return Ok(self.count(Push::TooMany));
        }
        // once begun it is done, whether or not the hub waits for the answer
        let reception = self.clone();
        let taking = tokio::spawn(async move {
            let push = take(&reception, subscription, content).await?;
            Ok::<_, StoreError>(reception.count(push))
        });
        taking.await.unwrap_or(Ok(Push::Busy))
    }
}

/// Has the feed to itself, and gives it back unless it was recorded.
async fn take(reception: &Reception, from: Subscription, content: Content) -> Result<Push, StoreError> {
    let (name, its, ingest) = (from.feed.clone(), reception.clone(), &reception.ingest);
    let Some(claimed) = claim(ingest, &name).await? else { return Ok(Push::Busy) };
    let judging = tokio::spawn(async move { judge(&its, &from, claimed, content).await });
    // after a fault of our own the hub comes again
    let push = judging.await.unwrap_or(Ok(Push::Busy));
    match push {
        Ok(Push::Taken) => reception.hubs.delivers(&name).await?,
        _ => ingest.store.release_feeds(vec![name]).await?,
    }
    push
}

async fn judge(reception: &Reception, from: &Subscription, claimed: ClaimedFeed, content: Content) -> Result<Push, StoreError> {
    let Reception { ingest, allowance, .. } = reception;
    let (due, name, at) = (claimed.feed, &from.feed, (ingest.clock)());
    let (Some(feed), Ok(url)) = (ingest.setup.config.feeds.get(name), Url::parse(&from.offer.topic)) else {
        return Ok(Push::Unusable);
    };
    let (answer, _room) = answer(url, content, &due);
    let mut poll = Poll::read(answer, &feed.url, &due.state, at).await;
    if let Outcome::Failed(error) = poll.outcome {
        warn!(feed = name, error, "what the hub sent could not be read");
        return Ok(Push::Unusable);
    }
    allowance.charge(name, poll.document.items.len(), Instant::now());
    poll.kept = Some(Kept { next_due: claimed.next_due, not_before: claimed.not_before });
    match ingest.record(&due, feed, poll).await {
        Ok(recorded) => {
            debug!(feed = name, "news came from the hub");
            ingest.report(name, recorded);
            Ok(Push::Taken)
        }
        Err(Setback::Store(error)) => Err(error),
        Err(Setback::Stopped | Setback::Fault) => Ok(Push::Busy),
    }
}

/// What was sent, as if it had been asked for, and the room that it takes.
fn answer(url: Url, content: Content, due: &DueFeed) -> (Answer, OwnedSemaphorePermit) {
    let Content { content_type, body: bytes, room, .. } = content;
    let (validators, space) = (due.state.validators.clone(), Space::default());
    let page = Page { url, content_type, links: Vec::new(), validators, bytes, space };
    (Answer { fetched: Fetched::Page(page), pause: Duration::ZERO, busy_host: None, moved: None }, room)
}

/// Claims the feed, once nobody else visits it.
async fn claim(ingest: &Ingest, name: &str) -> Result<Option<ClaimedFeed>, StoreError> {
    for _ in 0..LOOKS {
        if let Some(claimed) = ingest.store.claim_feed(name, (ingest.clock)(), LEASE).await? {
            return Ok(Some(claimed));
        }
        sleep(PAUSE).await;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daemon::pages::PUSH_WAIT;
    use crate::server::REQUEST_TIME;

    #[test]
    fn a_hub_is_answered_before_it_is_told_that_it_takes_too_long() {
        assert!(PAUSE * LOOKS + PUSH_WAIT < REQUEST_TIME);
    }
}
