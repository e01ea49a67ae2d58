//! Asks for what a site may have for feeds, one address after another, and believes only what it has read.

use std::collections::BTreeSet;

use jiff::Timestamp;
use reqwest::StatusCode;
use url::Url;

use super::index::is_for_news;
use super::{Offer, Way, instead_of_feed, is_of_comments, offers, places};
use crate::feed::{self, Feed, Format, canonical_link};
use crate::fetch::{Answer, FetchError, Fetched, Fetcher, Page, with_credentials_of};
use crate::model::Validators;
use crate::text::to_plain;

/// Requests made to find the feeds of one site, redirects aside.
const MAX_REQUESTS: usize = 60;

/// What a site turned out to offer.
#[derive(Debug, Default)]
pub struct Discovery {
    /// The feeds that could be read, the most trustworthy first.
    pub found: Vec<Found>,
    /// Addresses that the site names as feeds and that are none, with the reason.
    pub failed: Vec<(Url, String)>,
    /// How many addresses were left alone because there were too many.
    pub untried: usize,
}

/// A feed that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Where it is, for good.
    pub url: Url,
    /// Its name as plain text: by its own word, else by that of the page.
    pub title: Option<String>,
    /// How it is written.
    pub format: Format,
    /// How many sound entries it shows.
    pub entries: usize,
    /// When the newest of them appeared or changed, by its own word.
    pub newest: Option<Timestamp>,
    /// How it was found.
    pub way: Way,
    /// What its reader had to remark.
    pub warnings: Vec<String>,
}

impl Found {
    /// Whether it is what the address or its page names, and neither a guess nor what readers remark.
    pub fn is_meant(&self) -> bool {
        match self.way {
            Way::Asked => true,
            Way::Declared | Way::Linked => !is_of_comments(&self.url, self.title.as_deref()),
            Way::Sitemap | Way::Usual => false,
        }
    }
}

/// Finds the feeds of a site from one of its pages. An address that is a feed's itself is all that is found, as [`Way::Asked`].
/// Usual places are tried only where the page names no feed that can be read, and only until one is found. A server that refuses
/// the page may still have feeds.
///
/// # Errors
/// Why the page itself cannot be had, in words, if nothing else was found either.
pub async fn discover(fetcher: &Fetcher, url: &Url) -> Result<Discovery, String> {
    let mut search = Search {
        fetcher,
        home: url,
        requests: 0,
        asked: BTreeSet::new(),
        read: BTreeSet::new(),
        discovery: Discovery::default(),
    };
    let (named, refusal) = match search.ask(url).await {
        Ok(Asked::Feed { feed, url, .. }) => {
            search.keep(&Offer { url, title: None, way: Way::Asked }, *feed);
            return Ok(search.discovery);
        }
        Ok(Asked::Other { named, .. }) => (named, None),
        Err(FetchError::Status(status)) => (Vec::new(), Some(FetchError::Status(status))),
        Err(why) => return Err(why.to_string()),
    };
    search.try_all(named).await;
    search.try_sitemaps(url).await;
    if search.discovery.found.is_empty() {
        search.try_usual_places(url).await;
    }
    match refusal {
        Some(why) if search.discovery.found.is_empty() => Err(why.to_string()),
        _ => Ok(search.discovery),
    }
}

struct Search<'a> {
    fetcher: &'a Fetcher,
    /// The page it begins with.
    home: &'a Url,
    requests: usize,
    /// Addresses that were asked or led to, in the form that their variants share.
    asked: BTreeSet<String>,
    /// Those of them at which feeds were read.
    read: BTreeSet<String>,
    discovery: Discovery,
}

/// What an address turned out to hold.
enum Asked {
    /// A feed, with its address for good, and the one it was read at.
    Feed { feed: Box<Feed>, url: Url, at: Url },
    /// Something else: what it is in words, and what it names.
    Other { instead: String, named: Vec<Offer> },
}

