//! What a server's answer comes to: a feed that was read, or why there is none.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Semaphore;
use xxhash_rust::xxh3::Xxh3;

use super::habits::Lesson;
use crate::feed::{self, Entry};
use crate::fetch::{Answer, Fetched, Page, Space};
use crate::model::{BusyHost, FeedState, Outcome};
use crate::schedule::interval::later;

/// Documents read at once: more would take more memory and be read no sooner.
static DESKS: Semaphore = Semaphore::const_new(4);

/// What a poll came to before it is judged and recorded.
pub(super) struct Poll {
    /// When the answer was there.
    pub(super) at: Timestamp,
    pub(super) outcome: Outcome,
    pub(super) entries: Vec<Entry>,
    pub(super) lesson: Lesson,
    /// For how long the server wants to be left alone.
    pub(super) pause: Duration,
    /// The host that wants it as a whole.
    pub(super) busy: Option<BusyHost>,
    /// The room that what was read takes, until it is recorded.
    _space: Space,
}

impl Poll {
    /// Reads an answer that was there at a moment.
    pub(super) async fn read(answer: Answer, state: &FeedState, at: Timestamp) -> Self {
        let Answer { mut fetched, pause, busy_host, moved } = answer;
        let space = if let Fetched::Page(page) = &mut fetched { std::mem::take(&mut page.space) } else { Space::default() };
        let conditional = !state.validators.is_empty();
        let busy = busy_host.map(|host| BusyHost { host, until: later(at, pause) });
        let (outcome, entries, lesson) = match fetched {
            Fetched::Page(page) => read(page, state).await,
            Fetched::NotModified(validators) => nothing(Outcome::Unchanged(validators)),
            Fetched::Gone if state.habits.address.is_some() => failed("it is gone from where it had moved to"),
            Fetched::Gone => nothing(Outcome::Retired),
            Fetched::Failed(error) => failed(&error.to_string()),
            Fetched::NotAsked => failed("its host wants to be left alone"),
        };
        let lesson = Lesson { moved: moved.map(String::from), conditional, ..lesson };
        Self { at, outcome, entries, lesson, pause, busy, _space: space }
    }
}

type Reading = (Outcome, Vec<Entry>, Lesson);

fn nothing(outcome: Outcome) -> Reading {
    (outcome, Vec::new(), Lesson::default())
}

pub(super) fn failed(why: &str) -> Reading {
    nothing(Outcome::Failed(why.to_owned()))
}

/// Reads a page unless it is the very one that was read last, and off the runtime: a large feed must not hold up the others.
async fn read(page: Page, state: &FeedState) -> Reading {
    let body = Some(hash(&page));
    let Page { bytes, content_type, url, validators, .. } = page;
    if body == state.habits.body {
        return (Outcome::Answered(validators), Vec::new(), Lesson { body, ..Lesson::default() });
    }
    let known = state.validators.clone();
    // never closed
    let _desk = DESKS.acquire().await.ok();
    let parse = move || feed::parse(&bytes, content_type.as_deref(), Some(&url));
    match tokio::task::spawn_blocking(parse).await {
        Ok(Ok(feed)) if !feed.is_whole => {
            // what was cut must come again whole, so it is not known by its validators, nor by its bytes
            let hints = Some(feed.hints);
            (Outcome::Answered(known), feed.sound_entries(), Lesson { hints, ..Lesson::default() })
        }
        Ok(Ok(feed)) => {
            let hints = Some(feed.hints);
            (Outcome::Answered(validators), feed.sound_entries(), Lesson { body, hints, ..Lesson::default() })
        }
        Ok(Err(why)) => failed(&why.to_string()),
        Err(_) => failed("a fault of wirewatch's own while reading the feed"),
    }
}

/// What makes two pages the same: their bytes, and what they are to be taken for.
fn hash(page: &Page) -> u64 {
    let mut hash = Xxh3::new();
    hash.update(page.content_type.as_deref().unwrap_or_default().as_bytes());
    hash.update(&[0]);
    hash.update(&page.bytes);
    hash.digest()
}
