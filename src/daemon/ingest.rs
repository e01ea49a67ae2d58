//! One feed's whole trip: asked, read, judged, recorded. The one place where live IO meets the pipeline.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};
use url::Url;

use super::habits;
use super::notices;
use super::patience::Patience;
use super::poll::{self, Poll};
use super::setup::Setup;
use super::tally::Tally;
use crate::config::Feed;
use crate::feed::Entry;
use crate::fetch::Fetched;
use crate::model::{Article, ArticleKey, Candidate, DueFeed, FeedState, Habits, Hints, Judge, Outcome, Recorded, Visit};
use crate::schedule::forecast::{self, Bounds};
use crate::schedule::interval::{self, Pause, later};
use crate::schedule::{Clock, wish};
use crate::store::{Store, StoreError};

/// How long answers are waited for once it is time to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// What every visit needs.
pub(super) struct Ingest {
    pub(super) setup: Arc<Setup>,
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Clock,
    pub(super) alerts_written: Arc<Notify>,
    pub(super) patience: Patience,
    pub(super) tally: Arc<Tally>,
    pub(super) stop: CancellationToken,
}

impl Ingest {
    /// Visits a claimed feed. Told to stop while the server has yet to be asked, or takes its time to answer, it gives the feed
    /// back instead.
    pub(super) async fn visit(self: Arc<Self>, due: DueFeed) {
        let name = due.name.clone();
        self.tally.begin(&name);
        self.ask_and_record(due).await;
        self.tally.end(&name);
    }

    async fn ask_and_record(&self, due: DueFeed) {
        let Some(feed) = self.setup.config.feeds.get(&due.name) else { return };
        let address = address(feed, &due.state.habits);
        let answer = tokio::select! {
            answer = self.setup.fetcher_for(feed).get(&address, &due.state.validators) => answer,
            () = self.out_of_time() => return self.give_back(&due.name, None).await,
        };
        let at = (self.clock)();
        if matches!(answer.fetched, Fetched::NotAsked) {
            let until = Some(later(at, answer.pause)).filter(|_| !answer.pause.is_zero());
            return self.give_back(&due.name, until).await;
        }
        let poll = Poll::read(answer, &due.state, at).await;
        self.tally.polled(&poll.outcome);
        notices::outcome(&due.name, &poll.outcome, due.state.failures);
        match self.record(&due, feed, poll).await {
            Ok(recorded) => self.report(&due.name, recorded),
            Err(error) => warn!(feed = due.name, %error, "what the feed brought could not be recorded; it will be asked again"),
        }
    }

    /// Waits until told to stop, and then a little: a server that was asked may be answering, and should not be asked for the
    /// same again.
    async fn out_of_time(&self) {
        self.stop.cancelled().await;
        self.setup.fetcher.close();
        tokio::time::sleep(LAST_ANSWERS).await;
    }

    /// Gives a feed back that was not asked: it is due as before, or at the moment given.
    async fn give_back(&self, name: &str, due: Option<Timestamp>) {
        let given = match due {
            Some(due) => self.store.postpone_feed(name, due).await,
            None => self.store.release_feeds(vec![name.to_owned()]).await,
        };
        if let Err(error) = given {
            warn!(feed = name, %error, "could not be given back; it waits until its lease is over");
        }
    }

    async fn record(&self, due: &DueFeed, feed: &Feed, mut poll: Poll) -> Result<Recorded, StoreError> {
        let (fresh, candidates) = self.judge(due, feed, &mut poll).await?;
        let Poll { at, outcome, lesson, pause, busy, .. } = poll;
        let answered = !matches!(outcome, Outcome::Failed(_));
        let habits = habits::after(&due.state, &outcome, lesson, at);
        notices::habits(&due.name, &due.state, &habits, at);
        let hints = if feed.hints { habits.hints } else { Hints::default() };
        let not_before = wish::not_before(pause, &hints, answered, at);
        let pause = self.pause(&due.state, feed, &habits, answered, at).await;
        let next_due = interval::due(pause, not_before, at, fastrand::f64());
        let (feed, interval) = (due.name.clone(), pause.length);
        let habits = Some(habits).filter(|habits| *habits != due.state.habits);
        let visit = Visit { feed, at, outcome, next_due, not_before, busy, habits, interval, fresh, candidates };
        let judge: Arc<dyn Judge> = self.setup.pipeline.clone();
        self.store.record(visit, judge).await
    }

    /// What is new in a poll, and what of it may ring. Nothing is taken as seen that could not be judged: the poll has failed then.
    async fn judge(&self, due: &DueFeed, feed: &Feed, poll: &mut Poll) -> Result<(Vec<ArticleKey>, Vec<Candidate>), StoreError> {
        let fresh = self.unseen(&due.name, std::mem::take(&mut poll.entries)).await?;
        let keys = fresh.iter().map(|entry| entry.key.clone()).collect();
        poll.lesson.published = fresh.iter().map(|entry| entry.published.or(entry.updated)).collect();
        Ok(match self.examine(may_ring(fresh, due, feed, poll.at)).await {
            Ok(candidates) => (keys, candidates),
            Err(fault) => {
                (poll.outcome, poll.entries, poll.lesson) = poll::failed(&fault);
                (Vec::new(), Vec::new())
            }
        })
    }

    /// The pause to the next poll.
    async fn pause(&self, state: &FeedState, feed: &Feed, habits: &Habits, answered: bool, at: Timestamp) -> Pause {
        let schedule = &self.setup.config.schedule;
        let bounds = Bounds { min: schedule.min, max: schedule.max };
        let length = match feed.every {
            Some(every) => every,
            None => forecast::pause(habits.rhythm.as_ref(), bounds, self.patience.now(self, at).await, at),
        };
        let failures = if answered { 0 } else { state.failures.saturating_add(1) };
        Pause { length, fixed: feed.every.is_some(), first: state.interval.is_none(), failures }
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

/// Where to ask: where the feed has moved for good, or else where the configuration says.
fn address<'a>(feed: &'a Feed, habits: &Habits) -> Cow<'a, Url> {
    let learnt = habits.address.as_deref().and_then(|address| address.parse().ok());
    learnt.map_or(Cow::Borrowed(&feed.url), Cow::Owned)
}

/// The new articles that may ring, the oldest first: feeds tell the newest first, and a story grows from its first telling. At a
/// feed's first answer only what says that it is recent may.
fn may_ring(fresh: Vec<Entry>, due: &DueFeed, feed: &Feed, at: Timestamp) -> Vec<Article> {
    let articles = fresh.into_iter().map(|entry| entry.into_article(Some(&due.name), &feed.outlet, at));
    let mut may_ring: Vec<Article> =
        articles.filter(|article| due.state.answered || is_fresh(article, feed.backlog, at)).collect();
    may_ring.sort_by_key(Article::when);
    may_ring
}

fn is_fresh(article: &Article, backlog: Duration, now: Timestamp) -> bool {
    let age = |published: Timestamp| Duration::try_from(now.duration_since(published)).unwrap_or_default();
    article.published.is_some_and(|published| age(published) <= backlog)
}
