//! One polite, bounded GET: conditional, capped in bytes and time, never to a private address.

mod body;
mod credentials;
mod error;
mod freshness;
pub mod guard;
mod limits;
mod link;
mod post;
mod redirect;
mod refusal;
mod retry_after;
mod room;
mod time;
mod tls;
mod want;

use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use jiff::Timestamp;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Response, StatusCode};
use url::Url;

pub use credentials::with_credentials_of;
pub use error::FetchError;
pub use guard::Guard;
pub use link::{Link, links};
pub use post::Unposted;
pub use room::Space;
pub use time::Time;
pub use want::{Beyond, Want};

use crate::config::Http;
use crate::model::Validators;
use body::Body;
use limits::{Crowd, Limits};
use room::Rooms;

/// How long a connection may take to stand, name and TLS included.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an unused connection is kept: long enough for feeds of one host in one pass and for the shortest pauses between
/// polls, short enough that thousands of hosts do not hold thousands of sockets.
const IDLE_CONNECTION: Duration = Duration::from_secs(30);

/// Redirects followed for one request (RFC 9110 §15.4 leaves the number open).
pub const MAX_REDIRECTS: usize = 5;

/// Bytes that all large feeds may have together in one room; one of the largest is always let in. What is no feed has half as much.
const ROOM: u64 = 8 << 20;

/// `Link` fields kept of one answer.
const MAX_LINKS: usize = 20;

/// What a request came to, and what the server asks of us.
#[derive(Debug)]
pub struct Answer {
    /// What came.
    pub fetched: Fetched,
    /// For how long the server wants to be left alone: what it sent stays fresh, or it is busy (`Retry-After`). Zero where it
    /// does not say.
    pub pause: Duration,
    /// The host that wants to be left alone as a whole for that long.
    pub busy_host: Option<String>,
    /// Where the address has moved for good: as far as permanent redirects alone lead (301, 308).
    pub moved: Option<Url>,
}

/// How a request ended.
#[derive(Debug)]
pub enum Fetched {
    /// Nothing has changed since the validators were given out (304). The validators to ask with from now on: the old ones, but
    /// for those that came anew (RFC 9111 §4.3.4).
    NotModified(Validators),
    /// A whole body.
    Page(Page),
    /// There is nothing any more, for good (410).
    Gone,
    /// No body came, for this reason.
    Failed(FetchError),
    /// Nobody was asked: while the request waited for its turn, the host told others that it wants to be left alone, or the
    /// fetcher was closed.
    NotAsked,
}

/// A whole body, decompressed.
#[derive(Debug)]
pub struct Page {
    /// Where it was found, after redirects; without credentials, for what it names is told to others.
    pub url: Url,
    /// The `Content-Type` field.
    pub content_type: Option<String>,
    /// What to ask with next time.
    pub validators: Validators,
    /// The `Link` fields (RFC 8288).
    pub links: Vec<String>,
    /// The body.
    pub bytes: Vec<u8>,
    /// The room that it takes, to be kept for as long as anything is made of it: other large bodies wait.
    pub space: Space,
}

/// Makes requests, within the bounds that the configuration sets for all of them together.
#[derive(Debug)]
pub struct Fetcher {
    client: reqwest::Client,
    guard: Guard,
    limits: Arc<Limits>,
    rooms: Arc<Rooms>,
    /// For what is no feed: whoever sends pages slowly keeps no feed waiting.
    other_rooms: Arc<Rooms>,
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
    client_behind(&Guard::new(http), http)
}