impl Search<'_> {
    async fn ask(&mut self, url: &Url) -> Result<Asked, FetchError> {
        self.requests += 1;
        let Answer { fetched, moved, .. } = self.fetcher.get(url, &Validators::default()).await;
        let page = page(fetched)?;
        self.asked.extend([name(url), name(&page.url)]);
        let content_type = page.content_type.as_deref();
        Ok(match feed::parse(&page.bytes, content_type, Some(&page.url)) {
            Ok(feed) => Asked::Feed { feed: Box::new(feed), url: moved.unwrap_or_else(|| url.clone()), at: page.url },
            Err(why) => Asked::Other {
                instead: instead_of_feed(&why, &page.bytes, content_type, url, &page.url),
                named: offers(&page.bytes, content_type, &page.links, &page.url),
            },
        })
    }

    /// Tries what a page names; lists of sitemaps are followed one step.
    async fn try_all(&mut self, offers: Vec<Offer>) {
        for offer in offers {
            for next in self.try_one(&offer).await {
                if next.way == Way::Sitemap && offer.way == Way::Sitemap {
                    self.try_one(&next).await;
                }
            }
        }
    }

    /// Tries one address, and gives what it names if it is no feed.
    async fn try_one(&mut self, offer: &Offer) -> Vec<Offer> {
        if !self.asked.insert(name(&offer.url)) {
            return Vec::new();
        }
        if self.requests >= MAX_REQUESTS {
            self.discovery.untried += 1;
            return Vec::new();
        }
        match self.ask(&with_credentials_of(self.home, &offer.url)).await {
            Ok(Asked::Feed { feed, url, at }) => {
                if self.read.insert(name(&at)) && has_news(&feed) {
                    self.keep(&Offer { url, ..offer.clone() }, *feed);
                }
                Vec::new()
            }
            Ok(Asked::Other { instead, named }) => {
                if named.iter().all(|next| next.way != Way::Sitemap) {
                    self.fail(offer, instead);
                }
                named
            }
            Err(why) => {
                self.fail(offer, why.to_string());
                Vec::new()
            }
        }
    }

    /// Tries the news sitemaps that `robots.txt` names, and the other sitemaps too where there is no feed.
    async fn try_sitemaps(&mut self, page: &Url) {
        let Some(robots) = places::robots(page) else { return };
        self.requests += 1;
        let answer = self.fetcher.get(&robots, &Validators::default()).await;
        let Ok(robots) = self::page(answer.fetched) else { return };
        let mut sitemaps = places::sitemaps(&robots.bytes, &robots.url);
        let has_feeds = !self.discovery.found.is_empty();
        sitemaps.retain(|sitemap| is_for_news(sitemap) || !has_feeds);
        sitemaps.sort_by_key(|sitemap| !is_for_news(sitemap));
        self.try_all(sitemaps.into_iter().map(|url| Offer { url, title: None, way: Way::Sitemap }).collect()).await;
    }

    async fn try_usual_places(&mut self, page: &Url) {
        for url in places::usual(page) {
            self.try_one(&Offer { url, title: None, way: Way::Usual }).await;
            if !self.discovery.found.is_empty() {
                return;
            }
        }
    }

    fn keep(&mut self, offer: &Offer, feed: Feed) {
        let title = feed.title.as_deref().map(to_plain).and_then(|title| super::title(&title));
        let (format, warnings) = (feed.format, feed.warnings.clone());
        let entries = feed.sound_entries();
        self.discovery.found.push(Found {
            url: offer.url.clone(),
            title: title.or_else(|| offer.title.clone()),
            format,
            newest: entries.iter().filter_map(|entry| entry.published.or(entry.updated)).max(),
            entries: entries.len(),
            way: offer.way,
            warnings,
        });
    }

    /// Nobody promised anything of usual places, nor that a site's sitemaps are for news.
    fn fail(&mut self, offer: &Offer, why: String) {
        if matches!(offer.way, Way::Declared | Way::Linked) {
            self.discovery.failed.push((offer.url.clone(), why));
        }
    }
}

/// Whether a document is worth following: a sitemap whose entries have no titles is a list of pages and not of news.
fn has_news(feed: &Feed) -> bool {
    feed.format != Format::Sitemap || feed.entries.iter().any(|entry| entry.title.is_some())
}

fn page(fetched: Fetched) -> Result<Page, FetchError> {
    match fetched {
        Fetched::Page(page) => Ok(page),
        Fetched::NotModified(_) => Err(FetchError::Status(StatusCode::NOT_MODIFIED)),
        Fetched::Gone => Err(FetchError::Status(StatusCode::GONE)),
        Fetched::Failed(error) => Err(error),
        Fetched::NotAsked => Err(FetchError::Status(StatusCode::TOO_MANY_REQUESTS)),
    }
}

/// An address in the form that its variants share.
fn name(url: &Url) -> String {
    canonical_link(url.as_str()).unwrap_or_else(|| url.to_string())
}
