//! Articles with the text of their pages, where a feed gives too little of it to tell.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinError, JoinSet, spawn_blocking};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tracing::debug;
use url::Url;

use super::setup::Setup;
use crate::config::FullText;
use crate::model::{Article, Candidate};
use crate::page::NoPage;
use crate::pipeline::{Look, Pipeline};

/// The most pages asked for in one visit to a feed: the newest of those in question.
const MOST_PAGES: usize = 10;
/// How long the articles of one visit wait for pages altogether. What has rung already by its feed's words waits as well, for all of a
/// visit is recorded as one.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// What the articles of one visit came to.
#[derive(Default)]
pub(super) struct Judged {
    /// Those that satisfy a rule, in order.
    pub(super) candidates: Vec<Candidate>,
    /// A host that wants to be left alone, and for how long.
    pub(super) busy: Option<(String, Duration)>,
}

/// An article after a first look.
enum Looked {
    Judged(Option<Candidate>),
    /// Its page is asked for.
    Open(Open),
}

struct Open {
    article: Article,
    url: Url,
    page: Option<Arc<str>>,
}

/// Judges articles, with the pages of those that want them. An article whose page is not asked for, cannot be had or takes too long
/// is judged by what its feed says. Told to stop meanwhile, it gives nothing.
///
/// # Errors
/// A panic while judging.
pub(super) async fn judge(
    setup: &Arc<Setup>,
    full_text: FullText,
    articles: Vec<Article>,
    stop: &CancellationToken,
) -> Result<Option<Judged>, JoinError> {
    if articles.is_empty() {
        return Ok(Some(Judged::default()));
    }
    let pipeline = Arc::clone(&setup.pipeline);
    let mut looked = spawn_blocking(move || first_look(&pipeline, full_text, articles)).await?;
    let mut busy = None;
    if looked.iter().any(|one| matches!(one, Looked::Open(_))) {
        match ask(setup, &mut looked, stop).await {
            Some(told) => busy = told,
            None => return Ok(None),
        }
        let pipeline = Arc::clone(&setup.pipeline);
        let settle = move || looked.into_iter().map(|one| one.settled(&pipeline)).collect();
        looked = spawn_blocking(settle).await?;
    }
    let candidates = looked.into_iter().filter_map(|one| if let Looked::Judged(candidate) = one { candidate } else { None });
    Ok(Some(Judged { candidates: candidates.collect(), busy }))
}

/// Looks at the newest articles first, which come last: their pages are asked for.
fn first_look(pipeline: &Pipeline, full_text: FullText, articles: Vec<Article>) -> Vec<Looked> {
    let mut left = MOST_PAGES;
    let look = |article| {
        let looked = Looked::at(article, pipeline, if left > 0 { full_text } else { FullText::Never });
        left -= usize::from(matches!(looked, Looked::Open(_)));
        looked
    };
    let mut looked: Vec<Looked> = articles.into_iter().rev().map(look).collect();
    looked.reverse();
    looked
}

impl Looked {
    fn at(article: Article, pipeline: &Pipeline, full_text: FullText) -> Self {
        let article = match full_text {
            FullText::Never => return Self::Judged(pipeline.examine(article)),
            FullText::Always => article,
            FullText::Auto => match pipeline.look(article) {
                Look::Judged(candidate) => return Self::Judged(candidate),
                Look::WantsMore(article) => article,
            },
        };
        match address(&article) {
            Some(url) => Self::Open(Open { article, url, page: None }),
            None => Self::Judged(pipeline.examine(article)),
        }
    }

    fn settled(self, pipeline: &Pipeline) -> Self {
        let Self::Open(open) = self else { return self };
        Self::Judged(match open.page {
            Some(page) => pipeline.examine_whole(open.article, &page),
            None => pipeline.examine(open.article),
        })
    }
}

/// Where the page of an article is.
fn address(article: &Article) -> Option<Url> {
    article.url.as_deref()?.parse().ok().filter(|url: &Url| matches!(url.scheme(), "http" | "https"))
}

/// Asks for the pages that are wanted; gives the host that wants to be left alone, if one does, and nothing at all if told to stop.
async fn ask(setup: &Arc<Setup>, looked: &mut [Looked], stop: &CancellationToken) -> Option<Option<(String, Duration)>> {
    let (mut asked, mut busy, until) = (JoinSet::new(), None, Instant::now() + LONGEST_WAIT);
    for (number, one) in looked.iter().enumerate().rev() {
        let Looked::Open(open) = one else { continue };
        let (setup, url) = (Arc::clone(setup), open.url.clone());
        asked.spawn(async move { (number, setup.pages.text(&setup.fetcher, &url).await) });
    }
    loop {
        let answered = tokio::select! {
            answered = timeout_at(until, asked.join_next()) => answered,
            () = stop.cancelled(), if !asked.is_empty() => return None,
        };
        match answered {
            Ok(Some(Ok((number, text)))) => busy = take(looked.get_mut(number), text).or(busy),
            Ok(Some(Err(_))) => {}
            // what has not come by now is given up with the set
            Ok(None) | Err(_) => return Some(busy),
        }
    }
}

fn take(of: Option<&mut Looked>, text: Result<Arc<str>, NoPage>) -> Option<(String, Duration)> {
    let Some(Looked::Open(open)) = of else { return None };
    match text {
        Ok(text) => {
            open.page = Some(text);
            None
        }
        Err(why) => {
            debug!(page = %open.url, %why, "the article is judged by what its feed says");
            if let NoPage::Busy { host, pause } = why { Some((host, pause)) } else { None }
        }
    }
}
