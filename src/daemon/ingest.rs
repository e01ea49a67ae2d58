//! One feed's whole trip: asked, read, judged, recorded. The one place where live IO meets the pipeline.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};
use url::Url;

use super::habits::{self, Lesson};
use super::hubs::Hubs;
use super::line::Line;
use super::newness::{self, Before, News};
use super::notices;
use super::pages;
use super::patience::Patience;
use super::poll::{self, Kept, Poll};
use super::setup::Setup;
use super::tally::Tally;
use crate::alerts::Vitals;
use crate::config::Feed;
use crate::feed::{Item, first_known};
use crate::fetch::{Fetched, Space};
use crate::model::{Candidate, DueFeed, FeedState, Habits, Hints, Judge, Outage, Outcome, Recorded, Seen, Visit};
use crate::schedule::forecast::{self, Bounds};
use crate::schedule::interval::{self, Pause, later};
use crate::schedule::{Clock, wish};
use crate::store::{Store, StoreError};

/// Why a visit could not be brought to its end.
pub(super) enum Setback {
    /// It was told to stop.
    Stopped,
    /// A fault of wirewatch's own while judging what a hub has sent.
    Fault,
    /// The state did not take what it had found.
    Store(StoreError),
}

impl From<StoreError> for Setback {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
/// How long answers are waited for once it is time to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// What every visit needs.
pub(super) struct Ingest {
    pub(super) setup: Arc<Setup>,
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Clock,
    pub(super) alerts_written: Arc<Notify>,
    pub(super) patience: Patience,
    pub(super) line: Line,
    pub(super) tally: Arc<Tally>,
    pub(super) stop: CancellationToken,
    /// Where others can reach us.
    pub(super) hubs: Option<Arc<Hubs>>,
}

/// What follows from a poll.
struct Plan {
    habits: Habits,
    next_due: Timestamp,
    not_before: Timestamp,
    interval: Duration,
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
        let poll = Poll::read(answer, &address, &due.state, at).await;
        self.tally.polled(&poll.outcome);
        notices::outcome(&due.name, &poll.outcome, due.state.failures);
        match self.record(&due, feed, poll).await {
            Ok(recorded) => self.report(&due.name, recorded),
            Err(Setback::Stopped | Setback::Fault) => self.give_back(&due.name, None).await,
            Err(Setback::Store(error)) => {
                warn!(feed = due.name, %error, "what the feed brought could not be recorded; it will be asked again")
            }
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

    pub(super) async fn record(&self, due: &DueFeed, feed: &Feed, mut poll: Poll) -> Result<Recorded, Setback> {
        let (News { seen, forget, .. }, candidates) = self.judge(due, feed, &mut poll).await?;
        // the first answer tells when the feed came here, not when its articles did
        let published = if due.state.answered { poll.lesson.published.clone() } else { Vec::new() };
        let (unheard, is_push) = (poll.lesson.unheard, poll.kept.is_some());
        let Plan { mut habits, next_due, not_before, interval } = self.plan(due, feed, &mut poll).await?;
        let heard = self.hear(due.state.failures.saturating_add(1), unheard, &habits).await?;
        let mut health = Vec::new();
        if !is_push {
            let vitals = Vitals { outage: &heard.outage, ..vitals(due, feed, &poll.outcome, &habits, poll.at) };
            (health, habits.episodes) = self.setup.pipeline.check_up(vitals);
        }
        let Poll { at, outcome, busy, .. } = poll;
        let habits = Some(habits).filter(|habits| *habits != due.state.habits);
        let feed = due.name.clone();
        let visit =
            Visit { feed, at, outcome, is_push, next_due, not_before, busy, habits, interval, seen, forget, candidates, health };
        let judge: Arc<dyn Judge> = self.setup.pipeline.clone();
        let recorded = self.store.record(visit, judge).await?;
        self.tally.published(&published, (self.clock)());
        Ok(recorded)
    }

    /// What follows from a poll for the next: nothing, if it was none but was sent by a hub.
    async fn plan(&self, due: &DueFeed, feed: &Feed, poll: &mut Poll) -> Result<Plan, StoreError> {
        let (state, at, lesson) = (&due.state, poll.at, std::mem::take(&mut poll.lesson));
        if let Some(Kept { next_due, not_before }) = poll.kept {
            let habits = habits::after_push(state, &poll.outcome, &lesson, at);
            return Ok(Plan { habits, next_due, not_before, interval: state.interval.unwrap_or_default() });
        }
        let has_hub = self.has_hub(due, &lesson, at).await?;
        let answered = !matches!(poll.outcome, Outcome::Failed(_));
        let habits = habits::after(state, &poll.outcome, lesson, at);
        notices::habits(&due.name, state, &habits, at);
        let hints = if feed.hints { habits.hints } else { Hints::default() };
        let not_before = wish::not_before(poll.pause, &hints, answered, at);
        let mut pause = self.pause(state, feed, &habits, answered, at).await;
        if has_hub && !pause.fixed {
            pause.length = pause.length.max(self.setup.config.schedule.max);
        }
        let next_due = interval::due(pause, not_before, at, fastrand::f64());
        Ok(Plan { habits, next_due, not_before, interval: pause.length })
    }

    /// Whether a hub sends what is new before polls find it.
    async fn has_hub(&self, due: &DueFeed, lesson: &Lesson, at: Timestamp) -> Result<bool, StoreError> {
        let Some(hubs) = &self.hubs else { return Ok(false) };
        let found_news = due.state.answered && !lesson.published.is_empty();
        hubs.learn(&due.name, lesson.offer.clone(), found_news, at).await
    }

    /// What is new in a poll, and what of it may ring. Nothing is taken as seen that could not be judged: the poll has failed then, and
    /// a hub is to come again.
    async fn judge(&self, due: &DueFeed, feed: &Feed, poll: &mut Poll) -> Result<(News, Vec<Candidate>), Setback> {
        let mut document = std::mem::take(&mut poll.document);
        let mut known = self.acquainted(due, &document.items).await?;
        if due.state.answered && poll.kept.is_none() && !known.is_empty() && !document.items.is_empty() {
            let mut reaches_back = first_known(&document.items, &known).is_some();
            if !reaches_back {
                // of a feed that only ever shows its latest entry nobody can say whether there was another one
                let is_single = document.items.len() == 1;
                reaches_back = self.reach_back((due, feed), poll, &mut document, &mut known).await? || is_single;
            }
            poll.lesson.reaches_back = Some(reaches_back);
        }
        let mut news =
            newness::news(Before { is_part: poll.kept.is_some(), ..Before::of(due, feed) }, document.items, &known, poll.at);
        poll.lesson.published = std::mem::take(&mut news.published);
        let articles = std::mem::take(&mut news.articles);
        poll.space = Space::default();
        let longest = if poll.kept.is_some() { pages::PUSH_WAIT } else { pages::LONGEST_WAIT };
        match pages::judge(&self.setup, feed.full_text, articles, longest, &self.stop).await {
            Ok(None) => Err(Setback::Stopped),
            Ok(Some(candidates)) => Ok((news, candidates)),
            Err(_) if poll.kept.is_some() => Err(Setback::Fault),
            Err(_) => {
                (poll.outcome, poll.document, poll.lesson) =
                    poll::failed("a fault of wirewatch's own while judging its articles");
                Ok((News::default(), Vec::new()))
            }
        }
    }

    /// What is remembered of the entries of a document.
    pub(super) async fn acquainted(&self, due: &DueFeed, items: &[Item]) -> Result<Vec<Seen>, StoreError> {
        if items.is_empty() || !due.has_articles {
            return Ok(Vec::new());
        }
        self.store.acquainted(&due.name, items.iter().map(Item::ask).collect()).await
    }

    /// The pause to the next poll.
    async fn pause(&self, state: &FeedState, feed: &Feed, habits: &Habits, answered: bool, at: Timestamp) -> Pause {
        let schedule = &self.setup.config.schedule;
        let bounds = Bounds { min: schedule.min, max: schedule.max };
        let length = match feed.every {
            Some(every) => every,
            None => {
                let pause = forecast::pause(habits.rhythm.as_ref(), bounds, self.patience.now(self, at).await, at);
                // whoever has outrun us is asked twice as soon
                let outran = state.interval.filter(|_| habits.gap.is_some_and(|gap| gap.until == at));
                outran.map_or(pause, |last| pause.min(last / 2).max(bounds.min))
            }
        };
        let failures = if answered { 0 } else { state.failures.saturating_add(1) };
        Pause { length, fixed: feed.every.is_some(), first: state.interval.is_none(), failures }
    }

    pub(super) fn report(&self, name: &str, recorded: Recorded) {
        debug!(feed = name, articles = recorded.articles, alerts = recorded.alerts, updates = recorded.updates, "visited");
        if recorded.deliveries > 0 {
            self.alerts_written.notify_one();
        }
        self.tally.recorded(name, recorded);
    }
}

/// How a feed stands after a visit.
fn vitals<'a>(due: &'a DueFeed, feed: &'a Feed, outcome: &'a Outcome, habits: &'a Habits, at: Timestamp) -> Vitals<'a> {
    let (failures, last_success) = match outcome {
        Outcome::Failed(_) => (due.state.failures.saturating_add(1), due.state.last_success),
        Outcome::Retired => (due.state.failures, due.state.last_success),
        Outcome::Unchanged(_) | Outcome::Answered(_) => (0, Some(at)),
    };
    Vitals { name: &due.name, feed, outcome, failures, last_success, outage: &Outage::None, habits, at }
}

/// Where to ask: where the feed has moved for good, or else where the configuration says.
fn address<'a>(feed: &'a Feed, habits: &Habits) -> Cow<'a, Url> {
    let learnt = habits.address.as_deref().and_then(|address| address.parse().ok());
    learnt.map_or(Cow::Borrowed(&feed.url), Cow::Owned)
}
