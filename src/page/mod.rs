//! The page an article is a summary of: asked for as its site allows, and read for the article's text.
//!
//! Pages are asked for under the rules of feeds (turns at each host, no private addresses at any hop, bounded bytes and time) and, as nobody
//! has subscribed to them, under those of `robots.txt` besides. Nothing here is needed: whatever goes wrong, there is no page, and
//! the article is judged by what its feed says.

mod extract;
mod kept;
mod prune;
pub mod robots;
mod site;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use url::Url;

pub use extract::{characters, extract};

use crate::config::Http;
use crate::feed::canonical_link;
use crate::fetch::{Beyond, FetchError, Fetched, Fetcher, Hop, MAX_REDIRECTS, Page, Want};
use crate::model::Validators;
use kept::Kept;
use site::Site;

/// The largest page taken, in bytes, where the configuration does not ask for less.
const MOST_BYTES: u64 = 4 << 20;
/// The longest address that is asked: each is held against every rule of its site.
const LONGEST_ADDRESS: usize = 4096;
/// Of so many connections one may be for a page: feeds come first.
const SHARE_OF_CONNECTIONS: usize = 4;
/// Pages read for their text at once: each takes a thread, and memory many times its size.
const READ_AT_ONCE: usize = 2;
/// How long a page's text is kept for other feeds that bring the same link, and for an article that is edited.
const TEXT_LIFE: Duration = Duration::from_secs(60 * 60);
/// Texts that are kept, and the bytes they may take together.
const MOST_TEXTS: (usize, usize) = (1_000, 16 << 20);
/// Sites whose rules are kept, and the bytes those may take together.
const MOST_SITES: (usize, usize) = (2_000, 16 << 20);

/// What an article may be written in.
const TYPES: &[&str] = &["text/html", "application/xhtml+xml", "text/plain"];
const ACCEPT: &str = "text/html, application/xhtml+xml, text/plain;q=0.8";

/// Why there is no text of a page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPage {
    /// The site does not want it read.
    #[error("its site forbids it (robots.txt)")]
    Forbidden,
    /// Whether the site wants it read cannot be told.
    #[error("whether its site allows it cannot be told, as its robots.txt could not be read: {0}")]
    NoRobots(String),
    /// The site wants to be left alone for so long.
    #[error("{host} wants to be left alone for {} s", .pause.as_secs())]
    Busy {
        /// Its host, which may be another than that of the address.
        host: String,
        /// For how long.
        pause: Duration,
    },
    /// It did not come.
    #[error("{0}")]
    Failed(FetchError),
    /// It is gone for good.
    #[error("gone for good (410)")]
    Gone,
    /// No article is to be found in it.
    #[error("there is no article to be found in it")]
    NoArticle,
    /// Its address is longer than any article's.
    #[error("its address is too long")]
    LongAddress,
}

/// Asks for pages, and remembers what came.
#[derive(Debug)]
pub struct Pages {
    texts: Kept<Result<Arc<str>, NoPage>>,
    sites: Kept<Arc<Site>>,
    /// Pages under way.
    under_way: Semaphore,
    /// Pages being read.
    readers: Arc<Semaphore>,
}

impl Pages {
    /// Prepares to ask, for as many pages at once as the connections allow.
    pub fn new(http: &Http) -> Self {
        Self {
            texts: Kept::new(MOST_TEXTS.0, MOST_TEXTS.1, |text| text.as_ref().map_or(0, |text| text.len())),
            sites: Kept::new(MOST_SITES.0, MOST_SITES.1, |site| site.weight()),
            under_way: Semaphore::new((http.max_connections / SHARE_OF_CONNECTIONS).max(1)),
            readers: Arc::new(Semaphore::new(READ_AT_ONCE)),
        }
    }

    /// The text of the article at an address, one paragraph a line. What came of one address is kept for an hour.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn text(&self, fetcher: &Fetcher, url: &Url) -> Result<Arc<str>, NoPage> {
        if url.as_str().len() > LONGEST_ADDRESS {
            return Err(NoPage::LongAddress);
        }
        let name = canonical_link(url.as_str()).unwrap_or_else(|| url.to_string());
        let ask = async {
            let text = self.ask(fetcher, url).await;
            let life = if matches!(text, Err(NoPage::Busy { .. })) { Duration::ZERO } else { TEXT_LIFE };
            (text, life)
        };
        self.texts.get_or(&name, ask).await
    }

    async fn ask(&self, fetcher: &Fetcher, url: &Url) -> Result<Arc<str>, NoPage> {
        let (page, permit) = self.page(fetcher, url).await?;
        let reader = Arc::clone(&self.readers).acquire_owned().await;
        let read = move || {
            let text = extract(&page.bytes, page.content_type.as_deref());
            drop(reader);
            text
        };
        let text = tokio::task::spawn_blocking(read).await.ok().flatten();
        drop(permit);
        text.map(Arc::from).ok_or(NoPage::NoArticle)
    }

    /// Asks for a page and follows its redirects, each as far as the site it leads to allows.
    async fn page(&self, fetcher: &Fetcher, url: &Url) -> Result<(Page, Option<SemaphorePermit<'_>>), NoPage> {
        let want = Want::other(ACCEPT, TYPES, fetcher.max_body().min(MOST_BYTES), Beyond::Fail);
        let (mut url, mut time) = (url.clone(), fetcher.time());
        for _ in 0..=MAX_REDIRECTS {
            let site = self.site(fetcher, &url).await;
            site.admits(&url)?;
            let turn = site.turn().await;
            // others may have been told to go away meanwhile
            site.admits(&url)?;
            // never closed, and taken only now so that whoever waits for one site takes no place from others
            let permit = self.under_way.acquire().await.ok();
            let hop = fetcher.hop(&want, &url, &Validators::default(), &mut time).await.map_err(NoPage::Failed)?;
            drop(turn);
            match hop {
                Hop::Redirect { to, .. } => url = to,
                Hop::End(answer) if answer.busy_host.is_some() || matches!(answer.fetched, Fetched::NotAsked) => {
                    site.close(answer.pause);
                    return site.admits(&url).and(Err(NoPage::NoArticle));
                }
                Hop::End(answer) => return Ok((page(answer.fetched)?, permit)),
            }
        }
        Err(NoPage::Failed(FetchError::TooManyRedirects(MAX_REDIRECTS)))
    }

    async fn site(&self, fetcher: &Fetcher, url: &Url) -> Arc<Site> {
        let visit = async {
            let (site, life) = Site::visit(fetcher, url).await;
            (Arc::new(site), life)
        };
        self.sites.get_or(&url.origin().ascii_serialization(), visit).await
    }
}

fn page(fetched: Fetched) -> Result<Page, NoPage> {
    match fetched {
        Fetched::Page(page) => Ok(page),
        Fetched::Gone => Err(NoPage::Gone),
        Fetched::Failed(why) => Err(NoPage::Failed(why)),
        Fetched::NotModified(_) | Fetched::NotAsked => Err(NoPage::NoArticle),
    }
}
