//! The stories of a replay: what the state is to the daemon, without a file.

use std::collections::HashMap;
use std::time::Duration;

use crate::model::{Candidate, Place, Story};

/// Stories by rule, in the order in which they opened.
#[derive(Debug, Default)]
pub(super) struct Memory(HashMap<String, Vec<Story>>);

impl Memory {
    /// The stories that a candidate may join.
    pub(super) fn recent(&self, candidate: &Candidate, window: Duration) -> Vec<Story> {
        let when = candidate.article.when();
        let near = |story: &&Story| when.duration_since(story.opened).unsigned_abs() <= window;
        let of_rule = |rule: &str| self.0.get(rule).into_iter().flatten().rev().take_while(near);
        candidate.matches.iter().flat_map(|matched| of_rule(&matched.rule)).cloned().collect()
    }

    /// Keeps a story that was opened, or what an article adds to one.
    pub(super) fn remember(&mut self, candidate: &Candidate, place: Place) {
        match place {
            Place::Opens(story) => self.0.entry(story.rule.clone()).or_default().push(story),
            Place::Joins { story, known, .. } => {
                if let Some(joined) = self.0.values_mut().flatten().find(|open| open.id == story) {
                    joined.known = known;
                    joined.links.extend(candidate.link.clone());
                }
            }
        }
    }
}
