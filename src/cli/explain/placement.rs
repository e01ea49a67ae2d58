//! Which story an article joins or opens, and which it nearly joined, by the state where there is one.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use crate::config::Config;
use crate::model::{Candidate, Judge, Match, News, Place, Story, StoryId};
use crate::pipeline::Pipeline;
use crate::store::SqliteStore;
use crate::stories::{Miss, misses};

/// How far from an article a story may have opened to be named as one it nearly joined.
const NEARBY: Duration = Duration::from_secs(14 * 24 * 60 * 60);
/// The most stories named so.
const MOST_MISSES: usize = 3;

/// The stories that an article is compared with.
pub(super) struct Stories {
    /// Where they are from, or why there are none, in a sentence.
    pub(super) note: String,
    nearby: Vec<Story>,
}

/// Where a match belongs.
#[derive(Debug, Serialize)]
pub(super) struct Placement {
    /// `joins` or `opens`.
    pub(super) place: &'static str,
    pub(super) story: StoryId,
    /// The headline of the story it joins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<String>,
    pub(super) because: String,
    /// What is materially new in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) changes: Vec<News>,
}

impl Stories {
    /// Reads the stories near a candidate from the state of a configuration.
    pub(super) fn near(config: &Config, candidate: &Candidate) -> Self {
        let path = &config.state.sqlite;
        if !path.exists() {
            return Self::none(format!("there is no state at {} to compare it with", path.display()));
        }
        match SqliteStore::stories_near(path, candidate, NEARBY) {
            Ok(nearby) => Self::of(path, nearby),
            Err(why) => Self::none(why.to_string()),
        }
    }

    fn of(path: &Path, mut nearby: Vec<Story>) -> Self {
        nearby.sort_by(|a, b| a.id.cmp(&b.id));
        nearby.dedup_by(|a, b| a.id == b.id);
        let days = NEARBY.as_secs() / 86_400;
        let note = format!("compared with the stories of {days} days around it in {}: {}", path.display(), nearby.len());
        Self { note, nearby }
    }

    fn none(note: String) -> Self {
        Self { note, nearby: Vec::new() }
    }

    /// The place of a match as `run` would decide; none for a denial of what was never told.
    pub(super) fn place(&self, pipeline: &Pipeline, candidate: &Candidate, matched: &Match) -> Option<Placement> {
        let (when, window) = (candidate.article.when(), pipeline.story_window());
        let is_open = |story: &&Story| when.duration_since(story.opened).unsigned_abs() <= window;
        let open: Vec<Story> = self.nearby.iter().filter(is_open).cloned().collect();
        let verdict = pipeline.judge(candidate, matched, &open)?;
        let changes = verdict.alert.changes;
        Some(match verdict.place {
            Place::Opens(story) => {
                let because = "no story of the rule is about this".to_owned();
                Placement { place: "opens", story: story.id, title: None, because, changes }
            }
            Place::Joins { story, because, .. } => {
                let title = self.nearby.iter().find(|known| known.id == story).map(|known| known.title.clone());
                Placement { place: "joins", story, title, because: because.to_string(), changes }
            }
        })
    }

    /// The nearest stories of its rule that a match does not join.
    pub(super) fn misses(&self, candidate: &Candidate, matched: &Match) -> Vec<Miss> {
        misses(candidate, matched, &self.nearby, MOST_MISSES)
    }
}
