//! Which happening an article tells of: it joins a recent story of its rule, or opens one.
//!
//! A story of events folds every telling of one event (`identity`); any other story folds the same article, the same link and
//! near copies of its first text (`similarity`).

mod identity;
pub mod similarity;

use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::model::{Article, Candidate, Joined, Match, Place, Story, StoryId};

/// How far apart the first article of a story and a later one may lie.
pub const WINDOW: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// Bytes of the hash that names a story: enough for 10⁹ stories with one chance in 10¹⁰ of two alike.
const ID_BYTES: usize = 12;

/// Places one match of a candidate among the recent stories of its rule.
pub fn place(candidate: &Candidate, matched: &Match, recent: &[Story]) -> Place {
    let id = id_of(matched, &candidate.article);
    let of_rule = recent.iter().filter(|story| *story.rule == *matched.rule);
    let joined = of_rule.filter_map(|story| Some((story, joins(candidate, matched, &id, story)?)));
    match joined.max_by(|a, b| strength(a.1).total_cmp(&strength(b.1))) {
        Some((story, because)) => Place::Joins { story: story.id.clone(), because },
        None => Place::Opens(open(candidate, matched, id)),
    }
}

fn joins(candidate: &Candidate, matched: &Match, id: &StoryId, story: &Story) -> Option<Joined> {
    if story.id == *id {
        return Some(Joined::SameArticle);
    }
    if let (Some(own), Some(known)) = (&matched.event, &story.event) {
        // one article may tell of several events, so that its link says nothing here
        return identity::is_same(own, known).then_some(Joined::SameEvent);
    }
    if candidate.link.as_ref().is_some_and(|link| story.links.contains(link)) {
        return Some(Joined::SameLink);
    }
    similarity::copy(&candidate.sketch, &story.sketch).map(|resemblance| Joined::NearCopy { resemblance })
}

/// Which of several reasons weighs most.
fn strength(joined: Joined) -> f64 {
    match joined {
        Joined::SameArticle => 4.0,
        Joined::SameEvent => 3.0,
        Joined::SameLink => 2.0,
        Joined::NearCopy { resemblance } => resemblance,
    }
}

fn open(candidate: &Candidate, matched: &Match, id: StoryId) -> Story {
    Story {
        id,
        rule: matched.rule.to_string(),
        title: candidate.title.clone(),
        opened: candidate.article.when(),
        links: candidate.link.iter().cloned().collect(),
        sketch: candidate.sketch.clone(),
        event: matched.event.clone(),
    }
}

/// The name of the story that this article opens under this rule, for this event.
fn id_of(matched: &Match, article: &Article) -> StoryId {
    let who = matched.event.iter().flat_map(|event| event.values("actors").iter().chain(event.values("imposer")));
    let mut parts = vec![&*matched.rule, article.feed.as_deref().unwrap_or_default(), &article.key.0];
    parts.extend(who.map(String::as_str));
    let digest = Sha256::digest(parts.join("\n"));
    StoryId(digest.iter().take(ID_BYTES).map(|byte| format!("{byte:02x}")).collect())
}
