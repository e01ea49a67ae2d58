//! What a server's answer comes to: a feed that was read, or why there is none.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Semaphore;
use url::Url;
use xxhash_rust::xxh3::Xxh3;

use super::habits::Lesson;
use crate::feed::{self, Feed, Item};
use crate::fetch::{Answer, Fetched, Page, Space};
use crate::model::{BusyHost, FeedState, Outcome};
use crate::schedule::interval::later;
use crate::site::instead_of_feed;
use crate::websub;

/// Documents read at once: more would take more memory and be read no sooner.
static DESKS: Semaphore = Semaphore::const_new(4);

/// What a poll came to before it is judged and recorded.
pub(super) struct Poll {
    /// When the answer was there.
    pub(super) at: Timestamp,
    pub(super) outcome: Outcome,
    pub(super) document: Document,
    pub(super) lesson: Lesson,
    /// For how long the server wants to be left alone.
    pub(super) pause: Duration,
    /// The host that wants it as a whole.
    pub(super) busy: Option<BusyHost>,
    /// The schedule, where it is not for this to change it.
    pub(super) kept: Option<Kept>,
    /// The room that what was read takes, until it is recorded or more is to be read.
    pub(super) space: Space,
}

/// A feed's schedule as it was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept {
    pub(super) next_due: Timestamp,
    pub(super) not_before: Timestamp,
}

/// What a document holds.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// Its sound entries, ready to be recognised.
    pub(super) items: Vec<Item>,
    /// Where the entries before those are, if it says so.
    pub(super) older: Option<Url>,
}

impl Document {
    /// What is in a feed that was read at a moment.
    pub(super) fn of(feed: Feed, at: Timestamp) -> Self {
        let older = feed.older.as_deref().and_then(|older| older.parse().ok());
        Self { older, items: feed.sound_entries().into_iter().map(|entry| Item::of(entry, at)).collect() }
    }
}

impl Poll {
    /// Reads the answer of an address that was there at a moment.
    pub(super) async fn read(answer: Answer, asked: &Url, state: &FeedState, at: Timestamp) -> Self {
        let Answer { mut fetched, pause, busy_host, moved } = answer;
        let space = if let Fetched::Page(page) = &mut fetched { std::mem::take(&mut page.space) } else { Space::default() };
        let conditional = !state.validators.is_empty();
        let busy = busy_host.map(|host| BusyHost { host, until: later(at, pause) });
        let unheard = matches!(&fetched, Fetched::Failed(error) if error.is_silence());
        let (outcome, document, lesson) = match fetched {
            Fetched::Page(page) => read(page, asked.clone(), state, at).await,
            Fetched::NotModified(validators) => nothing(Outcome::Unchanged(validators)),
            Fetched::Gone if state.habits.address.is_some() => failed("it is gone from where it had moved to"),
            Fetched::Gone => nothing(Outcome::Retired),
            Fetched::Failed(error) => failed(&error.to_string()),
            Fetched::NotAsked => failed("its host wants to be left alone"),
        };
        let lesson = Lesson { moved: moved.map(String::from), conditional, unheard, ..lesson };
        Self { at, outcome, document, lesson, pause, busy, kept: None, space }
    }
}

type Reading = (Outcome, Document, Lesson);

fn nothing(outcome: Outcome) -> Reading {
    (outcome, Document::default(), Lesson::default())
}

pub(super) fn failed(why: &str) -> Reading {
    nothing(Outcome::Failed(why.to_owned()))
}

/// Reads a page unless it is the very one that was read last, and off the runtime: a large feed must not hold up the others.
async fn read(page: Page, asked: Url, state: &FeedState, at: Timestamp) -> Reading {
    let body = Some(hash(&page));
    let Page { bytes, content_type, url, validators, links, .. } = page;
    if body == state.habits.body {
        return (Outcome::Answered(validators), Document::default(), Lesson { body, ..Lesson::default() });
    }
    let known = state.validators.clone();
    // never closed
    let _desk = DESKS.acquire().await.ok();
    let parse = move || {
        let feed = feed::parse(&bytes, content_type.as_deref(), Some(&url));
        let feed = feed.map_err(|why| instead_of_feed(&why, &bytes, content_type.as_deref(), &asked, &url))?;
        let offer = Some(websub::discover(&links, &feed, &url));
        Ok::<_, String>((feed.is_whole, feed.hints, Document::of(feed, at), offer))
    };
    match tokio::task::spawn_blocking(parse).await {
        Ok(Ok((is_whole, hints, document, offer))) => {
            // what was cut must come again whole, so it is not known by its validators, nor by its bytes
            let (validators, body, offer) = if is_whole { (validators, body, offer) } else { (known, None, None) };
            (Outcome::Answered(validators), document, Lesson { body, hints: Some(hints), offer, ..Lesson::default() })
        }
        Ok(Err(why)) => failed(&why),
        Err(_) => failed("a fault of wirewatch's own while reading the feed"),
    }
}

/// What is in a page that is a feed, whole or not.
pub(super) async fn document(page: Page, at: Timestamp) -> Option<Document> {
    let _desk = DESKS.acquire().await.ok();
    let parse =
        move || feed::parse(&page.bytes, page.content_type.as_deref(), Some(&page.url)).ok().map(|feed| Document::of(feed, at));
    tokio::task::spawn_blocking(parse).await.ok()?
}

/// What makes two pages the same: their bytes, and what they are to be taken for.
fn hash(page: &Page) -> u64 {
    let mut hash = Xxh3::new();
    hash.update(page.content_type.as_deref().unwrap_or_default().as_bytes());
    hash.update(&[0]);
    hash.update(&page.bytes);
    hash.digest()
}
