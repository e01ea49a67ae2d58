//! The worker that empties the outbox, and keeps nothing in memory that the outbox does not know.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::flights::{Flights, Landing};
use super::{Couriers, Receipt};
use crate::metrics::Metrics;
use crate::model::{Delivery, Settlement};
use crate::store::{Outbox, StoreError};

/// How long a delivery is ours once claimed: a little longer than the longest try.
const LEASE: Duration = super::couriers::TIME_LIMIT.saturating_add(Duration::from_secs(30));
/// The longest sleep: the clock may be set, and another daemon on the same state may die.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// The pause after the state could not be read or written.
const STATE_PAUSE: Duration = Duration::from_secs(5);

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How many tries ended how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drained {
    /// Taken by their receiver.
    pub delivered: usize,
    /// To be tried again.
    pub retried: usize,
    /// Given up.
    pub failed: usize,
}

/// Empties the outbox.
pub struct Worker {
    outbox: Arc<dyn Outbox>,
    couriers: Arc<Couriers>,
    clock: Clock,
    metrics: Arc<Metrics>,
}

impl Worker {
    /// A worker on this outbox.
    pub fn new(outbox: Arc<dyn Outbox>, couriers: Arc<Couriers>, clock: Clock) -> Self {
        Self { outbox, couriers, clock, metrics: Arc::default() }
    }

    /// The same worker, whose tries are counted here.
    pub fn counted_by(self, metrics: Arc<Metrics>) -> Self {
        Self { metrics, ..self }
    }

    /// Tries everything that is due at this moment, once.
    pub async fn drain_once(&self) -> Result<Drained, StoreError> {
        let due_by = (self.clock)();
        let mut flights = Flights::default();
        let mut drained = Drained::default();
        loop {
            self.claim(&mut flights, due_by).await?;
            if flights.all_landed() {
                return Ok(drained);
            }
            flights.landing().await;
            self.settle(&mut flights, &mut drained).await?;
        }
    }

    /// Tries what is due, whenever it is, until told to `stop`; `wake` says that there is something new. What is in the air then
    /// gets `grace` to land. Returns what did not: its outcome is unknown, and it is tried again when its lease is over.
    pub async fn run(&self, wake: &Notify, stop: &CancellationToken, grace: Duration) -> Vec<Arc<Delivery>> {
        let mut flights = Flights::default();
        while !stop.is_cancelled() {
            let pause = self.advance(&mut flights).await.unwrap_or_else(|error| {
                error!(%error, "the outbox is out of reach");
                STATE_PAUSE
            });
            tokio::select! {
                () = stop.cancelled() => {}
                () = wake.notified() => {}
                () = flights.landing() => {}
                () = sleep(pause) => {}
            }
        }
        self.wind_up(flights, grace).await
    }

    /// Writes down what has landed and starts what is due. Returns how long nothing else will be.
    async fn advance(&self, flights: &mut Flights) -> Result<Duration, StoreError> {
        // first of all, or what was sent would be claimed and sent again
        self.settle(flights, &mut Drained::default()).await?;
        let now = (self.clock)();
        self.claim(flights, now).await?;
        let room = flights.room();
        if room.places == 0 {
            return Ok(LONGEST_SLEEP);
        }
        let due = self.outbox.next_delivery_due(room.busy).await?;
        let pause = due.map(|due| Duration::try_from(due.duration_since(now)).unwrap_or_default());
        Ok(pause.map_or(LONGEST_SLEEP, |pause| pause.min(LONGEST_SLEEP)))
    }

    /// Claims and starts what was due at `due_by`, as far as there is room.
    async fn claim(&self, flights: &mut Flights, due_by: Timestamp) -> Result<(), StoreError> {
        loop {
            let room = flights.room();
            if room.places == 0 {
                return Ok(());
            }
            let now = (self.clock)();
            // the outbox counts a lease from the moment it is given, which a long drain has left behind
            let lease = LEASE + Duration::try_from(now.duration_since(due_by)).unwrap_or_default();
            let claimed = self.outbox.claim_deliveries(due_by, lease, room.places, room.busy).await?;
            if claimed.is_empty() {
                return Ok(());
            }
            for delivery in claimed {
                flights.launch(Arc::clone(&self.couriers), delivery, now);
            }
        }
    }

    /// Writes down what has landed. What could not be written stays to be written.
    async fn settle(&self, flights: &mut Flights, drained: &mut Drained) -> Result<(), StoreError> {
        while let Some((delivery, outcome)) = flights.landed.front() {
            let settlement = self.couriers.settlement(delivery, outcome, (self.clock)(), fastrand::f64());
            self.outbox.settle(delivery.id, settlement.clone()).await?;
            if let Some(landing) = flights.landed.pop_front() {
                drained.count(&settlement);
                self.metrics.tried(&landing.0.receiver, &settlement);
                tell(&landing, &settlement);
            }
        }
        Ok(())
    }

    async fn wind_up(&self, mut flights: Flights, grace: Duration) -> Vec<Arc<Delivery>> {
        let mut drained = Drained::default();
        let all_landed = async {
            loop {
                self.settle(&mut flights, &mut drained).await?;
                if flights.all_landed() {
                    return Ok::<(), StoreError>(());
                }
                flights.landing().await;
            }
        };
        if let Ok(Err(error)) = timeout(grace, all_landed).await {
            error!(%error, "the outbox is out of reach");
        }
        let abandoned = flights.abandon();
        for delivery in &abandoned {
            warn!(receiver = delivery.receiver, alert = delivery.alert.id, "delivery abandoned; it will be tried again");
        }
        abandoned
    }
}

impl Drained {
    fn count(&mut self, settlement: &Settlement) {
        match settlement {
            Settlement::Delivered => self.delivered += 1,
            Settlement::Retry { .. } => self.retried += 1,
            Settlement::Failed { .. } => self.failed += 1,
        }
    }
}

fn tell((delivery, outcome): &Landing, settlement: &Settlement) {
    let Delivery { receiver, attempt, alert, .. } = &**delivery;
    match settlement {
        Settlement::Delivered => {
            let answer = outcome.as_ref().map_or("", |Receipt { words }| words);
            info!(receiver, alert = alert.id, attempt, answer, "delivered");
        }
        Settlement::Retry { at, error } => warn!(receiver, alert = alert.id, attempt, %at, error, "not delivered; trying again"),
        Settlement::Failed { error } => error!(receiver, alert = alert.id, attempt, error, "not delivered; given up"),
    }
}
