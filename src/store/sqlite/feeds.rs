//! Which feeds there are, and when each is due.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use url::Url;

use super::StoreError;
use crate::model::{Ailment, BusyHost, ClaimedFeed, DueFeed, FeedReport, FeedState, Habits, Outage, Rhythm, Validators};
use crate::store::time::{from_millis, millis, millis_of};

/// How far ahead a poll may lie before the clock must have been set back: clocks are corrected by seconds all the time.
const SLACK: Duration = Duration::from_secs(60);

/// Writes only what differs from what is known: a configuration seldom changes much.
pub(super) fn adopt(connection: &Connection, feeds: &[(String, String)], now: Timestamp) -> Result<(), StoreError> {
    let known = drop_others(connection, feeds)?;
    let mut unsubscribe = connection.prepare_cached(
        "DELETE FROM subscription WHERE feed = ?1 AND EXISTS (SELECT 1 FROM feed WHERE name = ?1 AND url <> ?2)",
    )?;
    // what was told of its health goes on, so that whoever corrects an address hears that it was right
    let mut forget = connection.prepare_cached(
        "UPDATE feed SET url = ?2, host = '', retired = 0, not_before = 0, leased_until = 0, interval_ms = NULL, etag = NULL,
             due_at = MAX(?4, COALESCE((SELECT not_before FROM busy_host WHERE name = ?3), 0)),
             last_modified = NULL, answered = 0, failures = 0, last_checked = NULL, last_success = NULL, last_error = NULL,
             habits = IIF(json_type(habits, '$.episodes') IS NULL, NULL, json_object('episodes', json_extract(habits, '$.episodes')))
         WHERE name = ?1 AND url <> ?2",
    )?;
    let mut adopt = connection.prepare_cached(
        "INSERT INTO feed (name, url, host, active, due_at)
             VALUES (?1, ?2, ?3, 1, MAX(?4, COALESCE((SELECT not_before FROM busy_host WHERE name = ?3), 0)))
         ON CONFLICT (name) DO UPDATE SET active = 1, host = IIF(host = '', excluded.host, host)",
    )?;
    for (name, url) in feeds.iter().filter(|feed| !known.contains(feed)) {
        let host = host(url);
        unsubscribe.execute(params![name, url])?;
        forget.execute(params![name, url, host, millis(now)])?;
        adopt.execute(params![name, url, host, millis(now)])?;
    }
    connection.execute("DELETE FROM busy_host WHERE not_before <= ?1", [millis(now)])?;
    undo_the_future(connection, now)
}

/// Feeds that are configured no more, or not as they were, are active no more; gives back those that stay.
fn drop_others(connection: &Connection, feeds: &[(String, String)]) -> Result<HashSet<(String, String)>, StoreError> {
    let mut active = connection.prepare_cached("SELECT name, url FROM feed WHERE active AND host <> ''")?;
    let mut known = active.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<HashSet<_>, _>>()?;
    let wanted: HashSet<&(String, String)> = feeds.iter().collect();
    let mut drop = connection.prepare_cached("UPDATE feed SET active = 0 WHERE name = ?1")?;
    for (name, _) in known.extract_if(|feed| !wanted.contains(feed)) {
        drop.execute([name])?;
    }
    connection.execute("UPDATE feed SET active = 0 WHERE active AND host = ''", [])?;
    Ok(known)
}

