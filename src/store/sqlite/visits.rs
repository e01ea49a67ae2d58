//! What a poll brought, recorded as a whole: seen articles, stories, tellings and outbox rows.

use std::time::Duration;

use rusqlite::{Connection, params};
use serde::Serialize;

use super::{StoreError, feeds, outbox, seen};
use crate::model::{
    AlertKind, Candidate, Judge, Known, Outcome, Place, Recorded, Sketch, Story, StoryId, Validators, Verdict, Visit,
};
use crate::store::time::{from_millis, millis, millis_of};

/// Whether recording it takes but one statement.
pub(super) fn is_one_step(visit: &Visit) -> bool {
    visit.seen.is_empty()
        && visit.candidates.is_empty()
        && visit.forget.is_none()
        && visit.busy.is_none()
        && visit.health.is_empty()
}

pub(super) fn record(connection: &Connection, visit: &Visit, judge: &dyn Judge) -> Result<Recorded, StoreError> {
    reschedule(connection, visit)?;
    let mut recorded = Recorded { articles: seen::remember(connection, visit)?, ..Recorded::default() };
    for candidate in &visit.candidates {
        let recent = recent_stories(connection, candidate, judge.story_window())?;
        for verdict in judge.decide(candidate, &recent) {
            recorded += carry_out(connection, visit, candidate.link.as_deref(), &verdict)?;
        }
    }
    for verdict in &visit.health {
        recorded += carry_out(connection, visit, None, verdict)?;
    }
    Ok(recorded)
}

/// What the host has asked for meanwhile by way of another of its feeds holds for this one too.
fn reschedule(connection: &Connection, visit: &Visit) -> Result<(), StoreError> {
    let (at, due, interval, not_before) =
        (millis(visit.at), millis(visit.next_due), millis_of(visit.interval), millis(visit.not_before));
    let habits = visit.habits.as_ref().map(to_json).transpose()?;
    let nothing = Validators::default();
    let (validators, error) = match &visit.outcome {
        Outcome::Unchanged(validators) | Outcome::Answered(validators) => (validators, None),
        Outcome::Failed(error) => (&nothing, Some(error.as_str())),
        Outcome::Retired => (&nothing, Some("gone for good, its server says")),
    };
    let (answered, retired) = (matches!(visit.outcome, Outcome::Answered(_)), matches!(visit.outcome, Outcome::Retired));
    connection
        .prepare_cached(
            "UPDATE feed SET due_at = MAX(?2, COALESCE((SELECT not_before FROM busy_host WHERE name = host), 0)),
                 not_before = MAX(?5, COALESCE((SELECT not_before FROM busy_host WHERE name = host), 0)),
                 interval_ms = ?3, leased_until = 0, habits = COALESCE(?6, habits), answered = answered OR ?8, retired = retired OR ?9,
                 last_checked = IIF(?12, last_checked, ?4), last_error = IIF(?12, last_error, ?7),
                 failures = CASE WHEN ?12 THEN failures WHEN ?7 IS NULL THEN 0 ELSE failures + 1 - ?9 END,
                 last_success = IIF(?7 IS NULL, ?4, last_success), etag = IIF(?7 IS NULL, ?10, etag),
                 last_modified = IIF(?7 IS NULL, ?11, last_modified) WHERE name = ?1",
        )?
        .execute(params![
            visit.feed,
            due,
            interval,
            at,
            not_before,
            habits,
            error,
            answered,
            retired,
            validators.etag,
            validators.last_modified,
            visit.is_push
        ])?;
    visit.busy.as_ref().map_or(Ok(()), |busy| feeds::spare(connection, busy))
}

