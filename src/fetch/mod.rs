//! One polite, bounded GET: conditional, capped in bytes and time, never to a private address.

mod body;
mod error;
pub mod guard;
mod limits;
mod redirect;
mod retry_after;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Response, StatusCode};
use tokio::time::Instant;
use url::Url;

pub use error::FetchError;
pub use guard::Guard;
pub use retry_after::retry_after;

use crate::config::Http;
use crate::model::Validators;
use limits::Limits;

/// How long a connection may take to stand, name and TLS included.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an unused connection is kept: long enough for feeds of one host in one pass and for the shortest pauses between
/// polls, short enough that thousands of hosts do not hold thousands of sockets.
const IDLE_CONNECTION: Duration = Duration::from_secs(30);

/// Redirects followed for one request (RFC 9110 §15.4 leaves the number open).
const MAX_REDIRECTS: usize = 5;

/// Feeds first, then whatever may turn out to be one.
const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, \
                      application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1";

/// How a request ended.
#[derive(Debug)]
pub enum Fetched {
    /// Nothing has changed since the validators were given out (304).
    NotModified,
    /// A whole body.
    Page(Page),
    /// There is nothing any more, for good (410).
    Gone,
    /// No body came.
    Failed {
        /// Why.
        error: FetchError,
        /// The earliest moment the server wants to be asked again (`Retry-After`).
        not_before: Option<Timestamp>,
    },
}

/// A whole body, decompressed.
#[derive(Debug)]
pub struct Page {
    /// Where it was found, after redirects.
    pub url: Url,
    /// The `Content-Type` field.
    pub content_type: Option<String>,
    /// What to ask with next time.
    pub validators: Validators,
    /// The body.
    pub bytes: Vec<u8>,
}

/// Makes requests, within the bounds that the configuration sets for all of them together.
#[derive(Debug)]
pub struct Fetcher {
    client: reqwest::Client,
    guard: Arc<Guard>,
    limits: Limits,
    max_body: u64,
    timeout: Duration,
}

/// An HTTP client that connects to no address the guard refuses by name; for literal addresses, and after each redirect, ask
/// [`Guard::check`]. It follows no redirects, retries nothing, keeps no cookies, and ignores proxies in the environment, which
/// would connect on our behalf to addresses we never see. The process must have installed its TLS provider.
///
/// # Errors
/// [`FetchError::Setup`] where the user agent is no header value or TLS cannot be set up.
pub fn client(http: &Http) -> Result<reqwest::Client, FetchError> {
    reqwest::Client::builder()
        .user_agent(&http.user_agent)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_CONNECTION)
        .pool_max_idle_per_host(http.max_connections_per_host)
        .dns_resolver(Guard::new(http))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .build()
        .map_err(|error| FetchError::Setup(error::root_cause(&error)))
}

impl Fetcher {
    /// Prepares to make requests.
    ///
    /// # Errors
    /// As [`client`].
    pub fn new(http: &Http) -> Result<Self, FetchError> {
        Ok(Self {
            client: client(http)?,
            guard: Arc::new(Guard::new(http)),
            limits: Limits::new(http.max_connections, http.max_connections_per_host),
            max_body: http.max_body,
            timeout: http.timeout,
        })
    }

    /// Asks for a URL, saying what is already known of it.
    pub async fn get(&self, url: &Url, validators: &Validators) -> Fetched {
        let conditions = conditions(validators);
        let mut url = url.clone();
        let mut left = self.timeout;
        for _ in 0..=MAX_REDIRECTS {
            match self.hop(&url, &conditions, &mut left).await {
                Ok(Hop::Redirect(next)) => url = next,
                Ok(Hop::End(fetched)) => return fetched,
                Err(error) => return Fetched::Failed { error, not_before: None },
            }
        }
        Fetched::Failed { error: FetchError::TooManyRedirects(MAX_REDIRECTS), not_before: None }
    }

    /// One request and its answer, in what is `left` of the time for all of them. Waiting for a turn costs nothing of it.
    async fn hop(&self, url: &Url, conditions: &HeaderMap, left: &mut Duration) -> Result<Hop, FetchError> {
        self.guard.check(url)?;
        let _permit = self.limits.wait(url.host_str().unwrap_or_default()).await;
        let started = Instant::now();
        let hop = tokio::time::timeout(*left, self.exchange(url, conditions)).await;
        *left = left.saturating_sub(started.elapsed());
        hop.unwrap_or(Err(FetchError::TooSlow(self.timeout)))
    }

    async fn exchange(&self, url: &Url, conditions: &HeaderMap) -> Result<Hop, FetchError> {
        let request = self
            .client
            .get(url.clone())
            .header(header::ACCEPT, ACCEPT)
            .header(header::ACCEPT_ENCODING, body::ACCEPT_ENCODING)
            .headers(conditions.clone());
        let response = request.send().await?;
        if let Some(peer) = response.remote_addr() {
            self.guard.check_address(peer.ip())?;
        }
        match response.status() {
            StatusCode::OK | StatusCode::NON_AUTHORITATIVE_INFORMATION => self.page(url, response).await,
            StatusCode::NOT_MODIFIED if !conditions.is_empty() => Ok(Hop::End(Fetched::NotModified)),
            StatusCode::GONE => Ok(Hop::End(Fetched::Gone)),
            status if redirect::is_followed(status) => redirect::target(url, response.headers()).map(Hop::Redirect),
            status => Ok(Hop::End(refusal(status, response.headers()))),
        }
    }

    async fn page(&self, url: &Url, response: Response) -> Result<Hop, FetchError> {
        let content_type = field(response.headers(), header::CONTENT_TYPE);
        let validators = Validators {
            etag: field(response.headers(), header::ETAG),
            last_modified: field(response.headers(), header::LAST_MODIFIED),
        };
        let bytes = body::read(response, self.max_body).await?;
        Ok(Hop::End(Fetched::Page(Page {
            url: url.clone(),
            content_type: content_type.map(|value| String::from_utf8_lossy(&value).into_owned()),
            validators,
            bytes,
        })))
    }
}

enum Hop {
    Redirect(Url),
    End(Fetched),
}

/// The request fields that make a GET conditional, with the very bytes the server gave (RFC 9110 §13.1.2 and §13.1.3).
fn conditions(validators: &Validators) -> HeaderMap {
    let known = [(header::IF_NONE_MATCH, &validators.etag), (header::IF_MODIFIED_SINCE, &validators.last_modified)];
    let pairs = known.into_iter().filter_map(|(name, value)| Some((name, HeaderValue::from_bytes(value.as_ref()?).ok()?)));
    pairs.collect()
}

fn field(headers: &HeaderMap, name: HeaderName) -> Option<Vec<u8>> {
    headers.get(name).map(|value| value.as_bytes().to_vec())
}

fn refusal(status: StatusCode, headers: &HeaderMap) -> Fetched {
    let wish = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    Fetched::Failed { error: FetchError::Status(status), not_before: wish.and_then(|wish| retry_after(wish, Timestamp::now())) }
}
