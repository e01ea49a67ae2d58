//! How everything stands, in a few queries that read no more than they must: they are asked again and again.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, Row};

use super::StoreError;
use crate::model::{FeedStanding, FeedStatus, HubStanding, OutboxStanding, Standing};
use crate::store::time::{from_millis, millis};

pub(super) fn standing(connection: &Connection, now: Timestamp) -> Result<Standing, StoreError> {
    let mut feeds = connection.prepare_cached(
        "SELECT name, retired, last_checked IS NOT NULL, failures, last_success, interval_ms FROM feed WHERE active ORDER BY name",
    )?;
    let feeds = feeds.query_map([], feed)?.collect::<Result<_, _>>()?;
    Ok(Standing { feeds, outbox: outbox(connection)?, hubs: hubs(connection, now)? })
}

fn feed(row: &Row<'_>) -> rusqlite::Result<FeedStanding> {
    let failures = row.get(3)?;
    Ok(FeedStanding {
        name: row.get(0)?,
        status: FeedStatus::of(row.get(1)?, row.get(2)?, failures),
        last_success: row.get::<_, Option<i64>>(4)?.map(from_millis),
        failures,
        interval: row.get::<_, Option<i64>>(5)?.map(|millis| Duration::from_millis(millis.unsigned_abs())),
    })
}

fn hubs(connection: &Connection, now: Timestamp) -> Result<HubStanding, StoreError> {
    let mut counts = connection.prepare_cached(
        "SELECT COUNT(*) FILTER (WHERE lease_until > ?1), COUNT(*) FILTER (WHERE COALESCE(lease_until, 0) <= ?1) FROM subscription
         WHERE feed IN (SELECT name FROM feed WHERE active)",
    )?;
    let count = |row: &Row<'_>, column| Ok::<_, rusqlite::Error>(row.get::<_, i64>(column)?.unsigned_abs());
    Ok(counts.query_row([millis(now)], |row| Ok(HubStanding { confirmed: count(row, 0)?, pending: count(row, 1)? }))?)
}

fn outbox(connection: &Connection) -> Result<Vec<OutboxStanding>, StoreError> {
    let mut counts = connection.prepare_cached(
        "SELECT receiver, state = 'failed', COUNT(*) FROM outbox WHERE state <> 'delivered' GROUP BY receiver, state",
    )?;
    let mut by_receiver: BTreeMap<String, OutboxStanding> = BTreeMap::new();
    let mut rows = counts.query([])?;
    while let Some(row) = rows.next()? {
        let (receiver, failed): (String, bool) = (row.get(0)?, row.get(1)?);
        let stands = || OutboxStanding { receiver: receiver.clone(), waiting: 0, failed: 0 };
        let standing = by_receiver.entry(receiver.clone()).or_insert_with(stands);
        let count = row.get::<_, i64>(2)?.unsigned_abs();
        if failed { standing.failed = count } else { standing.waiting = count }
    }
    Ok(by_receiver.into_values().collect())
}
