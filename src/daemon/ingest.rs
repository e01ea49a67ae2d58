//! One feed's whole trip: asked, read, judged, recorded. The one place where live IO meets the pipeline.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::setup::Setup;
use super::tally::Tally;
use crate::config::Feed;
use crate::feed::{self, Entry};
use crate::fetch::{Fetched, Page};
use crate::model::{Article, ArticleKey, Candidate, DueFeed, Judge, Outcome, Recorded, Visit};
use crate::schedule::interval::{self, Brought};
use crate::store::{Store, StoreError};

/// What every visit needs.
pub(super) struct Ingest {
    pub(super) setup: Arc<Setup>,
    pub(super) store: Arc<dyn Store>,
    pub(super) alerts_written: Arc<Notify>,
    pub(super) tally: Arc<Tally>,
    pub(super) stop: CancellationToken,
}

/// What a poll came to before it is recorded.
struct Poll {
    outcome: Outcome,
    entries: Vec<Entry>,
}

impl Ingest {
    /// Visits a claimed feed. Told to stop while the server has yet to answer, it gives the feed back instead.
    pub(super) async fn visit(self: Arc<Self>, due: DueFeed) {
        let name = due.name.clone();
        self.tally.begin(&name);
        self.ask_and_record(due).await;
        self.tally.end(&name);
    }

    async fn ask_and_record(&self, due: DueFeed) {
        let Some(feed) = self.setup.config.feeds.get(&due.name) else { return };
        let at = Timestamp::now();
        let fetched = tokio::select! {
            fetched = self.setup.fetcher.get(&feed.url, &due.state.validators) => fetched,
            () = self.stop.cancelled() => return self.give_back(due).await,
        };
        let poll = read(fetched).await;
        self.tally.polled(&poll.outcome);
        log_outcome(&due.name, &poll.outcome, due.state.failures);
        match self.record(&due, feed, poll, at).await {
            Ok(recorded) => self.report(&due.name, recorded),
            Err(error) => warn!(feed = due.name, %error, "what the feed brought could not be recorded; it will be asked again"),
        }
    }

    async fn give_back(&self, due: DueFeed) {
        if let Err(error) = self.store.release_feeds(vec![due.name.clone()]).await {
            warn!(feed = due.name, %error, "could not be given back; it waits until its lease is over");
        }
    }

    async fn record(&self, due: &DueFeed, feed: &Feed, poll: Poll, at: Timestamp) -> Result<Recorded, StoreError> {
        let fresh = self.unseen(&due.name, poll.entries).await?;
        let keys: Vec<ArticleKey> = fresh.iter().map(|entry| entry.key.clone()).collect();
        let articles = fresh.into_iter().map(|entry| entry.into_article(Some(&due.name), &feed.outlet, at));
        let mut may_ring: Vec<Article> =
            articles.filter(|article| due.state.answered || is_fresh(article, feed.backlog, at)).collect();
        // feeds tell the newest first, and a story grows from its first telling
        may_ring.sort_by_key(Article::when);
        let (outcome, fresh, candidates) = match self.examine(may_ring).await {
            Ok(candidates) => (poll.outcome, keys, candidates),
            // nothing is taken as seen that could not be judged
            Err(fault) => (failed(fault).outcome, Vec::new(), Vec::new()),
        };
        let (brought, wish) = brought(&outcome, due.state.failures, fresh.len());
        let (interval, next_due) = interval::next(feed.every, due.state.interval, brought, wish, at, fastrand::f64());
        let visit = Visit { feed: due.name.clone(), at, outcome, next_due, interval, fresh, candidates };
        let judge: Arc<dyn Judge> = self.setup.pipeline.clone();
        self.store.record(visit, judge).await
    }

    async fn unseen(&self, name: &str, entries: Vec<Entry>) -> Result<Vec<Entry>, StoreError> {
        if entries.is_empty() {
            return Ok(entries);
        }
        let keys = entries.iter().map(|entry| entry.key.clone()).collect();
        let unseen = self.store.unseen(name, keys).await?;
        Ok(entries.into_iter().filter(|entry| unseen.contains(&entry.key)).collect())
    }

    async fn examine(&self, articles: Vec<Article>) -> Result<Vec<Candidate>, String> {
        if articles.is_empty() {
            return Ok(Vec::new());
        }
        let pipeline = Arc::clone(&self.setup.pipeline);
        let examine = move || articles.into_iter().filter_map(|article| pipeline.examine(article)).collect();
        tokio::task::spawn_blocking(examine).await.map_err(|_| "a fault of wirewatch's own while judging its articles".to_owned())
    }

    fn report(&self, name: &str, recorded: Recorded) {
        debug!(feed = name, articles = recorded.articles, alerts = recorded.alerts, updates = recorded.updates, "visited");
        self.tally.recorded(recorded);
        if recorded.deliveries > 0 {
            self.alerts_written.notify_one();
        }
    }
}

async fn read(fetched: Fetched) -> Poll {
    let outcome = match fetched {
        Fetched::Page(page) => return parse(page).await,
        Fetched::NotModified => Outcome::Unchanged,
        Fetched::Gone => Outcome::Retired,
        Fetched::Failed { error, not_before } => Outcome::Failed { error: error.to_string(), not_before },
    };
    Poll { outcome, entries: Vec::new() }
}

/// Parses off the runtime: a large feed must not hold up the others.
async fn parse(page: Page) -> Poll {
    let Page { bytes, content_type, url, validators } = page;
    match tokio::task::spawn_blocking(move || feed::parse(&bytes, content_type.as_deref(), Some(&url))).await {
        Ok(Ok(feed)) => Poll { outcome: Outcome::Answered(validators), entries: feed.sound_entries() },
        Ok(Err(why)) => failed(why.to_string()),
        Err(_) => failed("a fault of wirewatch's own while reading the feed".to_owned()),
    }
}

fn failed(error: String) -> Poll {
    Poll { outcome: Outcome::Failed { error, not_before: None }, entries: Vec::new() }
}

/// What the schedule needs to know: what came, and when the server wants to be asked again.
fn brought(outcome: &Outcome, failures: u32, fresh: usize) -> (Brought, Option<Timestamp>) {
    match outcome {
        Outcome::Failed { not_before, .. } => (Brought::Failure(failures.saturating_add(1)), *not_before),
        _ if fresh == 0 => (Brought::Nothing, None),
        _ => (Brought::News, None),
    }
}

/// Whether an article may ring at a feed's first answer: only one that says it is recent.
fn is_fresh(article: &Article, backlog: Duration, now: Timestamp) -> bool {
    let age = |published: Timestamp| Duration::try_from(now.duration_since(published)).unwrap_or_default();
    article.published.is_some_and(|published| age(published) <= backlog)
}

/// A failure is told once, when it begins, and its end too; what lasts is in the state.
fn log_outcome(name: &str, outcome: &Outcome, failures: u32) {
    match outcome {
        Outcome::Failed { error, .. } if failures == 0 => {
            warn!(feed = name, error, "could not be read; it will be asked again, ever more seldom")
        }
        Outcome::Failed { error, .. } => debug!(feed = name, error, failures, "still cannot be read"),
        Outcome::Retired => {
            warn!(feed = name, "is gone for good, its server says (410), and is asked no more: remove it or correct its address")
        }
        _ if failures > 0 => info!(feed = name, failures, "can be read again"),
        _ => {}
    }
}
