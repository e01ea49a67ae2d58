//! A collector at work in virtual time: real requests to scripted servers on loopback, a real state on disk, and a clock that
//! leaps from one poll to the next.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use wirewatch::config::Diagnostics;
use wirewatch::daemon::{Counts, Setup, collect};
use wirewatch::store::{SqliteStore, Store};

use super::{Record, enable_tls};

/// When everything begins: a Monday, at midnight UTC.
const START: Timestamp = Timestamp::constant(1_795_392_000, 0);

/// A clock that stands still until it is set.
#[derive(Clone)]
pub struct Time(Arc<Mutex<Timestamp>>);

impl Time {
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(START)))
    }

    pub fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap() = now;
    }

    /// Seconds since the beginning.
    pub fn seconds(&self) -> i64 {
        self.now().duration_since(START).as_secs()
    }
}

/// One request.
#[derive(Clone)]
pub struct Asked {
    /// Seconds since the beginning.
    pub at: i64,
    pub path: String,
    pub headers: HeaderMap,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers.get(name).map(HeaderValue::as_bytes)
    }

    pub fn is_conditional(&self) -> bool {
        self.headers.contains_key(header::IF_NONE_MATCH) || self.headers.contains_key(header::IF_MODIFIED_SINCE)
    }
}

/// A server that answers as a function says, and whose clock is the virtual one.
pub struct Scripted {
    address: SocketAddr,
    asked: Arc<Record<Asked>>,
}