/// The stories that the candidate may join: those of its rules that opened within a window before or after it, for articles do
/// not always arrive in order.
pub(super) fn recent_stories(connection: &Connection, candidate: &Candidate, window: Duration) -> Result<Vec<Story>, StoreError> {
    let (when, window) = (millis(candidate.article.when()), millis_of(window));
    let mut find = connection.prepare_cached(
        "SELECT id, rule, title, opened_at, sketch, event, known FROM story WHERE rule = ?1 AND opened_at BETWEEN ?2 AND ?3",
    )?;
    let mut stories = Vec::new();
    for matched in &candidate.matches {
        let found = find.query_map(params![&*matched.rule, when - window, when + window], |row| {
            Ok(Story {
                id: StoryId(row.get(0)?),
                rule: row.get(1)?,
                title: row.get(2)?,
                opened: from_millis(row.get(3)?),
                links: Vec::new(),
                holds: false,
                sketch: sketch_from_bytes(row.get_ref(4)?.as_blob()?),
                event: row.get_ref(5)?.as_str_or_null()?.and_then(|event| serde_json::from_str(event).ok()),
                known: row.get_ref(6)?.as_str_or_null()?.and_then(|known| serde_json::from_str(known).ok()).unwrap_or_default(),
            })
        })?;
        stories.extend(found.collect::<Result<Vec<_>, _>>()?);
    }
    if let Some(link) = &candidate.link {
        add_links(connection, link, &mut stories)?;
    }
    let feed = candidate.article.feed.as_deref().unwrap_or_default();
    let mut holds = connection.prepare_cached("SELECT 1 FROM telling WHERE story = ?1 AND feed IN (?2, '') AND article = ?3")?;
    for story in &mut stories {
        story.holds = holds.exists(params![story.id.0, feed, candidate.article.key.0])?;
    }
    Ok(stories)
}

/// Only the candidate's own link matters to the judge, so only that one is looked up.
fn add_links(connection: &Connection, link: &str, stories: &mut [Story]) -> Result<(), StoreError> {
    let mut told = connection.prepare_cached("SELECT 1 FROM telling WHERE story = ?1 AND link = ?2")?;
    for story in stories {
        if told.exists(params![story.id.0, link])? {
            story.links.push(link.to_owned());
        }
    }
    Ok(())
}

fn carry_out(connection: &Connection, visit: &Visit, link: Option<&str>, verdict: &Verdict) -> Result<Recorded, StoreError> {
    let mut recorded = Recorded::default();
    let (story, because) = match &verdict.place {
        Place::Opens(story) => {
            if open(connection, story)? > 0 {
                recorded.alerts += 1;
                recorded.told.push((story.rule.clone(), AlertKind::Alert));
            }
            (&story.id, "opened it".to_owned())
        }
        Place::Joins { story, because, known, .. } => {
            recorded.updates += 1;
            recorded.told.push((verdict.alert.rule.clone(), AlertKind::Update));
            grow(connection, story, known)?;
            (story, because.to_string())
        }
    };
    let (document, changes) = (to_json(&verdict.alert)?, to_json(&verdict.alert.changes)?);
    connection
        .prepare_cached(
            "INSERT INTO telling (story, article, link, because, told_at, document, changes, feed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT DO UPDATE SET document = excluded.document, changes = excluded.changes WHERE excluded.changes <> '[]'",
        )?
        .execute(params![
            story.0,
            verdict.alert.report.article,
            link,
            because,
            millis(visit.at),
            document,
            changes,
            visit.feed
        ])?;
    for receiver in &verdict.receivers {
        recorded.deliveries += outbox::put(connection, &verdict.alert.id, receiver, &document, visit.at)?;
    }
    Ok(recorded)
}

fn open(connection: &Connection, story: &Story) -> Result<usize, StoreError> {
    let event = story.event.as_ref().map(to_json).transpose()?;
    let (opened, sketch, known) = (millis(story.opened), sketch_to_bytes(&story.sketch), to_json(&story.known)?);
    Ok(connection
        .prepare_cached(
            "INSERT OR IGNORE INTO story (id, rule, title, opened_at, sketch, event, known) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![story.id.0, story.rule, story.title, opened, sketch, event, known])?)
}

/// Writes down what a story knows with its latest article.
fn grow(connection: &Connection, story: &StoryId, known: &Known) -> Result<(), StoreError> {
    connection.prepare_cached("UPDATE story SET known = ?2 WHERE id = ?1")?.execute(params![story.0, to_json(known)?])?;
    Ok(())
}

fn to_json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|why| StoreError::Database(why.to_string()))
}

fn sketch_to_bytes(sketch: &Sketch) -> Vec<u8> {
    sketch.0.iter().flat_map(|hash| hash.to_le_bytes()).collect()
}

fn sketch_from_bytes(bytes: &[u8]) -> Sketch {
    let (hashes, _) = bytes.as_chunks::<8>();
    Sketch(hashes.iter().map(|hash| u64::from_le_bytes(*hash)).collect())
}
