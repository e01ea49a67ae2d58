//! Subscriptions with hubs.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{SqliteStore, StoreError};
use crate::model::{HubOffer, Subscribing, Subscription};
use crate::store::Subscriptions;
use crate::store::time::{from_millis, millis};

/// A subscription's columns, in the order in which they are read.
const COLUMNS: &str = "feed, hub, topic, callback, secret, asked_until, lease_until, delivers, failures";
/// Only feeds that are polled have any.
const POLLED: &str = "feed IN (SELECT name FROM feed WHERE active AND NOT retired)";

fn read(row: &Row<'_>) -> rusqlite::Result<Subscription> {
    let moment = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(from_millis));
    Ok(Subscription {
        feed: row.get(0)?,
        offer: HubOffer { hub: row.get(1)?, topic: row.get(2)? },
        callback: row.get(3)?,
        secret: row.get(4)?,
        asked_until: moment(5)?,
        lease_until: moment(6)?,
        delivers: row.get(7)?,
        failures: row.get(8)?,
    })
}

fn wish(connection: &Connection, wish: &Subscription, now: Timestamp) -> Result<(), StoreError> {
    let Subscription { feed, offer, callback, secret, .. } = wish;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO subscription (feed, hub, topic, callback, secret, due_at)
             SELECT ?1, ?2, ?3, ?4, ?5, MAX(?6, COALESCE((SELECT asked_until FROM subscription WHERE feed = ?1), 0)) WHERE EXISTS (SELECT 1 FROM feed WHERE name = ?1)",
        )?
        .execute(params![feed, offer.hub, offer.topic, callback, secret, millis(now)])?;
    Ok(())
}

fn find(connection: &Connection, column: &str, value: &str) -> Result<Option<Subscription>, StoreError> {
    let find = format!("SELECT {COLUMNS} FROM subscription WHERE {column} = ?1 AND {POLLED}");
    Ok(connection.prepare_cached(&find)?.query_row([value], read).optional()?)
}

fn claim(
    connection: &Connection,
    base: &str,
    now: Timestamp,
    until: Timestamp,
    limit: usize,
) -> Result<Vec<Subscription>, StoreError> {
    connection
        .prepare_cached(
            "UPDATE subscription SET base = ?1, due_at = ?2, lease_until = NULL, delivers = 0 WHERE base NOT IN (?1, '')",
        )?
        .execute(params![base, millis(now)])?;
    let claim = format!(
        "UPDATE subscription SET base = ?4, asked_until = ?2, due_at = ?2 + MIN(failures, 24) * (?2 - ?1), failures = failures + 1 WHERE feed IN
             (SELECT feed FROM subscription WHERE due_at <= ?1 AND {POLLED} ORDER BY due_at LIMIT ?3) RETURNING {COLUMNS}"
    );
    let mut claim = connection.prepare_cached(&claim)?;
    Ok(claim.query_map(params![millis(now), millis(until), limit as i64, base], read)?.collect::<Result<_, _>>()?)
}

fn settle(connection: &Connection, feed: &str, how: &Subscribing) -> Result<(), StoreError> {
    match how {
        Subscribing::Confirmed { until, renew_at } => connection
            .prepare_cached(
                "UPDATE subscription SET lease_until = ?2, due_at = ?3, failures = 0, last_error = NULL WHERE feed = ?1",
            )?
            .execute(params![feed, millis(*until), millis(*renew_at)])?,
        Subscribing::Failed { error, at } => connection
            .prepare_cached("UPDATE subscription SET due_at = ?2, last_error = ?3 WHERE feed = ?1 AND failures > 0")?
            .execute(params![feed, millis(*at), error])?,
        Subscribing::Denied { reason, at } => connection
            .prepare_cached(
                "UPDATE subscription SET due_at = ?2, last_error = ?3, asked_until = NULL, lease_until = NULL, delivers = 0, failures = 0
                 WHERE feed = ?1",
            )?
            .execute(params![feed, millis(*at), reason])?,
        Subscribing::Delivers(delivers) => connection
            .prepare_cached("UPDATE subscription SET delivers = ?2 WHERE feed = ?1 AND delivers <> ?2")?
            .execute(params![feed, delivers])?,
    };
    Ok(())
}

fn next_due(connection: &Connection) -> Result<Option<Timestamp>, StoreError> {
    let soonest = format!("SELECT MIN(due_at) FROM subscription WHERE {POLLED}");
    let due: Option<i64> = connection.prepare_cached(&soonest)?.query_row([], |row| row.get(0))?;
    Ok(due.map(from_millis))
}

#[async_trait]
impl Subscriptions for SqliteStore {
    async fn wish_subscription(&self, subscription: Subscription, now: Timestamp) -> Result<(), StoreError> {
        self.writer.call(move |connection| wish(connection, &subscription, now)).await
    }

    async fn subscription_of(&self, feed: &str) -> Result<Option<Subscription>, StoreError> {
        let feed = feed.to_owned();
        self.writer.call(move |connection| find(connection, "feed", &feed)).await
    }

    async fn subscription_at(&self, callback: &str) -> Result<Option<Subscription>, StoreError> {
        let callback = callback.to_owned();
        self.writer.call(move |connection| find(connection, "callback", &callback)).await
    }

    async fn forget_subscription(&self, feed: &str) -> Result<(), StoreError> {
        let feed = feed.to_owned();
        let forget = move |connection: &Connection| {
            connection.prepare_cached("DELETE FROM subscription WHERE feed = ?1")?.execute([feed])?;
            Ok(())
        };
        self.writer.call(forget).await
    }

    async fn claim_subscriptions(
        &self,
        base: &str,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Subscription>, StoreError> {
        let base = base.to_owned();
        self.writer.call(move |connection| claim(connection, &base, now, until, limit)).await
    }

    async fn settle_subscription(&self, feed: &str, how: Subscribing) -> Result<(), StoreError> {
        let feed = feed.to_owned();
        self.writer.call(move |connection| settle(connection, &feed, &how)).await
    }

    async fn next_subscription_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.writer.call(next_due).await
    }
}
