//! Clients that send slowly, read slowly, or come in droves. Time is virtual: nobody waits for real.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use wirewatch::config::{self, Diagnostics};
use wirewatch::metrics::Metrics;
use wirewatch::server::{self, Access, CONNECTION_TIME, Desk, HEAD_TIME, LATE, Listening, Punctuality};
use wirewatch::store::{SqliteStore, Store};

/// A server with a state of its own, and no daemon around it.
struct Counter {
    address: SocketAddr,
    store: Arc<SqliteStore>,
    stop: CancellationToken,
    _folder: TempDir,
}

impl Counter {
    /// One that takes the time to be so much later than it is.
    async fn open(later: SignedDuration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wirewatch.toml");
        std::fs::write(&path, "[server]\nlisten = \"127.0.0.1:0\"\n").unwrap();
        let server = config::load(&path, &mut Diagnostics::default()).server.unwrap();
        let store = Arc::new(SqliteStore::open(&folder.path().join("state.db")).unwrap());
        let listening = Listening::open(Some(&server)).unwrap().unwrap();
        let (address, stop) = (listening.address(), CancellationToken::new());
        let desk = Desk {
            metrics: Arc::new(Metrics::default()),
            store: Arc::clone(&store) as Arc<dyn Store>,
            access: Access::new(&server),
            subscriber: None,
            max_body: 1 << 20,
            punctuality: Punctuality { since: Timestamp::now(), limited: false },
            clock: Arc::new(move || Timestamp::now() + later),
        };
        tokio::spawn(server::serve(listening, Arc::new(desk), stop.clone()));
        Self { address, store, stop, _folder: folder }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// All that comes after this has been sent.
    async fn answer(&self, request: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        rest(&mut stream).await
    }
}

/// What comes until the connection ends, however it does.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

const HEALTH: &str = "GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n";

#[tokio::test(start_paused = true)]
async fn a_head_that_never_ends_is_waited_for_in_bounds() {
    let counter = Counter::open(SignedDuration::ZERO).await;
    let (mut stream, began) = (counter.connect().await, Instant::now());
    stream.write_all(b"GET /healthz HTTP/1.1\r\n").await.unwrap();
    let mut sent = 0;
    // a byte a second would keep it open for ever if only silence were bounded
    let mut buffer = [0; 256];
    loop {
        tokio::select! {
            read = stream.read(&mut buffer) => if read.is_ok_and(|count| count > 0) { continue } else { break },
            () = tokio::time::sleep(Duration::from_secs(1)) => {
                sent += 1;
                if stream.write_all(b"a").await.is_err() { break }
            }
        }
    }
    assert!(began.elapsed() <= HEAD_TIME + Duration::from_secs(2), "{:?}", began.elapsed());
    assert!(sent > 1);
}

#[tokio::test(start_paused = true)]
async fn silence_before_and_between_requests_is_bounded_too() {
    let counter = Counter::open(SignedDuration::ZERO).await;
    let (mut silent, began) = (counter.connect().await, Instant::now());
    assert_eq!(rest(&mut silent).await, "");
    assert!(began.elapsed() <= HEAD_TIME + Duration::from_secs(1), "{:?}", began.elapsed());
    let (mut idle, began) = (counter.connect().await, Instant::now());
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").await.unwrap();
    assert!(rest(&mut idle).await.ends_with("alive\n"));
    assert!(began.elapsed() <= CONNECTION_TIME + HEAD_TIME, "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_in_droves_keeps_others_waiting_for_a_while_and_no_longer() {
    let counter = Counter::open(SignedDuration::ZERO).await;
    let mut crowd = Vec::new();
    for _ in 0..200 {
        crowd.push(counter.connect().await);
    }
    let began = Instant::now();
    assert!(counter.answer(HEALTH).await.ends_with("alive\n"));
    assert!(began.elapsed() <= 5 * HEAD_TIME, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_head_beyond_all_measure_is_refused() {
    let counter = Counter::open(SignedDuration::ZERO).await;
    let fields = format!("GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nx: {}\r\n\r\n", "a".repeat(20_000));
    assert!(counter.answer(&fields).await.starts_with("HTTP/1.1 431 "));
    let many = format!("GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n{}\r\n", "a: b\r\n".repeat(200));
    assert!(counter.answer(&many).await.starts_with("HTTP/1.1 431 "));
    let path = format!("GET /{} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n", "a".repeat(20_000));
    assert!(counter.answer(&path).await.starts_with("HTTP/1.1 4"));
    assert!(counter.answer("nonsense\r\n\r\n").await.starts_with("HTTP/1.1 400 "));
    assert!(counter.answer(HEALTH).await.ends_with("alive\n"));
}

#[tokio::test]
async fn a_schedule_that_is_not_kept_makes_it_not_ready_but_alive() {
    let counter = Counter::open(LATE + SignedDuration::from_secs(30)).await;
    let ready = "GET /readyz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n";
    assert!(counter.answer(ready).await.ends_with("ready\n"), "no feed, nothing to be late for");
    let feeds = vec![("news".to_owned(), "https://news.example/feed".to_owned())];
    counter.store.adopt_feeds(feeds, Timestamp::now()).await.unwrap();
    let answer = counter.answer(ready).await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("not ready: polling is behind its schedule by 3"), "{answer}");
    assert!(counter.answer(HEALTH).await.ends_with("alive\n"));
}

#[tokio::test]
async fn told_to_stop_it_answers_what_was_asked_and_closes() {
    let counter = Counter::open(SignedDuration::ZERO).await;
    let mut stream = counter.connect().await;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").await.unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.unwrap();
    counter.stop.cancel();
    assert!(rest(&mut stream).await.ends_with("alive\n"));
}

#[tokio::test(start_paused = true)]
async fn whoever_does_not_read_an_answer_is_let_go() {
    let counter = Counter::open(SignedDuration::ZERO).await;
    let feed = |number: usize| (format!("feed-{number:05}"), format!("https://news.example/{number}"));
    counter.store.adopt_feeds((0..20_000).map(feed).collect(), Timestamp::now()).await.unwrap();
    let (mut stream, began) = (counter.connect().await, Instant::now());
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").await.unwrap();
    tokio::time::sleep(CONNECTION_TIME + Duration::from_secs(10)).await;
    let answer = rest(&mut stream).await;
    assert!(began.elapsed() <= CONNECTION_TIME + Duration::from_secs(11), "{:?}", began.elapsed());
    assert!(!answer.contains("# EOF"), "all of {} bytes fitted into the buffers", answer.len());
}
