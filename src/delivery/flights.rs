//! Deliveries under way: so many at once, and so many at once to one receiver.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::task::{Id, JoinError, JoinSet};

use super::{Couriers, Receipt, Refusal};
use crate::model::Delivery;

/// The most deliveries under way at once.
const TOGETHER: usize = 64;
/// The most deliveries under way at once to one receiver, so that one that hangs leaves room for the others.
const TOGETHER_PER_RECEIVER: usize = 4;

/// A delivery that was tried, and how that went.
pub type Landing = (Arc<Delivery>, Result<Receipt, Refusal>);

/// Deliveries that are being tried, and those that were and still have to be written down.
#[derive(Default)]
pub struct Flights {
    sends: JoinSet<Result<Receipt, Refusal>>,
    in_air: HashMap<Id, Arc<Delivery>>,
    /// In the order in which they ended.
    pub landed: VecDeque<Landing>,
}

/// Room for further deliveries.
#[derive(Debug, PartialEq, Eq)]
pub struct Room {
    /// How many may start without asking again, even if all are for one receiver that is not busy.
    pub places: usize,
    /// The receivers that can take none.
    pub busy: Vec<String>,
}

impl Flights {
    /// Starts trying a delivery, unless it is in the air already: its lease can run out early when the clock is set.
    pub fn launch(&mut self, couriers: Arc<Couriers>, delivery: Delivery, now: Timestamp) {
        if self.in_air.values().any(|other| other.id == delivery.id) {
            return;
        }
        let delivery = Arc::new(delivery);
        let cargo = Arc::clone(&delivery);
        let send = self.sends.spawn(async move { couriers.send(&cargo, now).await });
        self.in_air.insert(send.id(), delivery);
    }

    /// Waits until one has landed; forever, if none is in the air. Nothing is lost if the wait is given up.
    pub async fn landing(&mut self) {
        let Some(ended) = self.sends.join_next_with_id().await else { return std::future::pending().await };
        let (id, outcome) = match ended {
            Ok((id, outcome)) => (id, outcome),
            Err(fault) => (fault.id(), Err(crash(&fault))),
        };
        self.landed.extend(self.in_air.remove(&id).map(|delivery| (delivery, outcome)));
    }

    /// Whether all have landed.
    pub fn all_landed(&self) -> bool {
        self.in_air.is_empty()
    }

    /// The room that is left.
    pub fn room(&self) -> Room {
        let mut by_receiver: BTreeMap<&str, usize> = BTreeMap::new();
        for delivery in self.in_air.values() {
            *by_receiver.entry(&delivery.receiver).or_default() += 1;
        }
        let is_busy = |count: usize| count >= TOGETHER_PER_RECEIVER;
        let fullest = by_receiver.values().copied().filter(|count| !is_busy(*count)).max().unwrap_or(0);
        let busy = by_receiver.iter().filter(|(_, count)| is_busy(**count)).map(|(name, _)| (*name).to_owned()).collect();
        Room { places: (TOGETHER_PER_RECEIVER - fullest).min(TOGETHER.saturating_sub(self.in_air.len())), busy }
    }

    /// Stops trying. Returns the deliveries whose outcome is not written down.
    pub fn abandon(self) -> Vec<Arc<Delivery>> {
        // dropping the sends ends them
        self.in_air.into_values().chain(self.landed.into_iter().map(|(delivery, _)| delivery)).collect()
    }
}

fn crash(fault: &JoinError) -> Refusal {
    let word = if fault.is_panic() { "crashed" } else { "was cancelled" };
    Refusal::transient(format!("sending {word} inside wirewatch; please report this"))
}
