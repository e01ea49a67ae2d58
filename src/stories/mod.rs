//! Which happening an article tells of: it joins a recent story of its rule, or opens one.
//!
//! A story folds the same article, the same link and near copies of its first text.

pub mod similarity;

use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::model::{Article, Candidate, Joined, Place, Story, StoryId};

/// How far apart the first article of a story and a later one may lie.
pub const WINDOW: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// Bytes of the hash that names a story: enough for 10⁹ stories with one chance in 10¹⁰ of two alike.
const ID_BYTES: usize = 12;

/// Places a candidate among the recent stories of one rule.
pub fn place(candidate: &Candidate, rule: &str, recent: &[Story]) -> Place {
    let id = id_of(rule, &candidate.article);
    let joined =
        recent.iter().filter(|story| story.rule == rule).filter_map(|story| Some((story, joins(candidate, &id, story)?)));
    match joined.max_by(|a, b| strength(a.1).total_cmp(&strength(b.1))) {
        Some((story, because)) => Place::Joins { story: story.id.clone(), because },
        None => Place::Opens(open(candidate, rule, id)),
    }
}

fn joins(candidate: &Candidate, id: &StoryId, story: &Story) -> Option<Joined> {
    if story.id == *id {
        return Some(Joined::SameArticle);
    }
    if candidate.link.as_ref().is_some_and(|link| story.links.contains(link)) {
        return Some(Joined::SameLink);
    }
    similarity::copy(&candidate.sketch, &story.sketch).map(|resemblance| Joined::NearCopy { resemblance })
}

/// Which of several reasons weighs most.
fn strength(joined: Joined) -> f64 {
    match joined {
        Joined::SameArticle => 3.0,
        Joined::SameLink => 2.0,
        Joined::NearCopy { resemblance } => resemblance,
    }
}

fn open(candidate: &Candidate, rule: &str, id: StoryId) -> Story {
    Story {
        id,
        rule: rule.to_owned(),
        title: candidate.title.clone(),
        opened: candidate.article.when(),
        links: candidate.link.iter().cloned().collect(),
        sketch: candidate.sketch.clone(),
    }
}

/// The name of the story that this article opens under this rule.
fn id_of(rule: &str, article: &Article) -> StoryId {
    let parts = [rule, article.feed.as_deref().unwrap_or_default(), &article.key.0];
    let digest = Sha256::digest(parts.join("\n"));
    StoryId(digest.iter().take(ID_BYTES).map(|byte| format!("{byte:02x}")).collect())
}
