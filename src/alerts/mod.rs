//! What is worth telling, and whom to tell.

mod health;
mod names;
mod route;

pub use health::{FAILURES, HealthRules, Vitals};
pub use names::Names;
pub use route::Router;

use xxhash_rust::xxh3::xxh3_64;

use crate::model::{Alert, AlertKind, Article, Candidate, Joined, Match, News, Place, Report, StoryId};

/// Words the alert or update that a candidate is to one of its rules.
pub fn write(candidate: &Candidate, matched: &Match, place: &Place, names: &Names) -> Alert {
    let article = &candidate.article;
    let changes: Vec<News> = match place {
        Place::Opens(_) => Vec::new(),
        Place::Joins { changes, .. } => changes.iter().map(|change| names.news(change)).collect(),
    };
    let (kind, story, id) = match place {
        Place::Opens(story) => (AlertKind::Alert, &story.id, story.id.0.clone()),
        Place::Joins { story, because, .. } => {
            let edit = if *because == Joined::SameArticle { &changes[..] } else { &[] };
            (AlertKind::Update, story, update_id(story, article, matched, edit))
        }
    };
    Alert {
        kind,
        id,
        rule: matched.rule.to_string(),
        story: story.clone(),
        severity: matched.severity,
        report: Report {
            article: article.key.0.clone(),
            outlet: article.outlet.clone(),
            title: candidate.title.clone(),
            url: article.url.clone(),
            published: article.published,
        },
        changes,
        event: matched.event.clone(),
        why: matched.evidence.clone(),
        health: None,
    }
}

/// An article may tell of several events of one story: a joint call as one with each; and of something new at each edit.
fn update_id(story: &StoryId, article: &Article, matched: &Match, edit: &[News]) -> String {
    let who = matched.event.iter().flat_map(|event| event.values("actors").iter().chain(event.values("imposer")));
    let mut parts: Vec<String> = std::iter::once(&article.key.0).chain(who).cloned().collect();
    parts.extend(edit.iter().map(|news| news.words.clone()));
    format!("{story}-{:016x}", xxh3_64(parts.join("\n").as_bytes()))
}