/// A client whose names are resolved by a guard. Connections are never shared between guards: one that was opened where it was
/// allowed would else serve where it is not.
fn client_behind(guard: &Guard, http: &Http) -> Result<reqwest::Client, FetchError> {
    reqwest::Client::builder()
        .user_agent(&http.user_agent)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_CONNECTION)
        .pool_max_idle_per_host(http.max_connections_per_host)
        .dns_resolver(guard.clone())
        .tls_backend_preconfigured(tls::config()?)
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
        Self::behind(Guard::new(http), http)
    }

    /// Prepares to make requests behind a guard.
    ///
    /// # Errors
    /// As [`client`].
    pub fn behind(guard: Guard, http: &Http) -> Result<Self, FetchError> {
        Ok(Self {
            client: client_behind(&guard, http)?,
            guard,
            limits: Arc::new(Limits::new(http.max_connections, http.max_connections_per_host)),
            rooms: Arc::new(Rooms::new(http.max_body.max(ROOM))),
            other_rooms: Arc::new(Rooms::new(ROOM / 2)),
            max_body: http.max_body,
            timeout: http.timeout,
        })
    }

    /// One for whom further networks are open, and who queues with all others for turns and for room.
    ///
    /// # Errors
    /// As [`client`].
    pub fn allowing(&self, http: &Http, networks: &[IpNet]) -> Result<Self, FetchError> {
        let (limits, rooms, other_rooms) = (Arc::clone(&self.limits), Arc::clone(&self.rooms), Arc::clone(&self.other_rooms));
        Ok(Self { limits, rooms, other_rooms, ..Self::new(&http.allowing(networks))? })
    }

    /// Makes no more requests; those under way go on, for all who share turns with this one.
    pub fn close(&self) {
        self.limits.close();
    }

    /// Asks for a feed, saying what is already known of it.
    pub async fn get(&self, url: &Url, validators: &Validators) -> Answer {
        self.get_as(&Want::feed(self.max_body), url, validators).await
    }

    /// Asks for a document of some kind.
    pub async fn get_as(&self, want: &Want, url: &Url, validators: &Validators) -> Answer {
        let (mut url, mut time) = (url.clone(), self.time());
        let (mut moved, mut for_good) = (None, true);
        for _ in 0..=MAX_REDIRECTS {
            match self.hop(want, &url, validators, &mut time).await {
                Ok(Hop::Redirect { to, permanent }) => {
                    for_good &= permanent;
                    moved = if for_good { Some(to.clone()) } else { moved };
                    url = to;
                }
                Ok(Hop::End(answer)) => return Answer { moved, ..*answer },
                Err(error) => return Answer::of(Fetched::Failed(error)),
            }
        }
        Answer::of(Fetched::Failed(FetchError::TooManyRedirects(MAX_REDIRECTS)))
    }

    /// The time that servers have for one document, all requests together.
    pub fn time(&self) -> Time {
        Time::new(self.timeout)
    }

    /// The largest body that is taken where nothing else is said, in bytes.
    pub fn max_body(&self) -> u64 {
        self.max_body
    }

    /// One request and its answer, in what is left of the time for all of them. Waiting for a turn or for room costs nothing of it. Whoever
    /// has to look at each address before it is asked follows redirects by hand.
    ///
    /// # Errors
    /// If there is no answer, or none that can be used.
    pub async fn hop(&self, want: &Want, url: &Url, validators: &Validators, time: &mut Time) -> Result<Hop, FetchError> {
        self.guard.check(url)?;
        let permit = self.limits.wait(url.host_str().unwrap_or_default(), want.crowd).await;
        if permit.is_void() {
            return Ok(Hop::End(Box::new(Answer::of(Fetched::NotAsked))));
        }
        if let Some(pause) = permit.closed_for() {
            return Ok(Hop::End(Box::new(Answer { pause, ..Answer::of(Fetched::NotAsked) })));
        }
        let before = time.left();
        let hop = self.exchange(want, url, validators, time).await;
        if let Ok(Hop::End(answer)) = &hop
            && answer.busy_host.is_some()
        {
            permit.close(answer.pause);
        }
        permit.give_back(before.saturating_sub(time.left()));
        hop
    }

    async fn exchange(&self, want: &Want, url: &Url, validators: &Validators, time: &mut Time) -> Result<Hop, FetchError> {
        let conditions = conditions(validators);
        let request = self
            .client
            .get(url.clone())
            .header(header::ACCEPT, want.accept)
            .header(header::ACCEPT_ENCODING, body::ACCEPT_ENCODING)
            .headers(conditions.clone());
        let response = time.spend(request.send()).await??;
        if let Some(peer) = response.remote_addr() {
            self.guard.check_address(peer.ip())?;
        }
        let pause = freshness::freshness(response.headers(), Timestamp::now());
        let (status, headers) = (response.status(), response.headers());
        let fetched = match status {
            StatusCode::OK | StatusCode::NON_AUTHORITATIVE_INFORMATION => {
                let rooms = if want.crowd == Crowd::Feeds { &self.rooms } else { &self.other_rooms };
                Fetched::Page(page(want, url, response, rooms, time).await?)
            }
            StatusCode::NOT_MODIFIED if !conditions.is_empty() => Fetched::NotModified(given(headers).or(validators)),
            status if redirect::is_followed(status) => {
                return Ok(Hop::Redirect { to: redirect::target(url, headers)?, permanent: redirect::is_permanent(status) });
            }
            status => return Ok(Hop::End(Box::new(refusal(url, status, headers)))),
        };
        Ok(Hop::End(Box::new(Answer { pause, ..Answer::of(fetched) })))
    }
}

