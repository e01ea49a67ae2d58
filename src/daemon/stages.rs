//! The long-lived tasks of one configuration: they are started together, and stopped together.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::ingest::Ingest;
use super::line::Line;
use super::patience::Patience;
use super::setup::Setup;
use super::tally::Tally;
use crate::delivery::Worker;
use crate::schedule::{Round, Until, visit_due_feeds};
use crate::store::{Store, StoreError};

/// How long what is under way may take to come to an end; systemd kills after three times that.
const GRACE: Duration = Duration::from_secs(10);

/// The tasks at work.
pub(super) struct Stages {
    stop: CancellationToken,
    tally: Arc<Tally>,
    polling: JoinHandle<Result<(), StoreError>>,
    delivering: JoinHandle<()>,
}

impl Stages {
    /// Starts polling and delivering.
    pub(super) async fn start(setup: Arc<Setup>, store: Arc<dyn Store>) -> Result<Self, StoreError> {
        store.adopt_feeds(setup.feed_addresses(), Timestamp::now()).await?;
        let (stop, alerts_written) = (CancellationToken::new(), Arc::new(Notify::new()));
        let worker = Worker::new(store.clone(), Arc::clone(&setup.couriers), Arc::new(Timestamp::now));
        let delivering = tokio::spawn(deliver(worker, Arc::clone(&alerts_written), stop.clone()));
        let tally = Arc::new(Tally::default());
        let ingest = Arc::new(Ingest {
            setup,
            store,
            clock: Arc::new(Timestamp::now),
            alerts_written,
            patience: Patience::default(),
            line: Line::default(),
            tally: Arc::clone(&tally),
            stop: stop.clone(),
        });
        let polling = tokio::spawn(poll(ingest, Until::Stopped, stop.clone()));
        Ok(Self { stop, tally, polling, delivering })
    }

    /// Comes back only if a task ends although nobody told it to: a daemon that does half its work is worse than none.
    pub(super) async fn failed(&mut self) -> anyhow::Error {
        tokio::select! {
            ended = &mut self.polling => match ended {
                Ok(Err(why)) => anyhow::Error::from(why).context("polling has ended"),
                _ => anyhow::anyhow!("polling has ended"),
            },
            _ = &mut self.delivering => anyhow::anyhow!("delivering has ended"),
        }
    }

    /// Tells every task to stop, and waits, within bounds, until nothing is asked of a feed any more.
    pub(super) async fn stop_polling(&mut self) {
        self.stop.cancel();
        if timeout(GRACE, &mut self.polling).await.is_err() {
            let feeds = self.tally.under_way().join(", ");
            warn!(feeds, "visits were abandoned; these feeds are asked again");
        }
    }

    /// Waits, within bounds, for deliveries under way; others may be at work already.
    pub(super) async fn stop_delivering(self) {
        self.stop.cancel();
        if timeout(2 * GRACE, self.delivering).await.is_err() {
            warn!("deliveries were abandoned; they are tried again");
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

async fn deliver(worker: Worker, alerts_written: Arc<Notify>, stop: CancellationToken) {
    // the worker itself names what it abandons
    worker.run(&alerts_written, &stop, GRACE).await;
}
