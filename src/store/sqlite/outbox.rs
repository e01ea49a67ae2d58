//! Alerts on their way to receivers.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use crate::model::{Delivery, Settlement};
use crate::store::time::{from_millis, millis, millis_of};

/// Puts an alert into the outbox for one receiver; gives 0 if it is there already.
pub(super) fn put(
    connection: &Connection,
    alert: &str,
    receiver: &str,
    document: &str,
    now: Timestamp,
) -> Result<usize, StoreError> {
    Ok(connection
        .prepare_cached(
            "INSERT OR IGNORE INTO outbox (alert, receiver, document, created_at, due_at) VALUES (?1, ?2, ?3, ?4, ?4)",
        )?
        .execute(params![alert, receiver, document, millis(now)])?)
}

pub(super) fn claim(
    connection: &Connection,
    now: Timestamp,
    lease: Duration,
    limit: usize,
    busy: &[String],
) -> Result<Vec<Delivery>, StoreError> {
    let mut claim = connection.prepare_cached(
        "UPDATE outbox SET leased_until = ?2, attempts = attempts + 1 WHERE id IN
             (SELECT id FROM outbox WHERE state = 'waiting' AND due_at <= ?1 AND leased_until <= ?1
                  AND receiver NOT IN (SELECT value FROM json_each(?4)) ORDER BY due_at, id LIMIT ?3)
         RETURNING id, receiver, document, attempts, created_at",
    )?;
    let claimed = claim.query_map(params![millis(now), millis(now) + millis_of(lease), limit as i64, as_json(busy)], delivery)?;
    let mut deliveries = Vec::new();
    for claimed in claimed.collect::<Result<Vec<_>, _>>()? {
        match claimed {
            Ok(delivery) => deliveries.push(delivery),
            // one that cannot be read must not hold up the others
            Err((id, error)) => settle(connection, id, &Settlement::Failed { error })?,
        }
    }
    deliveries.sort_by_key(|delivery| delivery.id);
    Ok(deliveries)
}

fn delivery(row: &Row<'_>) -> rusqlite::Result<Result<Delivery, (i64, String)>> {
    let id = row.get(0)?;
    let alert = match serde_json::from_str(row.get_ref(2)?.as_str()?) {
        Ok(alert) => alert,
        Err(why) => return Ok(Err((id, format!("the alert as kept cannot be read: {why}")))),
    };
    Ok(Ok(Delivery { id, receiver: row.get(1)?, alert, attempt: row.get(3)?, created: from_millis(row.get(4)?) }))
}

pub(super) fn release_all(connection: &Connection) -> Result<(), StoreError> {
    connection.execute("UPDATE outbox SET leased_until = 0 WHERE state = 'waiting'", [])?;
    Ok(())
}

pub(super) fn settle(connection: &Connection, id: i64, settlement: &Settlement) -> Result<(), StoreError> {
    let (state, due, error) = match settlement {
        Settlement::Delivered => ("delivered", None, None),
        Settlement::Retry { at, error } => ("waiting", Some(millis(*at)), Some(error)),
        Settlement::Failed { error } => ("failed", None, Some(error)),
    };
    connection
        .prepare_cached(
            "UPDATE outbox SET state = ?2, due_at = COALESCE(?3, due_at), last_error = ?4, leased_until = 0 WHERE id = ?1",
        )?
        .execute(params![id, state, due, error])?;
    Ok(())
}

pub(super) fn next_due(connection: &Connection, busy: &[String]) -> Result<Option<Timestamp>, StoreError> {
    let soonest = "SELECT due_at FROM outbox WHERE state = 'waiting' AND leased_until = 0
                       AND receiver NOT IN (SELECT value FROM json_each(?1)) ORDER BY due_at LIMIT 1";
    let due: Option<i64> = connection.prepare_cached(soonest)?.query_row([as_json(busy)], |row| row.get(0)).optional()?;
    Ok(due.map(from_millis))
}

/// A list of names as one parameter of a statement.
fn as_json(names: &[String]) -> String {
    serde_json::Value::from(names).to_string()
}
