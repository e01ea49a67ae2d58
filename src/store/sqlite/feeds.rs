//! Which feeds there are, and when each is due.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use crate::model::{DueFeed, FeedState, Validators};
use crate::store::time::{from_millis, millis, millis_of};

pub(super) fn adopt(connection: &Connection, feeds: &[(String, String)], now: Timestamp) -> Result<(), StoreError> {
    connection.execute("UPDATE feed SET active = 0", [])?;
    let mut forget = connection.prepare_cached("DELETE FROM feed WHERE name = ?1 AND url <> ?2")?;
    let mut adopt = connection.prepare_cached(
        "INSERT INTO feed (name, url, active, due_at) VALUES (?1, ?2, 1, ?3) ON CONFLICT (name) DO UPDATE SET active = 1",
    )?;
    for (name, url) in feeds {
        forget.execute(params![name, url])?;
        adopt.execute(params![name, url, millis(now)])?;
    }
    Ok(())
}

pub(super) fn hasten(connection: &Connection, now: Timestamp) -> Result<(), StoreError> {
    connection
        .execute("UPDATE feed SET due_at = MIN(due_at, ?1) WHERE active AND NOT retired AND not_before <= ?1", [millis(now)])?;
    Ok(())
}

pub(super) fn claim_due(
    connection: &Connection,
    now: Timestamp,
    lease: Duration,
    limit: usize,
) -> Result<Vec<DueFeed>, StoreError> {
    let mut claim = connection.prepare_cached(
        "UPDATE feed SET leased_until = ?2 WHERE name IN
             (SELECT name FROM feed WHERE active AND NOT retired AND due_at <= ?1 AND leased_until <= ?1 ORDER BY due_at LIMIT ?3)
         RETURNING name, etag, last_modified, interval_ms, failures, answered",
    )?;
    let claimed = claim.query_map(params![millis(now), millis(now) + millis_of(lease), limit as i64], due_feed)?;
    Ok(claimed.collect::<Result<_, _>>()?)
}

fn due_feed(row: &Row<'_>) -> rusqlite::Result<DueFeed> {
    let state = FeedState {
        validators: Validators { etag: row.get(1)?, last_modified: row.get(2)? },
        interval: row.get::<_, Option<u32>>(3)?.map(|millis| Duration::from_millis(millis.into())),
        failures: row.get(4)?,
        answered: row.get(5)?,
    };
    Ok(DueFeed { name: row.get(0)?, state })
}

pub(super) fn release(connection: &Connection, names: &[String]) -> Result<(), StoreError> {
    let mut release = connection.prepare_cached("UPDATE feed SET leased_until = 0 WHERE name = ?1")?;
    for name in names {
        release.execute([name])?;
    }
    Ok(())
}

pub(super) fn release_all(connection: &Connection) -> Result<(), StoreError> {
    connection.execute("UPDATE feed SET leased_until = 0", [])?;
    Ok(())
}

pub(super) fn next_due(connection: &Connection) -> Result<Option<Timestamp>, StoreError> {
    let soonest = "SELECT due_at FROM feed WHERE active AND NOT retired AND leased_until = 0 ORDER BY due_at LIMIT 1";
    let due: Option<i64> = connection.prepare_cached(soonest)?.query_row([], |row| row.get(0)).optional()?;
    Ok(due.map(from_millis))
}
