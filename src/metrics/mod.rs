//! What is counted while the daemon works, in the words of Prometheus. `docs/metrics.md` lists every metric.
//!
//! Counting costs an atomic addition. What the state knows better (how feeds and deliveries stand) is not counted but asked of it
//! whenever somebody looks. Every kind of label has few values or one for each thing that the configuration names.

mod standings;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Metric, Registry, Unit};

use self::standings::Standings;
use crate::model::{AlertKind, Outcome, Recorded, Settlement, Standing};

/// The media type of what [`Metrics::render`] gives: OpenMetrics 1.0, which every Prometheus since 2.5 reads.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What the name of every metric begins with.
const PREFIX: &str = "wirewatch";
/// Seconds by which visits are told apart: from a feed next door that has not changed to one that uses up its time.
const VISIT_SECONDS: [f64; 11] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 30.0];
/// Seconds by which delays from publication are told apart: from ten seconds to a day.
const DELAY_SECONDS: [f64; 12] = [10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_800.0, 3_600.0, 7_200.0, 21_600.0, 43_200.0, 86_400.0];

type Label = [(&'static str, String); 1];
type Counters<L> = Family<L, Counter>;

/// What became of something that a hub sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Push {
    /// It was read and recorded.
    Taken,
    /// It was not signed as the hub would sign it.
    Unsigned,
    /// It could not be read.
    Unusable,
    /// It could not be taken then, mostly because the feed was being visited: the hub was asked to come again.
    Busy,
    /// It was more than is taken of one feed in so short a time.
    TooMany,
}

/// The counts of one process; they outlive a reload.
pub struct Metrics {
    registry: Registry,
    polls: Counters<[(&'static str, &'static str); 1]>,
    pushes: Counters<[(&'static str, &'static str); 1]>,
    articles: Counter,
    articles_by_feed: Mutex<HashMap<String, u64>>,
    alerts: Counters<Label>,
    updates: Counters<Label>,
    deliveries: Counters<[(&'static str, String); 2]>,
    visits: Histogram,
    delays: Histogram,
    reload_worked: Gauge,
    reloaded: Gauge<f64, std::sync::atomic::AtomicU64>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new(Timestamp::UNIX_EPOCH)
    }
}

impl Metrics {
    /// Those of a process that started then, all at nought.
    pub fn new(started: Timestamp) -> Self {
        let mut new = Self {
            registry: Registry::with_prefix(PREFIX),
            polls: Family::default(),
            pushes: Family::default(),
            articles: Counter::default(),
            articles_by_feed: Mutex::default(),
            alerts: Family::default(),
            updates: Family::default(),
            deliveries: Family::default(),
            visits: Histogram::new(VISIT_SECONDS),
            delays: Histogram::new(DELAY_SECONDS),
            reload_worked: Gauge::default(),
            reloaded: Gauge::default(),
        };
        new.register_process(started);
        new.register_work();
        new.reload(true, started);
        // a count that is there before anything is counted has a rate from the first event on
        for outcome in ["answered", "unchanged", "failed", "retired"] {
            drop(new.polls.get_or_create(&[("outcome", outcome)]));
        }
        for push in [Push::Taken, Push::Unsigned, Push::Unusable, Push::Busy, Push::TooMany] {
            drop(new.pushes.get_or_create(&[("outcome", push.as_str())]));
        }
        new
    }

    fn register_process(&mut self, started: Timestamp) {
        let start: Gauge<f64, std::sync::atomic::AtomicU64> = Gauge::default();
        start.set(seconds(started));
        self.registry.register("build", "What is running", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        self.in_seconds("start_timestamp", "When the process started, since 1970 in UTC", start);
        self.registry.register(
            "config_last_reload_successful",
            "Whether the last configuration read could be used (1) or the one before is still in force (0)",
            self.reload_worked.clone(),
        );
        let help = "When the configuration in force was taken over, since 1970 in UTC";
        self.in_seconds("config_last_reload_success_timestamp", help, self.reloaded.clone());
    }

    fn register_work(&mut self) {
        let registry = &mut self.registry;
        registry.register("polls", "Answers of feeds, by what they were", self.polls.clone());
        registry.register("pushes", "What hubs have sent, by what became of it", self.pushes.clone());
        registry.register("articles", "Articles that had not been seen before", self.articles.clone());
        registry.register("alerts", "Stories opened, by rule", self.alerts.clone());
        registry.register("updates", "Articles that joined a known story, by rule", self.updates.clone());
        registry.register("deliveries", "Tries to deliver, by receiver and how they ended", self.deliveries.clone());
        let help = "What visits to feeds took, from the turn of the feed to the record of what it brought";
        self.in_seconds("visit_duration", help, self.visits.clone());
        let help = "From the publication of an article, by the feed's word, to its record here";
        self.in_seconds("article_delay", help, self.delays.clone());
    }

    fn in_seconds(&mut self, name: &str, help: &str, metric: impl Metric) {
        self.registry.register_with_unit(name, help, Unit::Seconds, metric);
    }

    /// A receiver is told of alerts.
    pub fn expect_receiver(&self, name: &str) {
        for outcome in ["delivered", "retried", "failed"] {
            drop(self.deliveries.get_or_create(&[("receiver", name.to_owned()), ("outcome", outcome.to_owned())]));
        }
    }

    /// A configuration was read anew, and could be used or not.
    pub fn reload(&self, worked: bool, at: Timestamp) {
        self.reload_worked.set(i64::from(worked));
        if worked {
            self.reloaded.set(seconds(at));
        }
    }

    /// A poll ended.
    pub fn polled(&self, outcome: &Outcome) {
        let outcome = match outcome {
            Outcome::Answered(_) => "answered",
            Outcome::Unchanged(_) => "unchanged",
            Outcome::Failed(_) => "failed",
            Outcome::Retired => "retired",
        };
        self.polls.get_or_create(&[("outcome", outcome)]).inc();
    }

    /// A hub has sent something.
    pub fn pushed(&self, push: Push) {
        self.pushes.get_or_create(&[("outcome", push.as_str())]).inc();
    }

    /// What a feed brought was recorded.
    pub fn recorded(&self, feed: &str, recorded: &Recorded) {
        if recorded.articles > 0 {
            let articles = recorded.articles as u64;
            self.articles.inc_by(articles);
            *self.by_feed().entry(feed.to_owned()).or_default() += articles;
        }
        for (rule, kind) in &recorded.told {
            let told = match kind {
                AlertKind::Alert => &self.alerts,
                AlertKind::Update => &self.updates,
            };
            told.get_or_create(&[("rule", rule.clone())]).inc();
        }
    }

    /// Articles that had been published at these moments were recorded. Those that say they are yet to come tell nothing.
    pub fn published(&self, published: &[Option<Timestamp>], recorded: Timestamp) {
        for published in published.iter().flatten().filter(|published| **published <= recorded) {
            self.delays.observe(recorded.duration_since(*published).as_secs_f64());
        }
    }

    /// A visit to a feed came to its end.
    pub fn visited(&self, took: Duration) {
        self.visits.observe(took.as_secs_f64());
    }

    /// A delivery was tried.
    pub fn tried(&self, receiver: &str, settlement: &Settlement) {
        let outcome = match settlement {
            Settlement::Delivered => "delivered",
            Settlement::Retry { .. } => "retried",
            Settlement::Failed { .. } => "failed",
        };
        self.deliveries.get_or_create(&[("receiver", receiver.to_owned()), ("outcome", outcome.to_owned())]).inc();
    }

    /// Everything counted, and how everything stands, as [`CONTENT_TYPE`].
    ///
    /// # Errors
    /// None that is known: text always has room for more.
    pub fn render(&self, standing: Standing) -> Result<String, fmt::Error> {
        let mut of_the_state = Registry::with_prefix(PREFIX);
        of_the_state.register_collector(Box::new(Standings::new(standing, &self.by_feed())));
        let mut text = String::new();
        encode_registry(&mut text, &self.registry)?;
        encode_registry(&mut text, &of_the_state)?;
        encode_eof(&mut text)?;
        Ok(text)
    }

    fn by_feed(&self) -> MutexGuard<'_, HashMap<String, u64>> {
        self.articles_by_feed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Push {
    fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Unsigned => "unsigned",
            Self::Unusable => "unusable",
            Self::Busy => "busy",
            Self::TooMany => "too_many",
        }
    }
}

/// A moment in seconds since 1970.
fn seconds(at: Timestamp) -> f64 {
    at.as_millisecond() as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FeedStanding, FeedStatus, OutboxStanding};

    fn rendered(metrics: &Metrics) -> String {
        let feed = |name: &str, status, failures| FeedStanding {
            name: name.to_owned(),
            status,
            failures,
            last_success: (failures == 0).then(|| Timestamp::from_millisecond(1_500).unwrap()),
            interval: Some(Duration::from_secs(90)),
        };
        let feeds = vec![feed("a \"quoted\" name", FeedStatus::Failing, 2), feed("news", FeedStatus::Ok, 0)];
        let outbox = vec![OutboxStanding { receiver: "desk".to_owned(), waiting: 3, failed: 1 }];
        metrics.render(Standing { feeds, outbox, ..Standing::default() }).unwrap()
    }

    fn has(text: &str, line: &str) {
        assert!(text.lines().any(|known| known == line), "{line} is not in\n{text}");
    }

    #[test]
    fn what_is_counted_is_told_by_what_it_was() {
        let metrics = Metrics::new(Timestamp::UNIX_EPOCH);
        metrics.expect_receiver("desk");
        metrics.polled(&Outcome::Retired);
        metrics.tried("desk", &Settlement::Delivered);
        let told = vec![("calls".to_owned(), AlertKind::Alert), ("calls".to_owned(), AlertKind::Update)];
        metrics.recorded("news", &Recorded { articles: 4, told, ..Recorded::default() });
        let text = rendered(&metrics);
        has(&text, "wirewatch_polls_total{outcome=\"retired\"} 1");
        has(&text, "wirewatch_polls_total{outcome=\"failed\"} 0");
        has(&text, "wirewatch_deliveries_total{receiver=\"desk\",outcome=\"delivered\"} 1");
        has(&text, "wirewatch_deliveries_total{receiver=\"desk\",outcome=\"failed\"} 0");
        has(&text, "wirewatch_articles_total 4");
        has(&text, "wirewatch_alerts_total{rule=\"calls\"} 1");
        has(&text, "wirewatch_updates_total{rule=\"calls\"} 1");
    }

    #[test]
    fn how_feeds_and_deliveries_stand_is_told_for_each_of_them() {
        let metrics = Metrics::default();
        metrics.recorded("news", &Recorded { articles: 4, ..Recorded::default() });
        let text = rendered(&metrics);
        has(&text, "wirewatch_feeds{status=\"ok\"} 1");
        has(&text, "wirewatch_feeds{status=\"new\"} 0");
        has(&text, "wirewatch_feed_consecutive_failures{feed=\"a \\\"quoted\\\" name\"} 2");
        has(&text, "wirewatch_feed_last_success_timestamp_seconds{feed=\"news\"} 1.5");
        has(&text, "wirewatch_feed_interval_seconds{feed=\"news\"} 90.0");
        has(&text, "wirewatch_feed_articles_total{feed=\"news\"} 4");
        has(&text, "wirewatch_outbox_deliveries{receiver=\"desk\",state=\"waiting\"} 3");
        has(&text, "wirewatch_outbox_deliveries{receiver=\"desk\",state=\"failed\"} 1");
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn a_delay_is_counted_of_articles_that_are_dated_and_not_in_the_future() {
        let metrics = Metrics::default();
        let at = |second| Some(Timestamp::from_second(second).unwrap());
        metrics.published(&[at(0), at(75), None, at(500)], Timestamp::from_second(100).unwrap());
        let text = rendered(&metrics);
        has(&text, "wirewatch_article_delay_seconds_count 2");
        has(&text, "wirewatch_article_delay_seconds_sum 125.0");
        has(&text, "wirewatch_article_delay_seconds_bucket{le=\"30.0\"} 1");
    }

    #[test]
    fn a_reload_that_fails_leaves_the_moment_of_the_one_before() {
        let metrics = Metrics::new(Timestamp::from_second(7).unwrap());
        metrics.reload(false, Timestamp::from_second(9).unwrap());
        let text = rendered(&metrics);
        has(&text, "wirewatch_config_last_reload_successful 0");
        has(&text, "wirewatch_config_last_reload_success_timestamp_seconds 7.0");
    }
}
