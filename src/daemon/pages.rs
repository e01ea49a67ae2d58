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
use crate::model::Article;
use crate::page::NoPage;

/// The most pages asked for in one visit to a feed: the newest of those in question.
const MOST_PAGES: usize = 10;
/// How long the articles of one visit wait for pages altogether. What has rung already by its feed's words waits as well, for all of a
/// visit is recorded as one.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// The same where a hub waits for our answer meanwhile.
pub(super) const PUSH_WAIT: Duration = Duration::from_secs(8);

/// What the pages of one visit came to.
pub(super) struct Reading {
    /// Every article, in order, with the text of its page where there is one.
    pub(super) articles: Vec<(Article, Option<Arc<str>>)>,
}

/// Reads the pages that are wanted, for as long as given. An article whose page is not asked for, cannot be had or takes too long is judged by what its feed
/// says. Told to stop meanwhile, it gives nothing.
///
/// # Errors
/// A panic while it was asked whether more text is wanted.
pub(super) async fn read(
    setup: &Arc<Setup>,
    full_text: FullText,
    articles: Vec<Article>,
    longest: Duration,
    stop: &CancellationToken,
) -> Result<Option<Reading>, JoinError> {
    if full_text == FullText::Never || articles.is_empty() {
        return Ok(Some(Reading::of(articles)));
    }
    let wanted_by = Arc::clone(setup);
    let (wanted, articles) = spawn_blocking(move || (wanted(&wanted_by, full_text, &articles), articles)).await?;
    let mut reading = Reading::of(articles);
    let (mut asked, until) = (JoinSet::new(), Instant::now() + longest);
    for (number, url) in wanted {
        let setup = Arc::clone(setup);
        asked.spawn(async move { (number, setup.pages.text(&setup.fetcher, &url).await, url) });
    }
    loop {
        let answered = tokio::select! {
            // at a stop the fetcher sends requests away, and what was not asked for is no answer
            biased;
            () = stop.cancelled(), if !asked.is_empty() => return Ok(None),
            answered = timeout_at(until, asked.join_next()) => answered,
        };
        match answered {
            Ok(Some(Ok((number, text, url)))) => reading.take(number, text, &url),
            Ok(Some(Err(_))) => {}
            // what has not come by now is given up with the set
            Ok(None) | Err(_) => return Ok(Some(reading)),
        }
    }
}

impl Reading {
    fn of(articles: Vec<Article>) -> Self {
        Self { articles: articles.into_iter().map(|article| (article, None)).collect() }
    }

    fn take(&mut self, number: usize, text: Result<Arc<str>, NoPage>, url: &Url) {
        match text {
            Ok(text) => {
                if let Some((_, page)) = self.articles.get_mut(number) {
                    *page = Some(text);
                }
            }
            // a site that is busy closes its pages and no feed: those are asked until they say so themselves
            Err(why) => debug!(page = %url, %why, "the article is judged by what its feed says"),
        }
    }
}

/// The pages to be asked for, each by the number of its article: the newest articles first, which come last.
fn wanted(setup: &Setup, full_text: FullText, articles: &[Article]) -> Vec<(usize, Url)> {
    let address =
        |article: &Article| article.url.as_deref()?.parse().ok().filter(|url: &Url| matches!(url.scheme(), "http" | "https"));
    let addressed = articles.iter().enumerate().rev().filter_map(|(number, article)| Some((number, article, address(article)?)));
    let in_question = addressed.filter(|(_, article, _)| full_text == FullText::Always || setup.pipeline.wants_more(article));
    in_question.take(MOST_PAGES).map(|(number, _, url)| (number, url)).collect()
}
