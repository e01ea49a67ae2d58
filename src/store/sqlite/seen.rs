//! The articles of each feed that were seen.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use crate::model::{ArticleKey, Ask, Seen, Traits, Visit};
use crate::store::time::{from_millis, millis};

/// Articles of one feed with the same link that are looked at.
const MAX_OF_A_LINK: u32 = 50;
/// Articles looked at where a whole document is strange.
const MAX_LOOKED_AT: u32 = 20_000;

/// What is remembered of a feed under these keys and links; where that is nothing at all, everything, up to a bound.
pub(super) fn acquainted(connection: &Connection, feed: &str, asks: &[Ask]) -> Result<Vec<Seen>, StoreError> {
    if !connection.prepare_cached("SELECT 1 FROM seen WHERE feed = ?1")?.exists([feed])? {
        return Ok(Vec::new());
    }
    let mut by_key = connection.prepare_cached(&select("key = ?2"))?;
    let mut by_link = connection.prepare_cached(&select("link = ?2 LIMIT ?3"))?;
    let (mut found, mut links) = (Vec::new(), HashSet::new());
    for ask in asks {
        let before = found.len();
        for key in &ask.keys {
            found.extend(by_key.query_row(params![feed, key], seen).optional()?);
        }
        // a whole document may stand under one link
        if let Some(link) = ask.link.filter(|link| found.len() == before && links.insert(*link)) {
            let linked = by_link.query_map(params![feed, link.cast_signed(), MAX_OF_A_LINK], seen)?;
            found.extend(linked.collect::<Result<Vec<_>, _>>()?);
        }
    }
    if found.is_empty() {
        let mut all = connection.prepare_cached(&select("TRUE LIMIT ?2"))?;
        found = all.query_map(params![feed, MAX_LOOKED_AT], seen)?.collect::<Result<_, _>>()?;
    }
    Ok(found)
}

fn select(condition: &str) -> String {
    format!("SELECT key, seen_at, last_at, silent, link, digest, sketch FROM seen WHERE feed = ?1 AND {condition}")
}

fn seen(row: &Row<'_>) -> rusqlite::Result<Seen> {
    let traits = match row.get::<_, Option<i64>>(5)? {
        Some(digest) => Some(Traits {
            link: row.get::<_, Option<i64>>(4)?.map(i64::cast_unsigned),
            digest: digest.cast_unsigned(),
            sketch: from_bytes(row.get_ref(6)?.as_blob_or_null()?.unwrap_or_default()),
        }),
        None => None,
    };
    Ok(Seen {
        key: ArticleKey(row.get(0)?),
        first_seen: from_millis(row.get(1)?),
        last_seen: from_millis(row.get(2)?),
        silent: row.get(3)?,
        traits,
    })
}

/// Writes down what a visit has seen, and forgets what may be forgotten; gives the number of new articles.
pub(super) fn remember(connection: &Connection, visit: &Visit) -> Result<usize, StoreError> {
    let mut see = connection.prepare_cached(
        "INSERT INTO seen (feed, key, seen_at, last_at, silent, link, digest, sketch) VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT DO UPDATE SET last_at = excluded.last_at, link = excluded.link, digest = excluded.digest, sketch = excluded.sketch",
    )?;
    for sighting in &visit.seen {
        let Traits { link, digest, sketch } = &sighting.traits;
        let (link, digest) = (link.map(u64::cast_signed), digest.cast_signed());
        see.execute(params![visit.feed, sighting.key.0, millis(visit.at), sighting.silent, link, digest, to_bytes(sketch)])?;
    }
    if let Some(before) = visit.forget {
        let mut forget = connection.prepare_cached("DELETE FROM seen WHERE feed = ?1 AND last_at < ?2")?;
        let forgotten = forget.execute(params![visit.feed, millis(before)])?;
        if forgotten > 0 {
            let mut count = connection.prepare_cached("UPDATE feed SET forgotten = forgotten + ?2 WHERE name = ?1")?;
            count.execute(params![visit.feed, forgotten as i64])?;
        }
    }
    Ok(visit.seen.iter().filter(|sighting| sighting.is_new).count())
}

fn to_bytes(sketch: &[u16]) -> Vec<u8> {
    sketch.iter().flat_map(|feature| feature.to_le_bytes()).collect()
}

fn from_bytes(bytes: &[u8]) -> Vec<u16> {
    let (features, _) = bytes.as_chunks::<2>();
    features.iter().map(|feature| u16::from_le_bytes(*feature)).collect()
}
