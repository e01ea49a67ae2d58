//! A publisher of feeds.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::header::{IF_MODIFIED_SINCE, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use url::Url;

use super::{Record, serve_at};

/// What stands at a path.
#[derive(Clone)]
pub struct Page {
    status: StatusCode,
    fields: Vec<(&'static str, String)>,
    body: String,
}

impl Page {
    /// A feed.
    pub fn feed(body: impl Into<String>) -> Self {
        Self { status: StatusCode::OK, fields: Vec::new(), body: body.into() }.with("content-type", "application/xml")
    }

    /// A status with nothing to read.
    pub fn status(status: u16) -> Self {
        Self { status: StatusCode::from_u16(status).unwrap(), fields: Vec::new(), body: String::new() }
    }

    /// Adds a header field. With an `etag` or `last-modified`, conditional requests are answered as they should be.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.fields.push((name, value.to_owned()));
        self
    }

    fn answer(self, asked: &HeaderMap) -> Response {
        let mut response = if self.is_known(asked) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            (self.status, self.body).into_response()
        };
        for (name, value) in self.fields {
            response.headers_mut().insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        response
    }

    /// RFC 9110 §13.2.2: where both conditions are asked, the entity tag alone decides.
    fn is_known(&self, asked: &HeaderMap) -> bool {
        let field = |wanted| self.fields.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.as_bytes());
        match (asked.get(IF_NONE_MATCH), asked.get(IF_MODIFIED_SINCE)) {
            (Some(tag), _) => field("etag") == Some(tag.as_bytes()),
            (None, Some(date)) => field("last-modified") == Some(date.as_bytes()),
            (None, None) => false,
        }
    }
}

/// A server of feeds that can change while it runs.
pub struct FeedServer {
    address: SocketAddr,
    shelf: Arc<Mutex<Shelf>>,
}

#[derive(Default)]
struct Shelf {
    pages: HashMap<String, Page>,
    requests: HashMap<String, Arc<Record<HeaderMap>>>,
}

impl FeedServer {
    /// Starts one with nothing to serve.
    pub async fn start() -> Self {
        Self::start_at("127.0.0.1").await
    }

    /// Starts one at a loopback address, which is a host of its own.
    pub async fn start_at(host: &str) -> Self {
        let shelf = Arc::new(Mutex::new(Shelf::default()));
        let its_shelf = Arc::clone(&shelf);
        let router = Router::new().fallback(move |uri: Uri, asked: HeaderMap| {
            let answer = its_shelf.lock().unwrap().hand_out(uri.path(), asked);
            async move { answer }
        });
        Self { address: serve_at(host, router).await, shelf }
    }

    /// Puts a page at a path, in place of what stood there.
    pub fn publish(&self, path: &str, page: Page) {
        self.shelf.lock().unwrap().pages.insert(path.to_owned(), page);
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> Url {
        format!("http://{}{path}", self.address).parse().unwrap()
    }

    /// The header fields of every request for a path, in order.
    pub fn requests(&self, path: &str) -> Vec<HeaderMap> {
        self.shelf.lock().unwrap().record(path).all()
    }

    /// Waits for so many requests for a path.
    pub async fn wait_for(&self, path: &str, count: usize) {
        let record = self.shelf.lock().unwrap().record(path);
        record.wait_for(count).await;
    }
}

impl Shelf {
    fn hand_out(&mut self, path: &str, asked: HeaderMap) -> Response {
        let page = self.pages.get(path).cloned().unwrap_or_else(|| Page::status(404));
        let answer = page.answer(&asked);
        self.record(path).add(asked);
        answer
    }

    fn record(&mut self, path: &str) -> Arc<Record<HeaderMap>> {
        Arc::clone(self.requests.entry(path.to_owned()).or_insert_with(|| Arc::new(Record::new())))
    }
}
