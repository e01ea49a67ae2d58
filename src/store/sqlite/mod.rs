//! State in one SQLite file: the default, and enough for tens of thousands of feeds on one machine.

mod feeds;
mod outbox;
mod seen;
mod standing;
mod subscriptions;
mod visits;
mod writer;

use std::cmp::Ordering;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

use self::writer::Writer;
use super::{Outbox, Store, StoreError};
use crate::model::{
    Ask, Candidate, ClaimedFeed, Delivery, DueFeed, FeedReport, Judge, Outage, Recorded, Rhythm, Seen, Settlement, Standing,
    Story, Visit,
};

/// The schema's history; each step is applied once and never edited.
const SCHEMA: &[M<'_>] = &[
    M::up(include_str!("schema-1.sql")),
    M::up(include_str!("schema-2.sql")),
    M::up(include_str!("schema-3.sql")),
    M::up(include_str!("schema-4.sql")),
    M::up(include_str!("schema-5.sql")),
];

/// Prepared statements kept: more than there are statements.
const STATEMENT_CACHE: usize = 64;

/// State in an SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    writer: Writer,
    /// Held for as long as the store is open; the system lets go of it even if the process is killed.
    _lock: File,
}

impl SqliteStore {
    /// The stories of a candidate's rules that opened within `window` of it, read from a state that a daemon may be working on.
    ///
    /// # Errors
    /// If another version wrote it, or the file cannot be read.
    pub fn stories_near(path: &Path, candidate: &Candidate, window: Duration) -> Result<Vec<Story>, StoreError> {
        visits::recent_stories(&look_at(path)?, candidate, window)
    }

    /// How every feed stands, read from a state that a daemon may be working on.
    ///
    /// # Errors
    /// As [`SqliteStore::stories_near`].
    pub fn feeds(path: &Path) -> Result<Vec<FeedReport>, StoreError> {
        feeds::reports(&look_at(path)?)
    }

    /// Opens the state at `path` for the one daemon that works on it, creates it if there is none, and takes back whatever a
    /// daemon that was killed had claimed.
    ///
    /// # Errors
    /// If another daemon has it open, a newer wirewatch wrote it, or the file cannot be used.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let lock = lock(path)?;
        let mut connection = Connection::open(path).map_err(|why| StoreError::at(path, why))?;
        prepare(&mut connection, path)?;
        feeds::release_all(&connection)?;
        outbox::release_all(&connection)?;
        Ok(Self { writer: Writer::start(connection), _lock: lock })
    }
}

/// Opens a state of this version for reading, whoever else has it open.
fn look_at(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|why| StoreError::at(path, why))?;
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match version.cmp(&(SCHEMA.len() as i64)) {
        Ordering::Equal => Ok(connection),
        Ordering::Less => Err(StoreError::Older(path.display().to_string())),
        Ordering::Greater => Err(StoreError::Newer(path.display().to_string())),
    }
}

fn lock(path: &Path) -> Result<File, StoreError> {
    let beside = path.with_added_extension("lock");
    let file =
        File::options().create(true).truncate(false).write(true).open(&beside).map_err(|why| StoreError::at(&beside, why))?;
    file.try_lock().map_err(|_| StoreError::InUse(path.display().to_string()))?;
    Ok(file)
}

fn prepare(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    // NORMAL may lose the last commits in a power cut, never consistency: what is lost is fetched and decided again, and ids
    // are made of contents, so that a receiver recognises what it was told before.
    // The cache (KiB) holds the feeds, the log (pages) a pass over them, so that what is written twice goes to the file once.
    let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;
                   PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 4000;";
    connection.execute_batch(pragmas).map_err(|why| StoreError::at(path, why))?;
    Migrations::from_slice(SCHEMA).to_latest(connection).map_err(|why| match why {
        rusqlite_migration::Error::MigrationDefinition(_) => StoreError::Newer(path.display().to_string()),
        other => StoreError::at(path, other),
    })
}

impl StoreError {
    fn at(path: &Path, why: impl std::fmt::Display) -> Self {
        Self::Database(format!("{}: {why}", path.display()))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(why: rusqlite::Error) -> Self {
        Self::Database(why.to_string())
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn adopt_feeds(&self, feeds: Vec<(String, String)>, now: Timestamp) -> Result<(), StoreError> {
        self.writer.call(move |connection| feeds::adopt(connection, &feeds, now)).await
    }

    async fn hasten_feeds(&self, now: Timestamp) -> Result<(), StoreError> {
        self.writer.call(move |connection| feeds::hasten(connection, now)).await
    }

    async fn claim_due_feeds(&self, now: Timestamp, lease: Duration, limit: usize) -> Result<Vec<DueFeed>, StoreError> {
        self.writer.call(move |connection| feeds::claim_due(connection, now, lease, limit)).await
    }

    async fn claim_feed(&self, name: &str, now: Timestamp, lease: Duration) -> Result<Option<ClaimedFeed>, StoreError> {
        let name = name.to_owned();
        self.writer.call(move |connection| feeds::claim_one(connection, &name, now, lease)).await
    }

    async fn release_feeds(&self, names: Vec<String>) -> Result<(), StoreError> {
        self.writer.call(move |connection| feeds::release(connection, &names)).await
    }

    async fn postpone_feed(&self, name: &str, until: Timestamp) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.writer.call(move |connection| feeds::postpone(connection, &name, until)).await
    }

    async fn shift_feeds(&self, by: SignedDuration) -> Result<(), StoreError> {
        self.writer.call(move |connection| feeds::shift(connection, by)).await
    }

    async fn rhythms(&self) -> Result<Vec<(String, Option<Rhythm>)>, StoreError> {
        self.writer.call(feeds::rhythms).await
    }

    async fn next_feed_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.writer.call(feeds::next_due).await
    }

    async fn standing(&self, now: Timestamp) -> Result<Standing, StoreError> {
        self.writer.call(move |connection| standing::standing(connection, now)).await
    }

    async fn acquainted(&self, feed: &str, asks: Vec<Ask>) -> Result<Vec<Seen>, StoreError> {
        let feed = feed.to_owned();
        self.writer.call(move |connection| seen::acquainted(connection, &feed, &asks)).await
    }

    async fn outage(&self, since: Timestamp) -> Result<Outage, StoreError> {
        self.writer.call(move |connection| feeds::outage(connection, since)).await
    }

    async fn record(&self, visit: Visit, judge: Arc<dyn Judge>) -> Result<Recorded, StoreError> {
        if visits::is_one_step(&visit) {
            return self.writer.step(move |connection| visits::record(connection, &visit, judge.as_ref())).await;
        }
        self.writer.call(move |connection| visits::record(connection, &visit, judge.as_ref())).await
    }
}

#[async_trait]
impl Outbox for SqliteStore {
    async fn claim_deliveries(
        &self,
        now: Timestamp,
        lease: Duration,
        limit: usize,
        busy: Vec<String>,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.writer.call(move |connection| outbox::claim(connection, now, lease, limit, &busy)).await
    }

    async fn settle(&self, id: i64, settlement: Settlement) -> Result<(), StoreError> {
        self.writer.call(move |connection| outbox::settle(connection, id, &settlement)).await
    }

    async fn next_delivery_due(&self, busy: Vec<String>) -> Result<Option<Timestamp>, StoreError> {
        self.writer.call(move |connection| outbox::next_due(connection, &busy)).await
    }
}