impl Scripted {
    /// Starts one on a loopback address, such as `127.0.0.2`: each is a host of its own.
    pub async fn start(host: &str, time: &Time, script: impl Fn(&Asked) -> Response + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((host, 0)).await.unwrap();
        let (address, asked) = (listener.local_addr().unwrap(), Arc::new(Record::new()));
        let (its_asked, time, script) = (Arc::clone(&asked), time.clone(), Arc::new(script));
        let router = Router::new().fallback(move |uri: Uri, headers: HeaderMap| {
            let asked = Asked { at: time.seconds(), path: uri.path().to_owned(), headers };
            its_asked.add(asked.clone());
            let mut answer = script(&asked);
            answer.headers_mut().entry(header::DATE).or_insert_with(|| http_date(time.now()));
            async move { answer }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, asked }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Every request, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.all()
    }

    /// When a path was asked, in seconds since the beginning.
    pub fn times(&self, path: &str) -> Vec<i64> {
        self.asked().iter().filter(|asked| asked.path == path).map(|asked| asked.at).collect()
    }
}

/// A moment as a header field.
pub fn http_date(moment: Timestamp) -> HeaderValue {
    httpdate::fmt_http_date(moment.into()).parse().unwrap()
}

/// An answer with a status, header fields and a body.
pub fn answer(status: u16, fields: &[(&'static str, &str)], body: impl Into<String>) -> Response {
    let mut answer = (StatusCode::from_u16(status).unwrap(), body.into()).into_response();
    answer.headers_mut().remove(header::CONTENT_TYPE);
    for (name, value) in fields {
        answer.headers_mut().append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    answer
}

/// A small feed with an entity tag: 304 where it is known.
pub fn tagged(asked: &Asked, tag: &str, more: &[(&'static str, &str)]) -> Response {
    let fields: Vec<_> = [("etag", tag)].into_iter().chain(more.iter().copied()).collect();
    if asked.header("if-none-match") == Some(tag.as_bytes()) {
        return answer(304, &fields, "");
    }
    answer(200, &fields, feed(&[tag], ""))
}

/// An RSS feed of undated items with these ids, and something of its own to say.
pub fn feed(ids: &[&str], channel: &str) -> String {
    let item = |id: &&str| format!("<item><guid>{}</guid><title>Item</title></item>", id.replace(['"', '<', '&'], ""));
    let items: String = ids.iter().map(item).collect();
    format!("<rss version=\"2.0\"><channel><title>t</title><link>http://x.example/</link>{channel}{items}</channel></rss>")
}

fn setup(folder: &Path, config: &str) -> Arc<Setup> {
    let (state, file) = (folder.join("state.db"), folder.join("wirewatch.toml"));
    let head = format!("state = {{ url = \"sqlite:{}\" }}\nhttp = {{ allow_private_addresses = true }}", state.display());
    std::fs::write(&file, format!("{head}\n{config}\n[rules.never]\nwhen = 'zxqj'\n")).unwrap();
    let mut diagnostics = Diagnostics::default();
    let setup = Setup::load(&file, &mut diagnostics);
    Arc::new(setup.unwrap_or_else(|| panic!("{}", diagnostics.render(false))))
}

/// The collector with its state.
pub struct Desk {
    folder: TempDir,
    time: Time,
    setup: Arc<Setup>,
    store: Option<Arc<dyn Store>>,
}

impl Desk {
    /// A collector that may ask loopback addresses, at its first start.
    pub async fn open(time: &Time, config: &str) -> Self {
        enable_tls();
        let folder = tempfile::tempdir().unwrap();
        let setup = setup(folder.path(), config);
        let mut desk = Self { folder, time: time.clone(), setup, store: None };
        desk.restart().await;
        desk
    }

    /// Goes on with another configuration.
    pub async fn reconfigure(&mut self, config: &str) {
        self.setup = setup(self.folder.path(), config);
        self.restart().await;
    }

    /// Every alert and update that was put into the outbox, in order.
    pub fn told(&self) -> Vec<serde_json::Value> {
        let state = Connection::open(self.state()).unwrap();
        let mut outbox = state.prepare("SELECT document FROM outbox ORDER BY id").unwrap();
        let documents = outbox.query_map([], |row| row.get::<_, String>(0)).unwrap();
        documents.map(|document| serde_json::from_str(&document.unwrap()).unwrap()).collect()
    }

    /// What a query of the state gives.
    pub fn count(&self, query: &str) -> i64 {
        Connection::open(self.state()).unwrap().query_row(query, [], |row| row.get(0)).unwrap()
    }

    /// Ends as a power cut would, and starts again.
    pub async fn restart(&mut self) {
        self.store = None;
        let store: Arc<dyn Store> = loop {
            // the thread that owns the state lets go of its lock when it has noticed
            match SqliteStore::open(&self.state()) {
                Ok(store) => break Arc::new(store),
                Err(wirewatch::store::StoreError::InUse(_)) => tokio::task::yield_now().await,
                Err(why) => panic!("{why}"),
            }
        };
        store.adopt_feeds(self.setup.feed_addresses(), self.time.now()).await.unwrap();
        self.store = Some(store);
    }

    /// Visits whatever is due.
    pub async fn visit(&self) -> Counts {
        let (time, store) = (self.time.clone(), Arc::clone(self.store()));
        collect(Arc::clone(&self.setup), store, Arc::new(move || time.now()), CancellationToken::new()).await.unwrap()
    }

    /// Works until so many hours have passed since the beginning.
    pub async fn work_until(&mut self, hours: i64) {
        let end = START + SignedDuration::from_hours(hours);
        while self.step(end).await {}
        self.time.set(end);
    }

    /// As [`Desk::work_until`], but for a power cut after every visit.
    pub async fn work_restlessly_until(&mut self, hours: i64) {
        let end = START + SignedDuration::from_hours(hours);
        while self.step(end).await {
            self.restart().await;
        }
        self.time.set(end);
    }

    async fn step(&self, end: Timestamp) -> bool {
        let due = self.store().next_feed_due().await.unwrap().filter(|due| *due <= end);
        if let Some(due) = due {
            self.time.set(due.max(self.time.now()));
            self.visit().await;
        }
        due.is_some()
    }

    /// What the state says of a feed: a column, or with `$.` a part of its habits.
    pub fn kept(&self, feed: &str, what: &str) -> rusqlite::types::Value {
        let column = if what.starts_with("$.") { format!("json_extract(habits, '{what}')") } else { what.to_owned() };
        let state = Connection::open(self.state()).unwrap();
        state.query_row(&format!("SELECT {column} FROM feed WHERE name = ?1"), [feed], |row| row.get(0)).unwrap()
    }

    fn store(&self) -> &Arc<dyn Store> {
        self.store.as_ref().unwrap()
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state.db")
    }
}
