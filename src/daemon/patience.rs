//! How patient to be with feeds, so that the limit on polls an hour suffices; reckoned anew every quarter of an hour.

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;
use tracing::warn;

use super::ingest::Ingest;
use crate::model::Rhythm;
use crate::schedule::budget;
use crate::schedule::forecast::{Bounds, PATIENCE};
use crate::store::StoreError;

/// How long a reckoning holds.
const HOLDS: SignedDuration = SignedDuration::from_mins(15);

/// The patience last reckoned, and when.
#[derive(Debug, Default)]
pub(super) struct Patience(Mutex<Option<(Timestamp, f64)>>);

impl Patience {
    /// The patience to have with feeds that follow their own rhythm, in article-minutes.
    pub(super) async fn now(&self, ingest: &Ingest, now: Timestamp) -> f64 {
        let Some(limit) = ingest.setup.config.schedule.polls_per_hour else { return PATIENCE };
        let mut kept = self.0.lock().await;
        if let Some((at, patience)) = *kept
            && now.duration_since(at).abs() < HOLDS
        {
            return patience;
        }
        let patience = reckon(ingest, f64::from(limit), now).await.unwrap_or_else(|error| {
            warn!(%error, "the limit on polls cannot be shared out; it holds all the same");
            PATIENCE
        });
        *kept = Some((now, patience));
        patience
    }
}

/// What feeds with fixed pauses take comes off first.
async fn reckon(ingest: &Ingest, limit: f64, now: Timestamp) -> Result<f64, StoreError> {
    let config = &ingest.setup.config;
    let fixed: f64 = config.feeds.values().filter_map(|feed| feed.every).map(|every| 3600.0 / every.as_secs_f64()).sum();
    let has_rhythm = |name: &str| config.feeds.get(name).is_some_and(|feed| feed.every.is_none());
    let feeds = ingest.store.rhythms().await?.into_iter();
    let rhythms: Vec<Option<Rhythm>> = feeds.filter(|(name, _)| has_rhythm(name)).map(|(_, rhythm)| rhythm).collect();
    let bounds = Bounds { min: config.schedule.min, max: config.schedule.max };
    Ok(budget::patience(&rhythms, bounds, limit - fixed, now))
}