fn host(url: &str) -> String {
    Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// Feeds that were asked in what is now the future keep their pauses, counted from now.
fn undo_the_future(connection: &Connection, now: Timestamp) -> Result<(), StoreError> {
    let undone = connection.execute(
        "UPDATE feed SET due_at = ?1 + MAX(due_at - last_checked, 0), not_before = MIN(not_before, ?1 + MAX(not_before - last_checked, 0)),
             last_checked = ?1 WHERE last_checked > ?1 + ?2",
        params![millis(now), millis_of(SLACK)],
    )?;
    if undone > 0 {
        // what a host has asked for, its feeds still know
        connection.execute(
            "UPDATE busy_host SET not_before =
                 MIN(not_before, COALESCE((SELECT MAX(not_before) FROM feed WHERE host = busy_host.name), not_before))",
            [],
        )?;
    }
    Ok(())
}

pub(super) fn shift(connection: &Connection, by: SignedDuration) -> Result<(), StoreError> {
    let by = i64::try_from(by.as_millis()).unwrap_or_default();
    connection.execute(
        "UPDATE feed SET due_at = due_at + ?1, last_checked = last_checked + ?1, last_success = last_success + ?1,
             not_before = IIF(not_before > 0, not_before + ?1, 0), leased_until = IIF(leased_until > 0, leased_until + ?1, 0)",
        [by],
    )?;
    connection.execute("UPDATE busy_host SET not_before = not_before + ?1", [by])?;
    Ok(())
}

/// Lets everything of a host wait that is due before the host wants to be asked again.
pub(super) fn spare(connection: &Connection, busy: &BusyHost) -> Result<(), StoreError> {
    let until = millis(busy.until);
    connection
        .prepare_cached(
            "INSERT INTO busy_host (name, not_before) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET not_before = MAX(not_before, excluded.not_before)",
        )?
        .execute(params![busy.host, until])?;
    connection
        .prepare_cached(
            "UPDATE feed SET due_at = MAX(due_at, ?2), not_before = MAX(not_before, ?2) WHERE host = ?1 AND not_before < ?2",
        )?
        .execute(params![busy.host, until])?;
    Ok(())
}

pub(super) fn postpone(connection: &Connection, name: &str, until: Timestamp) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE feed SET leased_until = 0, due_at = MAX(due_at, ?2) WHERE name = ?1")?
        .execute(params![name, millis(until)])?;
    Ok(())
}

pub(super) fn rhythms(connection: &Connection) -> Result<Vec<(String, Option<Rhythm>)>, StoreError> {
    let mut all = connection.prepare_cached("SELECT name, habits FROM feed WHERE active AND NOT retired")?;
    let rhythm = |row: &Row<'_>| Ok((row.get(0)?, habits(row, 1)?.rhythm));
    Ok(all.query_map([], rhythm)?.collect::<Result<_, _>>()?)
}

/// Habits as kept; such as cannot be read, which only a newer or damaged state can hold, are learnt anew.
fn habits(row: &Row<'_>, column: usize) -> rusqlite::Result<Habits> {
    let kept = row.get_ref(column)?.as_str_or_null()?;
    Ok(kept.and_then(|kept| serde_json::from_str(kept).ok()).unwrap_or_default())
}

pub(super) fn hasten(connection: &Connection, now: Timestamp) -> Result<(), StoreError> {
    connection.execute(
        "UPDATE feed SET due_at = ?1 WHERE active AND NOT retired AND due_at > ?1 AND not_before <= ?1",
        [millis(now)],
    )?;
    Ok(())
}

pub(super) fn claim_due(
    connection: &Connection,
    now: Timestamp,
    lease: Duration,
    limit: usize,
) -> Result<Vec<DueFeed>, StoreError> {
    let mut claim = connection.prepare_cached(
        "UPDATE feed SET leased_until = ?2 WHERE rowid IN
             (SELECT rowid FROM feed WHERE active AND NOT retired AND due_at <= ?1 AND leased_until <= ?1 ORDER BY due_at LIMIT ?3)
         RETURNING name, etag, last_modified, interval_ms, failures, answered, last_success, habits,
             IIF(answered, 1, EXISTS (SELECT 1 FROM seen WHERE feed = name))",
    )?;
    let claimed = claim.query_map(params![millis(now), millis(now) + millis_of(lease), limit as i64], due_feed)?;
    Ok(claimed.collect::<Result<_, _>>()?)
}

pub(super) fn claim_one(
    connection: &Connection,
    name: &str,
    now: Timestamp,
    lease: Duration,
) -> Result<Option<ClaimedFeed>, StoreError> {
    let mut claim = connection.prepare_cached(
        "UPDATE feed SET leased_until = ?3 WHERE name = ?1 AND active AND NOT retired AND leased_until <= ?2
         RETURNING name, etag, last_modified, interval_ms, failures, answered, last_success, habits,
             IIF(answered, 1, EXISTS (SELECT 1 FROM seen WHERE feed = name)), due_at, not_before",
    )?;
    let claimed = claim.query_row(params![name, millis(now), millis(now) + millis_of(lease)], |row| {
        let (next_due, not_before) = (from_millis(row.get(9)?), from_millis(row.get(10)?));
        Ok(ClaimedFeed { feed: due_feed(row)?, next_due, not_before })
    });
    Ok(claimed.optional()?)
}

