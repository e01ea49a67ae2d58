//! From the outbox to the receivers.

mod email;
mod outbox;
mod webhook;
mod worker;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use wirewatch::config::{Channel, Retry};
use wirewatch::delivery::{Clock, Couriers, Drained, WebClient, Worker, channel};
use wirewatch::model::{Alert, AlertKind, Evidence, Field, Report, Role, Severity, StoryId};

use outbox::{Outbox, State};

use crate::support::enable_tls;

/// An outbox, the worker that empties it, and a clock that stands still until it is moved.
struct Desk {
    outbox: Arc<Outbox>,
    now: Arc<Mutex<Timestamp>>,
    worker: Arc<Worker>,
}

impl Desk {
    fn with(couriers: Couriers) -> Self {
        let outbox = Arc::new(Outbox::default());
        let now = Arc::new(Mutex::new("2025-06-05T14:03:10Z".parse().unwrap()));
        let its_now = Arc::clone(&now);
        let clock: Clock = Arc::new(move || *its_now.lock().unwrap());
        let worker = Arc::new(Worker::new(Arc::clone(&outbox) as _, Arc::new(couriers), clock));
        Self { outbox, now, worker }
    }

    /// With configured receivers that are tried again after 5, 10, 20 … seconds, for an hour.
    fn for_receivers(channels: impl IntoIterator<Item = (&'static str, Channel)>) -> Self {
        enable_tls();
        let retry =
            Retry::Doubling { first: Duration::from_secs(5), max: Duration::from_secs(600), give_up: Duration::from_secs(3_600) };
        let mut couriers = Couriers::default();
        for (name, configured) in channels {
            couriers.add(name, channel(&configured, &web()).unwrap(), retry);
        }
        Self::with(couriers)
    }

    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn wait(&self, seconds: u64) {
        *self.now.lock().unwrap() += Duration::from_secs(seconds);
    }

    fn tell(&self, receiver: &str, alert: Alert) {
        self.outbox.add(receiver, alert, self.now());
    }

    async fn drain(&self) -> Drained {
        self.worker.drain_once().await.unwrap()
    }

    /// What the outbox says of its only row.
    fn state(&self) -> State {
        let states = self.outbox.states();
        assert_eq!(states.len(), 1);
        states[0].clone()
    }
}

fn web() -> WebClient {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    WebClient::new(client, |url| if url.host_str() == Some("10.0.0.1") { Err("off limits".into()) } else { Ok(()) })
}

fn alert(title: &str) -> Alert {
    let report = Report {
        article: "a1".into(),
        outlet: "Reuters".into(),
        title: title.into(),
        url: Some("https://example.org/a".into()),
        published: Some("2025-06-05T14:02:00Z".parse().unwrap()),
    };
    let why = vec![Evidence { field: Field::Title, start: 0, end: 5, text: "Trump".into(), role: Role::Actor }];
    let story = StoryId("s1".into());
    let (kind, severity) = (AlertKind::Alert, Severity::High);
    Alert {
        kind,
        id: "a1b2".into(),
        rule: "leader-call".into(),
        story,
        severity,
        report,
        changes: Vec::new(),
        event: None,
        why,
        health: None,
    }
}

fn delivered() -> Drained {
    Drained { delivered: 1, ..Drained::default() }
}

fn retried() -> Drained {
    Drained { retried: 1, ..Drained::default() }
}

fn failed() -> Drained {
    Drained { failed: 1, ..Drained::default() }
}
