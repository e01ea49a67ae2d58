//! What of a document is new, what was edited, and what of that may ring. Pure judgement.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::config::Feed;
use crate::feed::{Item, Recognised, Standing, recognise};
use crate::model::{Article, DueFeed, Seen, Sighting};

/// How long an article is remembered that stands in its feed no more. Whatever comes back after that and rang before joins its old
/// story, for stories are named after their articles; only what never rang is new again.
const MEMORY: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How often it is written down that an article still stands in its feed.
const AS_OF: SignedDuration = SignedDuration::from_hours(24);
/// How long after its publication an article may still be news that was not found before, or was worded otherwise.
const STILL_NEWS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Articles that are many at once.
const MANY: usize = 5;

/// What was known of a feed before a document of it came.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before<'a> {
    /// The feed's name.
    pub(super) name: &'a str,
    /// What the configuration says of it.
    pub(super) feed: &'a Feed,
    /// Whether it had answered.
    pub(super) answered: bool,
    /// When it had last answered.
    pub(super) last_success: Option<Timestamp>,
    /// When a document of it was last read.
    pub(super) last_read: Option<Timestamp>,
    /// Whether what comes now may be but a part of it: what is new, sent by a hub.
    pub(super) is_part: bool,
}

impl<'a> Before<'a> {
    /// A feed that is being visited.
    pub(super) fn of(due: &'a DueFeed, feed: &'a Feed) -> Self {
        let state = &due.state;
        Self {
            name: &due.name,
            feed,
            answered: state.answered,
            last_success: state.last_success,
            last_read: state.habits.read,
            is_part: false,
        }
    }
}

/// What a document brought.
#[derive(Debug, Default)]
pub(super) struct News {
    /// What is to be remembered.
    pub(super) seen: Vec<Sighting>,
    /// What has stood in no document since then may be forgotten.
    pub(super) forget: Option<Timestamp>,
    /// What may ring, the oldest first: feeds tell the newest first, and a story grows from its first telling.
    pub(super) articles: Vec<Article>,
    /// When each new article says it was published.
    pub(super) published: Vec<Option<Timestamp>>,
}

/// What of a document is news, by what is remembered of its feed.
pub(super) fn news(before: Before<'_>, items: Vec<Item>, known: &[Seen], at: Timestamp) -> News {
    let document = recognise(items, known);
    let how = How::of(before, &document, known, at);
    let forget = before.last_read.filter(|read| is_another_day(*read, at)).and_then(|read| read.checked_sub(MEMORY).ok());
    let mut news = News { forget, ..News::default() };
    document.into_iter().for_each(|one| news.take(one, how, at));
    news.articles.sort_by_key(Article::when);
    news
}

fn is_another_day(one: Timestamp, other: Timestamp) -> bool {
    one.as_second().div_euclid(86_400) != other.as_second().div_euclid(86_400)
}

/// How to look at what is new.
#[derive(Debug, Clone, Copy)]
struct How<'a> {
    before: Before<'a>,
    /// New articles that say nothing of when they were published may ring.
    undated: bool,
    /// New articles that were published since then may; all, if nothing is said.
    since: Option<Timestamp>,
}

impl<'a> How<'a> {
    /// A feed that was never read may ring for what is fresh. One that was may ring for everything, unless it has been away for so
    /// long that much of it is no news any more, or all of many articles are strange: then it has moved or been outrun, and only
    /// what was published since it was last read is new. A part of it that holds nothing known says nothing of the kind.
    fn of(before: Before<'a>, document: &[Recognised], known: &[Seen], at: Timestamp) -> Self {
        let ago = |moment: Timestamp, span: SignedDuration| moment.checked_sub(span).unwrap_or(Timestamp::MIN);
        let backlog = SignedDuration::try_from(before.feed.backlog).unwrap_or(SignedDuration::MAX);
        let has_overlap = document.iter().any(|one| one.standing != Standing::New);
        let Some(last) = before.last_success.filter(|_| before.answered) else {
            // another address with the same articles: what had not been there when they were last seen is new
            let last = known.iter().map(|seen| seen.last_seen).max().filter(|_| has_overlap);
            let since = last.map_or_else(|| ago(at, backlog), |last| ago(last, backlog).max(ago(at, STILL_NEWS)));
            return Self { before, undated: has_overlap, since: Some(since) };
        };
        let is_recent = at.duration_since(last) <= backlog;
        let is_strange = !(before.is_part || has_overlap);
        let has_changed = is_strange && document.len() >= MANY && !(known.is_empty() && is_recent);
        let since = match has_changed {
            _ if at.duration_since(last) > STILL_NEWS => Some(ago(at, STILL_NEWS)),
            true => Some(ago(last, backlog)),
            false => None,
        };
        Self { before, undated: !has_changed || is_recent, since }
    }

    fn may_ring(&self, article: &Article) -> bool {
        match article.believed() {
            Some(published) => self.since.is_none_or(|since| published >= since),
            None => self.undated,
        }
    }
}

impl News {
    fn take(&mut self, one: Recognised, how: How<'_>, at: Timestamp) {
        let Recognised { entry, traits, standing } = one;
        let (key, published, updated) = (entry.key.clone(), entry.published, entry.updated);
        let article = |first_seen| entry.into_article(Some(how.before.name), &how.before.feed.outlet, first_seen);
        let (is_new, silent, ringing) = match standing {
            Standing::New => {
                self.published.push(published.or(updated));
                let article = article(at);
                let rings = how.may_ring(&article);
                (true, !rings, rings.then_some(article))
            }
            Standing::Edited(seen) => {
                let article = article(seen.first_seen);
                let rings = !seen.silent || is_news_again(&article, updated, how.before.feed.backlog, at);
                (false, seen.silent, rings.then_some(article))
            }
            Standing::Known(seen) if seen.traits.is_some() && at.duration_since(seen.last_seen) < AS_OF => return,
            Standing::Known(seen) => (false, seen.silent, None),
        };
        self.seen.push(Sighting { key, traits, is_new, silent });
        self.articles.extend(ringing);
    }
}

/// Whether an article that was old when it was learnt has become news by an edit, by its own dates.
fn is_news_again(article: &Article, updated: Option<Timestamp>, backlog: Duration, at: Timestamp) -> bool {
    let Some(published) = article.believed() else { return false };
    let age = |moment: Timestamp| at.duration_since(moment);
    let is_fresh = |moment: Timestamp| age(moment) <= SignedDuration::try_from(backlog).unwrap_or(SignedDuration::MAX);
    is_fresh(published) || age(published) <= STILL_NEWS && updated.is_some_and(|updated| updated <= at && is_fresh(updated))
}
