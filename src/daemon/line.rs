//! Whether feeds fail or our own line does: where no server at all is heard, one alert says so, and not one for every feed.

use tokio::sync::{Mutex, MutexGuard};

use super::ingest::Ingest;
use crate::alerts::FAILURES;
use crate::model::{Habits, Outage};
use crate::store::StoreError;

/// Lets visits that may have to tell of an outage do so one after the other.
#[derive(Debug, Default)]
pub(super) struct Line(Mutex<()>);

/// How the line was found; nobody else looks at it until this is dropped.
pub(super) struct Heard<'a> {
    pub(super) outage: Outage,
    _turn: Option<MutexGuard<'a, ()>>,
}

impl Ingest {
    /// Looks, after a failed poll, whether any feed has answered since this one began to fail.
    pub(super) async fn hear(&self, failures: u32, unheard: bool, habits: &Habits) -> Result<Heard<'_>, StoreError> {
        let Some(since) = habits.failing_since.filter(|_| unheard && failures >= FAILURES) else {
            return Ok(Heard { outage: Outage::None, _turn: None });
        };
        let turn = self.line.0.lock().await;
        let outage = self.store.outage(since).await?;
        Ok(Heard { outage, _turn: Some(turn) })
    }
}
