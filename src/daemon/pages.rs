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
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// The same where a hub waits for our answer meanwhile.
pub(super) const PUSH_WAIT: Duration = Duration::from_secs(8);

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

/// Those of the articles that satisfy a rule, in order, judged with the pages of those that want them, which are waited for for as
/// long as given. An article whose page is not asked for, cannot be had or takes too long is judged by what its feed says. Told to
/// stop meanwhile, it gives nothing.
///
/// # Errors
/// A panic while judging.
pub(super) async fn judge(
    setup: &Arc<Setup>,
    full_text: FullText,
    articles: Vec<Article>,
    longest: Duration,
    stop: &CancellationToken,
) -> Result<Option<Vec<Candidate>>, JoinError> {
    if articles.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let pipeline = Arc::clone(&setup.pipeline);
    let mut looked = spawn_blocking(move || first_look(&pipeline, full_text, articles)).await?;
    if looked.iter().any(|one| matches!(one, Looked::Open(_))) {
        if !ask(setup, &mut looked, longest, stop).await {
            return Ok(None);
        }
        let pipeline = Arc::clone(&setup.pipeline);
        let settle = move || looked.into_iter().map(|one| one.settled(&pipeline)).collect();
        looked = spawn_blocking(settle).await?;
    }
    let candidates = looked.into_iter().filter_map(|one| if let Looked::Judged(candidate) = one { candidate } else { None });
    Ok(Some(candidates.collect()))
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

/// Asks for the pages that are wanted; says whether it came to an end and was not told to stop.
async fn ask(setup: &Arc<Setup>, looked: &mut [Looked], longest: Duration, stop: &CancellationToken) -> bool {
    let (mut asked, until) = (JoinSet::new(), Instant::now() + longest);
    for (number, one) in looked.iter().enumerate().rev() {
        let Looked::Open(open) = one else { continue };
        let (setup, url) = (Arc::clone(setup), open.url.clone());
        asked.spawn(async move { (number, setup.pages.text(&setup.fetcher, &url).await) });
    }
    loop {
        let answered = tokio::select! {
            // at a stop the fetcher sends requests away, and what was not asked for is no answer
            biased;
            () = stop.cancelled(), if !asked.is_empty() => return false,
            answered = timeout_at(until, asked.join_next()) => answered,
        };
        match answered {
            Ok(Some(Ok((number, text)))) => take(looked.get_mut(number), text),
            Ok(Some(Err(_))) => {}
            // what has not come by now is given up with the set
            Ok(None) | Err(_) => return true,
        }
    }
}

fn take(of: Option<&mut Looked>, text: Result<Arc<str>, NoPage>) {
    let Some(Looked::Open(open)) = of else { return };
    match text {
        Ok(text) => open.page = Some(text),
        // a site that is busy closes its pages and no feed: those are asked until they say so themselves
        Err(why) => debug!(page = %open.url, %why, "the article is judged by what its feed says"),
    }
}
