//! A site whose pages we want: what it lets us read, how often, and whether it wants to be left alone.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::StatusCode;
use tokio::time::Instant;
use url::{Position, Url};

use super::NoPage;
use super::robots::{self, Robots};
use crate::fetch::{Beyond, FetchError, Fetched, Fetcher, Want};
use crate::model::Validators;

/// How long what a site allows is believed (RFC 9309 §2.4 allows no more).
const ROBOTS_LIFE: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a site whose `robots.txt` cannot be had is left alone.
const CLOSED_LIFE: Duration = Duration::from_secs(60 * 60);
/// The longest pause between two pages that is waited for, whatever `Crawl-delay` asks.
const LONGEST_DELAY: Duration = Duration::from_secs(10);

/// A text file of any name; the beginning of a long one is enough.
const ROBOTS: Want = Want::other("text/plain, */*;q=0.1", &[], robots::MOST_BYTES, Beyond::Cut);

/// What is known of a site.
#[derive(Debug)]
pub(super) struct Site {
    host: String,
    /// What it lets us read; nothing, for this reason, where that could not be learnt.
    robots: Result<Robots, NoPage>,
    /// When it may be asked for the next page.
    next: tokio::sync::Mutex<Option<Instant>>,
    /// Until when it wants to be left alone.
    closed_until: Mutex<Option<Instant>>,
}

/// The right to ask for one page; others wait until it is given back.
pub(super) struct Turn<'s> {
    next: tokio::sync::MutexGuard<'s, Option<Instant>>,
    delay: Option<Duration>,
}

impl Site {
    /// Asks the site of a page what it lets us read, and tells how long that is to be believed.
    pub(super) async fn visit(fetcher: &Fetcher, page: &Url) -> (Self, Duration) {
        let mut url = page.clone();
        url.set_path("/robots.txt");
        url.set_query(None);
        let answer = fetcher.get_as(&ROBOTS, &url, &Validators::default()).await;
        let is_busy = answer.busy_host.is_some() || matches!(answer.fetched, Fetched::NotAsked);
        let robots = if is_busy { Ok(Robots::closed()) } else { allowed(answer.fetched) };
        let life = if is_busy {
            answer.pause
        } else if robots.is_ok() {
            ROBOTS_LIFE
        } else {
            CLOSED_LIFE
        };
        let host = page.host_str().unwrap_or_default().to_owned();
        let site = Self { host, robots, next: tokio::sync::Mutex::default(), closed_until: Mutex::default() };
        if is_busy {
            site.close(answer.pause);
        }
        (site, life)
    }

    /// Whether a page may be asked for.
    pub(super) fn admits(&self, url: &Url) -> Result<&Robots, NoPage> {
        let closed = *self.closed_until.lock().unwrap_or_else(PoisonError::into_inner);
        let left = closed.map(|until| until.saturating_duration_since(Instant::now())).filter(|left| !left.is_zero());
        if let Some(left) = left {
            return Err(NoPage::Busy { host: self.host.clone(), pause: left });
        }
        let robots = self.robots.as_ref().map_err(Clone::clone)?;
        robots.allows(&url[Position::BeforePath..Position::AfterQuery]).then_some(robots).ok_or(NoPage::Forbidden)
    }

    /// Leaves the site alone for a while.
    pub(super) fn close(&self, pause: Duration) {
        *self.closed_until.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now().checked_add(pause);
    }

    /// Waits until the site may be asked: one page at a time, and with the pauses it asks for.
    pub(super) async fn turn(&self) -> Turn<'_> {
        let next = self.next.lock().await;
        if let Some(next) = *next {
            tokio::time::sleep_until(next).await;
        }
        let delay = self.robots.as_ref().ok().and_then(Robots::delay);
        Turn { next, delay: delay.map(|delay| delay.min(LONGEST_DELAY)) }
    }

    pub(super) fn weight(&self) -> usize {
        self.robots.as_ref().map_or(0, Robots::weight)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.next = self.delay.map(|delay| Instant::now() + delay);
    }
}

/// What a site allows by what came of asking for its `robots.txt` (RFC 9309 §2.3.1): everything where it has none or one redirects too
/// often, nothing where it cannot be reached or its server fails.
fn allowed(fetched: Fetched) -> Result<Robots, NoPage> {
    match fetched {
        Fetched::Page(page) => Ok(Robots::parse(&page.bytes)),
        Fetched::Gone | Fetched::Failed(FetchError::TooManyRedirects(_)) => Ok(Robots::default()),
        Fetched::Failed(FetchError::Status(status)) if status.is_client_error() || status == StatusCode::NO_CONTENT => {
            Ok(Robots::default())
        }
        Fetched::Failed(why) => Err(NoPage::NoRobots(why.to_string())),
        Fetched::NotModified(_) | Fetched::NotAsked => Err(NoPage::NoRobots("it was not sent".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(robots: &str) -> Site {
        let robots = Ok(Robots::parse(robots.as_bytes()));
        Site { host: "a.example".to_owned(), robots, next: tokio::sync::Mutex::default(), closed_until: Mutex::default() }
    }

    /// How long the second of two pages waits, in seconds.
    async fn pause(robots: &str) -> u64 {
        let site = site(robots);
        drop(site.turn().await);
        let started = Instant::now();
        drop(site.turn().await);
        started.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn pages_of_one_site_come_with_the_pauses_it_asks_for_within_bounds() {
        assert_eq!(pause("").await, 0);
        assert_eq!(pause("User-agent: *\nCrawl-delay: 3").await, 3);
        assert_eq!(pause("User-agent: *\nCrawl-delay: 86400").await, LONGEST_DELAY.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn a_site_that_is_closed_admits_nothing_until_its_time_is_over() {
        let (site, page) = (site("User-agent: *\nDisallow: /a?b"), "https://a.example/a".parse().unwrap());
        site.close(Duration::from_secs(60));
        let busy = NoPage::Busy { host: "a.example".to_owned(), pause: Duration::from_secs(60) };
        assert_eq!(site.admits(&page), Err(busy));
        tokio::time::advance(Duration::from_secs(61)).await;
        assert!(site.admits(&page).is_ok());
        assert_eq!(site.admits(&"https://a.example/a?b=1#c".parse().unwrap()), Err(NoPage::Forbidden));
    }

    #[test]
    fn without_a_file_all_is_allowed_and_without_an_answer_nothing() {
        let status = |status| Fetched::Failed(FetchError::Status(StatusCode::from_u16(status).unwrap()));
        let opens = |fetched| allowed(fetched).is_ok_and(|robots| robots.allows("/"));
        for open in [status(404), status(401), status(403), status(204), Fetched::Gone] {
            assert!(opens(open));
        }
        assert!(opens(Fetched::Failed(FetchError::TooManyRedirects(5))));
        for closed in [status(500), status(503), status(304), Fetched::Failed(FetchError::TooSlow(Duration::ZERO))] {
            assert!(!opens(closed));
        }
    }
}
