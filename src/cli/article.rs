//! An article as one JSON object: what `replay` reads on a line and `explain` reads whole.

use jiff::Timestamp;
use serde::Deserialize;

use crate::model::{Article, ArticleKey};

/// The object; other fields are ignored.
#[derive(Debug, Deserialize)]
pub(super) struct Written {
    id: String,
    #[serde(default)]
    outlet: String,
    pub(super) published: Option<Timestamp>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
    url: Option<String>,
    lang: Option<String>,
    feed: Option<String>,
    author: Option<String>,
}

impl Written {
    /// The article, seen when it was published or, undated, at `now`.
    pub(super) fn into_article(self, now: Timestamp) -> Article {
        Article {
            key: ArticleKey(self.id),
            feed: self.feed,
            outlet: self.outlet,
            url: self.url,
            title: self.title,
            text: self.text,
            author: self.author,
            language: self.lang,
            published: self.published,
            first_seen: self.published.unwrap_or(now),
        }
    }
}
