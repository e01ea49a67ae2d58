//! The long-lived tasks of one configuration: they are started together, and stopped together.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::hubs::Hubs;
use super::ingest::Ingest;
use super::line::Line;
use super::patience::Patience;
use super::pushed::Reception;
use super::setup::Setup;
use super::tally::Tally;
use crate::delivery::Worker;
use crate::metrics::Metrics;
use crate::schedule::{Round, Until, visit_due_feeds};
use crate::server::{self, Access, Desk, Listening, Punctuality, Subscriber};
use crate::store::{Store, StoreError};

/// How long what is under way may take to come to an end; systemd kills after three times that.
const GRACE: Duration = Duration::from_secs(10);

/// What stages of any configuration work with.
pub(super) struct Shared {
    pub(super) store: Arc<dyn Store>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) listening: Option<Arc<Listening>>,
}

/// The tasks at work.
pub(super) struct Stages {
    stop: CancellationToken,
    tally: Arc<Tally>,
    polling: JoinHandle<Result<(), StoreError>>,
    delivering: JoinHandle<()>,
    serving: JoinHandle<()>,
    subscribing: JoinHandle<()>,
}

impl Stages {
    /// Starts polling, delivering, serving and, where hubs can reach us, subscribing.
    pub(super) async fn start(setup: Arc<Setup>, shared: &Shared) -> Result<Self, StoreError> {
        let (store, metrics) = (Arc::clone(&shared.store), Arc::clone(&shared.metrics));
        setup.config.receivers.keys().for_each(|receiver| metrics.expect_receiver(receiver));
        store.adopt_feeds(setup.feed_addresses(), Timestamp::now()).await?;
        let (stop, alerts_written) = (CancellationToken::new(), Arc::new(Notify::new()));
        let worker = Worker::new(store.clone(), Arc::clone(&setup.couriers), Arc::new(Timestamp::now));
        let worker = worker.counted_by(Arc::clone(&metrics));
        let delivering = tokio::spawn(deliver(worker, Arc::clone(&alerts_written), stop.clone()));
        let tally = Arc::new(Tally::new(metrics));
        let hubs = Hubs::new(setup.config.server.as_ref(), &store);
        let ingest = Arc::new(Ingest {
            setup: Arc::clone(&setup),
            store: Arc::clone(&store),
            clock: Arc::new(Timestamp::now),
            alerts_written,
            patience: Patience::default(),
            line: Line::default(),
            tally: Arc::clone(&tally),
            stop: stop.clone(),
            hubs: hubs.clone(),
        });
        let reception = hubs.clone().map(|hubs| Arc::new(Reception::new(hubs, Arc::clone(&ingest))) as Arc<dyn Subscriber>);
        let serving = tokio::spawn(serve(desk(&setup, shared, reception), stop.clone()));
        let subscribing = tokio::spawn(subscribe(hubs, setup, stop.clone()));
        let polling = tokio::spawn(poll(ingest, Until::Stopped, stop.clone()));
        Ok(Self { stop, tally, polling, delivering, serving, subscribing })
    }

    /// Comes back only if a task ends although nobody told it to: a daemon that does half its work is worse than none.
    pub(super) async fn failed(&mut self) -> anyhow::Error {
        tokio::select! {
            ended = &mut self.polling => match ended {
                Ok(Err(why)) => anyhow::Error::from(why).context("polling has ended"),
                _ => anyhow::anyhow!("polling has ended"),
            },
            _ = &mut self.delivering => anyhow::anyhow!("delivering has ended"),
            _ = &mut self.serving => anyhow::anyhow!("serving has ended"),
            _ = &mut self.subscribing => anyhow::anyhow!("subscribing has ended"),
        }
    }

    /// Tells every task to stop, and waits, within bounds, until nothing is asked of a feed any more.
    pub(super) async fn stop_polling(&mut self) {
        self.stop.cancel();
        if timeout(GRACE, &mut self.polling).await.is_err() {
            let feeds = self.tally.under_way().join(", ");
            warn!(feeds, "visits were abandoned; these feeds are asked again");
        }
        if timeout(GRACE, &mut self.subscribing).await.is_err() {
            warn!("requests to hubs were abandoned; they are made again");
        }
    }

    /// Waits, within bounds, for deliveries under way; others may be at work already.
    pub(super) async fn stop_delivering(self) {
        self.stop.cancel();
        if timeout(2 * GRACE, self.delivering).await.is_err() {
            warn!("deliveries were abandoned; they are tried again");
        }
        if timeout(GRACE, self.serving).await.is_err() {
            warn!("answers were abandoned");
        }
    }
}

/// Visits every feed that is due, until told to stop or nothing is.
pub(super) async fn poll(ingest: Arc<Ingest>, until: Until, stop: CancellationToken) -> Result<(), StoreError> {
    let store = Arc::clone(&ingest.store);
    // whoever asks for one pass over everything is not made to wait for it
    let polls_per_hour = ingest.setup.config.schedule.polls_per_hour.filter(|_| until == Until::Stopped);
    let round = Round { clock: Arc::clone(&ingest.clock), until, polls_per_hour };
    visit_due_feeds(&store, &round, &stop, |due| Arc::clone(&ingest).visit(due)).await
}

/// The socket and what is answered there, where the configuration wants it.
fn desk(setup: &Setup, shared: &Shared, subscriber: Option<Arc<dyn Subscriber>>) -> Option<(Arc<Listening>, Arc<Desk>)> {
    let config = &setup.config;
    let (server, listening) = (config.server.as_ref()?, shared.listening.as_ref()?);
    let desk = Desk {
        metrics: Arc::clone(&shared.metrics),
        store: Arc::clone(&shared.store),
        access: Access::new(server),
        subscriber,
        max_body: config.http.max_body,
        punctuality: Punctuality { since: Timestamp::now(), limited: config.schedule.polls_per_hour.is_some() },
        clock: Arc::new(Timestamp::now),
    };
    Some((Arc::clone(listening), Arc::new(desk)))
}

async fn serve(desk: Option<(Arc<Listening>, Arc<Desk>)>, stop: CancellationToken) {
    match desk {
        Some((listening, desk)) => server::serve(listening, desk, stop).await,
        None => stop.cancelled().await,
    }
}

async fn subscribe(hubs: Option<Arc<Hubs>>, setup: Arc<Setup>, stop: CancellationToken) {
    match hubs {
        Some(hubs) => hubs.ask(setup, stop).await,
        None => stop.cancelled().await,
    }
}

async fn deliver(worker: Worker, alerts_written: Arc<Notify>, stop: CancellationToken) {
    // the worker itself names what it abandons
    worker.run(&alerts_written, &stop, GRACE).await;
}
