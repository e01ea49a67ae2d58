//! The outbox that a worker drains, in memory.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use wirewatch::model::{Alert, Delivery, Settlement};
use wirewatch::store::{self, StoreError};

/// Where a row stands.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    Waiting { due: Timestamp },
    Claimed { until: Timestamp },
    Settled(Settlement),
}

#[derive(Default)]
pub struct Outbox {
    rows: Mutex<Vec<Row>>,
    broken: AtomicBool,
}

struct Row {
    delivery: Delivery,
    state: State,
    error: Option<String>,
}

impl Row {
    fn due(&self) -> Option<Timestamp> {
        match self.state {
            State::Waiting { due } => Some(due),
            State::Claimed { until } => Some(until),
            State::Settled(_) => None,
        }
    }
}

impl Outbox {
    pub fn add(&self, receiver: &str, alert: Alert, created: Timestamp) {
        let mut rows = self.rows.lock().unwrap();
        let id = i64::try_from(rows.len()).unwrap();
        let delivery = Delivery { id, receiver: receiver.into(), alert, attempt: 0, created };
        rows.push(Row { delivery, state: State::Waiting { due: created }, error: None });
    }

    pub fn states(&self) -> Vec<State> {
        self.rows.lock().unwrap().iter().map(|row| row.state.clone()).collect()
    }

    /// The last error written down for a row.
    pub fn error(&self, row: usize) -> String {
        self.rows.lock().unwrap()[row].error.clone().unwrap()
    }

    /// Lets every settlement fail until mended.
    pub fn set_broken(&self, broken: bool) {
        self.broken.store(broken, Ordering::SeqCst);
    }
}

#[async_trait]
impl store::Outbox for Outbox {
    async fn claim_deliveries(
        &self,
        now: Timestamp,
        lease: Duration,
        limit: usize,
        busy: Vec<String>,
    ) -> Result<Vec<Delivery>, StoreError> {
        let mut rows = self.rows.lock().unwrap();
        let is_due = |row: &&mut Row| row.due().is_some_and(|due| due <= now) && !busy.contains(&row.delivery.receiver);
        let mut due: Vec<&mut Row> = rows.iter_mut().filter(is_due).collect();
        due.sort_by_key(|row| row.due());
        let claim = |row: &mut Row| {
            row.delivery.attempt += 1;
            row.state = State::Claimed { until: now + lease };
            row.delivery.clone()
        };
        Ok(due.into_iter().take(limit).map(claim).collect())
    }

    async fn settle(&self, id: i64, settlement: Settlement) -> Result<(), StoreError> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(StoreError::Database("disk full".into()));
        }
        let mut rows = self.rows.lock().unwrap();
        let row = &mut rows[usize::try_from(id).unwrap()];
        match &settlement {
            Settlement::Delivered => {}
            Settlement::Retry { error, .. } | Settlement::Failed { error } => row.error = Some(error.clone()),
        }
        row.state = match settlement {
            Settlement::Retry { at, .. } => State::Waiting { due: at },
            settled => State::Settled(settled),
        };
        Ok(())
    }

    async fn next_delivery_due(&self, busy: Vec<String>) -> Result<Option<Timestamp>, StoreError> {
        let rows = self.rows.lock().unwrap();
        let free = rows.iter().filter(|row| !busy.contains(&row.delivery.receiver));
        Ok(free.filter(|row| matches!(row.state, State::Waiting { .. })).filter_map(Row::due).min())
    }
}
