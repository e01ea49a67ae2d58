//! A form sent to a server that may answer in a few words, with the manners of every other request.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header;
use reqwest::{Response, StatusCode};
use url::Url;

use super::limits::Crowd;
use super::refusal::Plea;
use super::room::Rooms;
use super::{Beyond, FetchError, Fetcher, MAX_REDIRECTS, Time, body, redirect, refusal};

/// The largest answer that is read, in bytes: it is for a line in the log.
const MAX_WORDS: u64 = 1_024;

/// A server did not take a form.
#[derive(Debug)]
pub struct Unposted {
    /// Why, with the server's words.
    pub why: String,
    /// For how long it wants to be left alone.
    pub pause: Duration,
    /// Whether its host wants that as a whole.
    whole_host: bool,
}

impl Unposted {
    /// The server was not asked at all.
    fn unasked(why: &str, pause: Duration) -> Self {
        Self { why: why.to_owned(), pause, whole_host: false }
    }
}

impl From<FetchError> for Unposted {
    fn from(why: FetchError) -> Self {
        Self { why: why.to_string(), pause: Duration::ZERO, whole_host: false }
    }
}

impl Fetcher {
    /// Sends a form (`application/x-www-form-urlencoded`). Redirects that keep the method (307, 308) are followed.
    ///
    /// # Errors
    /// If the server could not be asked, or did not answer with a success.
    pub async fn post(&self, url: &Url, form: &str) -> Result<(), Unposted> {
        let mut url = url.clone();
        for _ in 0..=MAX_REDIRECTS {
            match self.post_in_turn(&url, form).await? {
                Some(to) => url = to,
                None => return Ok(()),
            }
        }
        Err(FetchError::TooManyRedirects(MAX_REDIRECTS).into())
    }

    /// One request when it is the host's turn, in bounded time.
    async fn post_in_turn(&self, url: &Url, form: &str) -> Result<Option<Url>, Unposted> {
        self.guard.check(url)?;
        let permit = self.limits.wait(url.host_str().unwrap_or_default(), Crowd::Others).await;
        if permit.is_void() {
            return Err(Unposted::unasked("wirewatch was stopped", Duration::ZERO));
        }
        if let Some(pause) = permit.closed_for() {
            return Err(Unposted::unasked("its host wants to be left alone", pause));
        }
        let mut time = self.time();
        let posted = self.post_once(url, form, &mut time).await;
        if let Err(Unposted { pause, whole_host: true, .. }) = &posted {
            permit.close(*pause);
        }
        permit.give_back(self.timeout.saturating_sub(time.left()));
        posted
    }

    /// One request; gives back where the answer leads, if it leads anywhere.
    async fn post_once(&self, url: &Url, form: &str, time: &mut Time) -> Result<Option<Url>, Unposted> {
        let request = self.client.post(url.clone()).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let response = time.spend(request.body(form.to_owned()).send()).await?.map_err(FetchError::from)?;
        if let Some(peer) = response.remote_addr() {
            self.guard.check_address(peer.ip())?;
        }
        match response.status() {
            status if status.is_success() => Ok(None),
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => {
                Ok(Some(redirect::target(url, response.headers())?))
            }
            _ => Err(refused(response, &self.other_rooms, time).await),
        }
    }
}

async fn refused(response: Response, rooms: &Rooms, time: &mut Time) -> Unposted {
    let status = response.status();
    let Plea { pause, whole_host } = refusal::plea(status, response.headers(), Timestamp::now());
    let words = body::read(response, (MAX_WORDS, Beyond::Fail), rooms, time).await.unwrap_or_default();
    let words: String = String::from_utf8_lossy(&words.bytes).split_whitespace().collect::<Vec<_>>().join(" ");
    let why = if words.is_empty() { FetchError::Status(status).to_string() } else { format!("answered {status}: {words}") };
    Unposted { why, pause, whole_host }
}