/// How every feed stands that is polled.
pub(super) fn reports(connection: &Connection) -> Result<Vec<FeedReport>, StoreError> {
    let mut all = connection.prepare(
        "SELECT name, etag, last_modified, interval_ms, failures, answered, last_success, habits, retired, last_checked, last_error,
             due_at, forgotten + (SELECT COUNT(*) FROM seen WHERE feed = name), url FROM feed WHERE active ORDER BY name",
    )?;
    Ok(all.query_map([], report)?.collect::<Result<_, _>>()?)
}

fn report(row: &Row<'_>) -> rusqlite::Result<FeedReport> {
    Ok(FeedReport {
        name: row.get(0)?,
        state: state(row)?,
        retired: row.get(8)?,
        last_checked: row.get::<_, Option<i64>>(9)?.map(from_millis),
        last_error: row.get(10)?,
        next_due: from_millis(row.get(11)?),
        articles_seen: row.get::<_, i64>(12)?.unsigned_abs(),
        url: row.get(13)?,
    })
}

fn due_feed(row: &Row<'_>) -> rusqlite::Result<DueFeed> {
    Ok(DueFeed { name: row.get(0)?, state: state(row)?, has_articles: row.get(8)? })
}

fn state(row: &Row<'_>) -> rusqlite::Result<FeedState> {
    Ok(FeedState {
        validators: Validators { etag: row.get(1)?, last_modified: row.get(2)? },
        interval: row.get::<_, Option<i64>>(3)?.map(|millis| Duration::from_millis(millis.unsigned_abs())),
        failures: row.get(4)?,
        answered: row.get(5)?,
        last_success: row.get::<_, Option<i64>>(6)?.map(from_millis),
        habits: habits(row, 7)?,
    })
}

pub(super) fn outage(connection: &Connection, since: Timestamp) -> Result<Outage, StoreError> {
    let mut last = connection.prepare_cached("SELECT MAX(last_success) FROM feed WHERE active")?;
    let last = last.query_row([], |row| row.get::<_, Option<i64>>(0))?.map(from_millis);
    if last.is_some_and(|last| last >= since) {
        return Ok(Outage::None);
    }
    // a feed that has been dead for long tells nothing of the others
    let failing = "SELECT habits FROM feed WHERE active AND failures > 0 AND EXISTS
                       (SELECT 1 FROM json_each(habits, '$.episodes') WHERE value ->> 'ailment' = 'failing')";
    let mut failing = connection.prepare_cached(failing)?;
    let failing = failing.query_map([], |row| habits(row, 0))?.collect::<Result<Vec<_>, _>>()?;
    let of_the_outage = failing.into_iter().filter(|habits| habits.failing_since >= last);
    let told = of_the_outage.flat_map(|habits| habits.episodes).filter(|episode| episode.ailment == Ailment::Failing);
    Ok(Outage::Told(told.map(|episode| episode.rule).collect::<BTreeSet<_>>().into_iter().collect()))
}

pub(super) fn release(connection: &Connection, names: &[String]) -> Result<(), StoreError> {
    let mut release = connection.prepare_cached("UPDATE feed SET leased_until = 0 WHERE name = ?1")?;
    for name in names {
        release.execute([name])?;
    }
    Ok(())
}

pub(super) fn release_all(connection: &Connection) -> Result<(), StoreError> {
    connection.execute("UPDATE feed SET leased_until = 0 WHERE leased_until <> 0", [])?;
    Ok(())
}

pub(super) fn next_due(connection: &Connection) -> Result<Option<Timestamp>, StoreError> {
    let soonest = "SELECT due_at FROM feed WHERE active AND NOT retired AND leased_until = 0 ORDER BY due_at LIMIT 1";
    let due: Option<i64> = connection.prepare_cached(soonest)?.query_row([], |row| row.get(0)).optional()?;
    Ok(due.map(from_millis))
}
