//! `[schedule]`: how often feeds without a pause of their own are polled.

use std::time::Duration;

use super::diagnostic::{Diagnostics, Located};
use super::reader::Reader;
use super::sections::{MIN_EVERY, single};

/// The shortest pause, unless configured.
const MIN: Duration = Duration::from_secs(60);
/// The longest pause, unless configured.
const MAX: Duration = Duration::from_secs(60 * 60);

/// `[schedule]`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// The shortest pause of a feed without `every`.
    pub min: Duration,
    /// The longest.
    pub max: Duration,
    /// The most polls an hour, over all feeds; `None` for no limit.
    pub polls_per_hour: Option<u32>,
}

impl Default for Schedule {
    fn default() -> Self {
        Self { min: MIN, max: MAX, polls_per_hour: None }
    }
}

pub(super) fn schedule(files: &mut [Reader<'_>], diagnostics: &mut Diagnostics) -> Schedule {
    let mut schedule = Schedule::default();
    let Some(mut table) = single(files, "schedule", diagnostics) else { return schedule };
    let min = table.optional::<Located<Duration>>("min", diagnostics);
    if let Some(min) = min.as_ref().filter(|min| min.value < MIN_EVERY) {
        diagnostics.error(&min.spot, "feeds cannot be polled that often").hint("the shortest pause is \"1s\"");
    }
    schedule.min = min.map_or(MIN, |min| min.value);
    let max = table.optional::<Located<Duration>>("max", diagnostics);
    schedule.max = max.as_ref().map_or(MAX.max(schedule.min), |max| max.value);
    if let Some(max) = max.filter(|max| max.value < schedule.min) {
        diagnostics.error(&max.spot, "`schedule.max` is shorter than `schedule.min`").hint("exchange the two");
    }
    let limit: Option<usize> = table.optional("polls_per_hour", diagnostics);
    schedule.polls_per_hour = limit.map(|limit| u32::try_from(limit).unwrap_or(u32::MAX));
    table.finish(diagnostics);
    schedule
}
