//! What a server's answer comes to: a feed that was read, or why there is none.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;
use xxhash_rust::xxh3::Xxh3;

use super::habits::Lesson;
use crate::feed::{self, Entry};
use crate::fetch::{Answer, Fetched, Page};
use crate::model::{BusyHost, FeedState, Outcome};
use crate::schedule::interval::later;
use crate::site::instead_of_feed;
use crate::websub;

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
    /// The schedule, where it is not for this to change it.
    pub(super) kept: Option<Kept>,
}

/// A feed's schedule as it was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept {
    pub(super) next_due: Timestamp,
    pub(super) not_before: Timestamp,
}

impl Poll {
    /// Reads the answer of an address that was there at a moment, and looks for hubs in it where they are of use.
    pub(super) async fn read(answer: Answer, asked: &Url, state: &FeedState, at: Timestamp, for_hubs: bool) -> Self {
        let Answer { fetched, pause, busy_host, moved } = answer;
        let conditional = !state.validators.is_empty();
        let busy = busy_host.map(|host| BusyHost { host, until: later(at, pause) });
        let (outcome, entries, lesson) = match fetched {
            Fetched::Page(page) => read(page, asked.clone(), state, for_hubs).await,
            Fetched::NotModified(validators) => nothing(Outcome::Unchanged(validators)),
            Fetched::Gone if state.habits.address.is_some() => failed("it is gone from where it had moved to"),
            Fetched::Gone => nothing(Outcome::Retired),
            Fetched::Failed(error) => failed(&error.to_string()),
            Fetched::NotAsked => failed("its host wants to be left alone"),
        };
        let lesson = Lesson { moved: moved.map(String::from), conditional, ..lesson };
        Self { at, outcome, entries, lesson, pause, busy, kept: None }
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
async fn read(page: Page, asked: Url, state: &FeedState, for_hubs: bool) -> Reading {
    let body = Some(hash(&page));
    let Page { bytes, content_type, url, validators, links } = page;
    if body == state.habits.body {
        return (Outcome::Answered(validators), Vec::new(), Lesson { body, ..Lesson::default() });
    }
    let known = state.validators.clone();
    let parse = move || {
        let offer = for_hubs.then(|| websub::discover(&links, &bytes, &url));
        let feed = feed::parse(&bytes, content_type.as_deref(), Some(&url));
        let feed = feed.map_err(|why| instead_of_feed(&why, &bytes, content_type.as_deref(), &asked, &url));
        (feed, feed::hints(&bytes), offer)
    };
    match tokio::task::spawn_blocking(parse).await {
        Ok((Ok(feed), hints, _)) if !feed.is_whole => {
            // what was cut must come again whole, so it is not known by its validators, nor by its bytes
            (Outcome::Answered(known), feed.sound_entries(), Lesson { hints: Some(hints), ..Lesson::default() })
        }
        Ok((Ok(feed), hints, offer)) => {
            (Outcome::Answered(validators), feed.sound_entries(), Lesson { body, hints: Some(hints), offer, ..Lesson::default() })
        }
        Ok((Err(why), ..)) => failed(&why),
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