/// How one request ended.
#[derive(Debug)]
pub enum Hop {
    /// With the address of another.
    Redirect {
        /// Where to.
        to: Url,
        /// Whether for good (301, 308).
        permanent: bool,
    },
    /// With an answer.
    End(Box<Answer>),
}

async fn page(want: &Want, url: &Url, response: Response, rooms: &Rooms, time: &mut Time) -> Result<Page, FetchError> {
    let content_type = field(response.headers(), header::CONTENT_TYPE);
    want.check_type(content_type.as_deref())?;
    let validators = given(response.headers());
    let links = response.headers().get_all(header::LINK).iter();
    let links = links.take(MAX_LINKS).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect();
    let Body { bytes, space } = body::read(response, (want.most, want.beyond), rooms, time).await?;
    Ok(Page {
        url: credentials::without_credentials(url),
        content_type: content_type.map(|value| String::from_utf8_lossy(&value).into_owned()),
        validators,
        links,
        bytes,
        space,
    })
}

impl Answer {
    /// An answer in which the server asks for nothing.
    fn of(fetched: Fetched) -> Self {
        Self { fetched, pause: Duration::ZERO, busy_host: None, moved: None }
    }
}

/// The request fields that make a GET conditional, with the very bytes the server gave (RFC 9110 §13.1.2 and §13.1.3).
fn conditions(validators: &Validators) -> HeaderMap {
    let known = [(header::IF_NONE_MATCH, &validators.etag), (header::IF_MODIFIED_SINCE, &validators.last_modified)];
    let pairs = known.into_iter().filter_map(|(name, value)| Some((name, HeaderValue::from_bytes(value.as_ref()?).ok()?)));
    pairs.collect()
}

fn given(headers: &HeaderMap) -> Validators {
    Validators { etag: field(headers, header::ETAG), last_modified: field(headers, header::LAST_MODIFIED) }
}

fn field(headers: &HeaderMap, name: HeaderName) -> Option<Vec<u8>> {
    headers.get(name).map(|value| value.as_bytes().to_vec())
}

fn refusal(url: &Url, status: StatusCode, headers: &HeaderMap) -> Answer {
    let plea = refusal::plea(status, headers, Timestamp::now());
    let fetched = match status {
        StatusCode::GONE => Fetched::Gone,
        status => Fetched::Failed(FetchError::Status(status)),
    };
    let busy_host = plea.whole_host.then(|| url.host_str().unwrap_or_default().to_owned());
    Answer { pause: plea.pause, busy_host, ..Answer::of(fetched) }
}
