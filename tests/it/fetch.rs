//! The fetcher against real servers on loopback.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wirewatch::config::Http;
use wirewatch::fetch::{Answer, FetchError, Fetched, Fetcher, Page};
use wirewatch::model::Validators;

const CAP: u64 = 64 * 1024;

fn http() -> Http {
    // a second installation, by a test that ran before, changes nothing
    let _ = rustls::crypto::ring::default_provider().install_default();
    Http {
        user_agent: "wirewatch-test/1".into(),
        max_body: CAP,
        timeout: Duration::from_secs(20),
        max_connections: 8,
        max_connections_per_host: 2,
        allow_private_addresses: true,
        allow_networks: vec![],
    }
}

async fn ask(http: &Http, url: &str, validators: &Validators) -> Answer {
    Fetcher::new(http).unwrap().get(&url.parse().unwrap(), validators).await
}

async fn fetch(url: &str) -> Answer {
    ask(&http(), url, &Validators::default()).await
}

#[track_caller]
fn page(answer: Answer) -> Page {
    match answer.fetched {
        Fetched::Page(page) => page,
        other => panic!("no page: {other:?}"),
    }
}

#[track_caller]
fn failure(answer: Answer) -> FetchError {
    match answer.fetched {
        Fetched::Failed(error) => error,
        other => panic!("no failure: {other:?}"),
    }
}

async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

/// A server that says exactly these bytes to everybody and then hangs up, or keeps the line open.
async fn serve_bytes(at: &str, answer: Vec<u8>, hang_up: bool) -> String {
    let listener = TcpListener::bind(at).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(&answer).await;
                if !hang_up {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    format!("http://{address}")
}

/// A server whose body goes on for as long as anybody listens, a chunk at a time.
async fn serve_without_end(pause: Duration, chunk: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await;
        let mut answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned();
        while stream.write_all(answer.as_bytes()).await.is_ok() {
            answer.clone_from(&chunk);
            tokio::time::sleep(pause).await;
        }
    });
    format!("http://{address}")
}

/// A port that counts who comes.
async fn count_visitors() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let visitors = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&visitors);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    (address, visitors)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn field(name: HeaderName, value: &str) -> (HeaderName, HeaderValue) {
    (name, HeaderValue::from_bytes(value.as_bytes()).unwrap())
}

#[tokio::test]
async fn validators_come_back_byte_for_byte() {
    for etag in ["\"x\"", "W/\"x\"", "unquoted", "\"with spaces and é\"", ""] {
        let server = serve(Router::new().route(
            "/",
            get(move |headers: HeaderMap| async move {
                let known = headers.get(header::IF_NONE_MATCH).map(HeaderValue::as_bytes);
                let since = headers.get(header::IF_MODIFIED_SINCE).map(HeaderValue::as_bytes);
                if known == Some(etag.as_bytes()) && since == Some(b"yesterday, about noon") {
                    return StatusCode::NOT_MODIFIED.into_response();
                }
                let given = [field(header::ETAG, etag), field(header::LAST_MODIFIED, "yesterday, about noon")];
                (given, "body").into_response()
            }),
        ));
        let server = server.await;
        let first = page(fetch(&server).await);
        assert_eq!(first.validators.etag.as_deref(), Some(etag.as_bytes()));
        let second = ask(&http(), &server, &first.validators).await;
        assert!(matches!(second.fetched, Fetched::NotModified(validators) if validators == first.validators), "{etag}");
    }
}

#[tokio::test]
async fn not_modified_without_a_condition_is_a_fault() {
    let server = serve(Router::new().route("/", get(|| async { StatusCode::NOT_MODIFIED }))).await;
    assert_eq!(failure(fetch(&server).await).to_string(), "answered 304 Not Modified");
}

#[tokio::test]
async fn a_request_names_wirewatch_and_carries_neither_cookie_nor_referer() {
    let echo = |headers: HeaderMap| async move {
        let names: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        ([(header::SET_COOKIE, "a=b")], names.join("\n"))
    };
    let server = serve(Router::new().route("/", get(echo))).await;
    let fetcher = Fetcher::new(&http()).unwrap();
    let url = server.parse().unwrap();
    fetcher.get(&url, &Validators::default()).await;
    let request = String::from_utf8(page(fetcher.get(&url, &Validators::default()).await).bytes).unwrap();
    assert!(request.contains("user-agent: wirewatch-test/1"), "{request}");
    assert!(request.contains("accept-encoding: gzip, br"), "{request}");
    assert!(!request.contains("cookie") && !request.contains("referer"), "{request}");
}

#[tokio::test]
async fn redirects_are_followed_five_times_and_no_more() {
    let step = |Path(left): Path<u32>| async move {
        match left {
            0 => "there".into_response(),
            _ => (StatusCode::FOUND, [(header::LOCATION, format!("{}", left - 1))]).into_response(),
        }
    };
    let server = serve(Router::new().route("/{left}", get(step))).await;
    let there = page(fetch(&format!("{server}/5")).await);
    assert_eq!((there.bytes.as_slice(), there.url.as_str()), (b"there".as_slice(), format!("{server}/0").as_str()));
    assert_eq!(failure(fetch(&format!("{server}/6")).await), FetchError::TooManyRedirects(5));
}

/// Every way to write the address of a listener on loopback that needs no resolver but one.
fn spellings(inside: SocketAddr) -> Vec<String> {
    let hosts =
        ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "127.0.0.1.", "[::ffff:127.0.0.1]", "localhost", "0"];
    hosts.iter().map(|host| format!("http://{host}:{}/", inside.port())).collect()
}

#[tokio::test]
async fn a_private_address_is_refused_in_every_spelling_before_anybody_connects() {
    let (inside, visitors) = count_visitors().await;
    let guarded = Http { allow_private_addresses: false, ..http() };
    for url in spellings(inside) {
        let error = failure(ask(&guarded, &url, &Validators::default()).await);
        assert!(matches!(error, FetchError::Refused { .. }), "{url}: {error}");
    }
    assert_eq!(visitors.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_refused_before_anybody_connects() {
    let (inside, visitors) = count_visitors().await;
    let elsewhere = vec!["127.0.0.2/32".parse().unwrap()];
    let guarded = Http { allow_private_addresses: false, allow_networks: elsewhere, ..http() };
    for target in spellings(inside) {
        let answer = format!("HTTP/1.1 301 Moved\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n");
        let server = serve_bytes("127.0.0.2:0", answer.into_bytes(), true).await;
        let error = failure(ask(&guarded, &server, &Validators::default()).await);
        assert!(matches!(error, FetchError::Refused { .. }), "{target}: {error}");
    }
    assert_eq!(visitors.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn codings_are_undone_and_every_gzip_member_is_read() {
    let body = [gzip(b"one, "), gzip(&[b'x'; 40_000])].concat();
    let server = serve(Router::new().route("/", get(|| async { ([(header::CONTENT_ENCODING, "gzip")], body) }))).await;
    let page = page(fetch(&server).await);
    assert_eq!(page.bytes.len(), 40_005);
    assert!(page.bytes.starts_with(b"one, xxx"));
}

#[tokio::test]
async fn a_large_compressed_body_is_read_too() {
    let noise: Vec<u8> = std::iter::repeat_with(|| fastrand::u8(..)).take(60_000).collect();
    let body = gzip(&noise);
    assert!(body.len() > 16 * 1024);
    let server = serve(Router::new().route("/", get(|| async { ([(header::CONTENT_ENCODING, "gzip")], body) }))).await;
    assert_eq!(page(fetch(&server).await).bytes, noise);
}

#[tokio::test]
async fn bodies_beyond_the_cap_are_refused_plain_endless_or_compressed() {
    let bomb = gzip(&vec![0; 8 << 20]);
    let router = Router::new()
        .route("/plain", get(|| async { vec![b'x'; CAP as usize + 1] }))
        .route("/bomb", get(|| async { ([(header::CONTENT_ENCODING, "gzip")], bomb) }));
    let server = serve(router).await;
    let endless = serve_without_end(Duration::ZERO, "400\r\n".to_owned() + &"x".repeat(1024) + "\r\n").await;
    for url in [format!("{server}/plain"), endless, format!("{server}/bomb")] {
        let error = failure(fetch(&url).await);
        assert_eq!(error.to_string(), "the body is larger than 64 KiB", "{url}");
    }
}

#[tokio::test]
async fn a_cut_body_is_a_failure_and_never_a_short_page() {
    let by_length = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>".to_vec();
    let by_chunk = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n".to_vec();
    let whole = gzip(&[b'x'; 10_000]);
    let mut by_trailer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n".to_vec();
    by_trailer.extend_from_slice(&whole[..whole.len() - 4]);
    for answer in [by_length, by_chunk, by_trailer] {
        let server = serve_bytes("127.0.0.1:0", answer, true).await;
        let error = failure(fetch(&server).await);
        assert!(matches!(error, FetchError::Cut(_) | FetchError::Undecodable { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_that_drips_or_never_comes_ends_with_the_time_out() {
    let brief = Http { timeout: Duration::from_millis(300), ..http() };
    let drip = serve_without_end(Duration::from_millis(10), "1\r\nx\r\n".to_owned()).await;
    let silent = serve_bytes("127.0.0.1:0", Vec::new(), false).await;
    let half_a_header = serve_bytes("127.0.0.1:0", b"HTTP/1.1 200 OK\r\nContent-Ty".to_vec(), false).await;
    for server in [drip, silent, half_a_header] {
        let error = failure(ask(&brief, &server, &Validators::default()).await);
        assert_eq!(error.to_string(), "took longer than 0.3 s");
    }
}

#[tokio::test]
async fn endless_headers_and_nonsense_are_no_http() {
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-A: b\r\n".repeat(100_000));
    let long = format!("HTTP/1.1 200 OK\r\nX-A: {}\r\n\r\n", "b".repeat(2_000_000));
    for answer in [many, long, "SSH-2.0-OpenSSH_9\r\n".into(), String::new()] {
        let server = serve_bytes("127.0.0.1:0", answer.into_bytes(), true).await;
        let error = failure(fetch(&server).await);
        assert!(matches!(error, FetchError::Protocol(_) | FetchError::Broken(_)), "{error:?}");
    }
}

#[tokio::test]
async fn gone_is_gone_and_other_refusals_carry_the_servers_wish() {
    let busy = || async { (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "120")]) };
    let router = Router::new()
        .route("/gone", get(|| async { StatusCode::GONE }))
        .route("/busy", get(busy))
        .route("/missing", get(|| async { StatusCode::NOT_FOUND }));
    let server = serve(router).await;
    assert!(matches!(fetch(&format!("{server}/gone")).await.fetched, Fetched::Gone));
    let busy = fetch(&format!("{server}/busy")).await;
    assert_eq!((busy.pause.as_secs(), busy.busy_host.as_deref()), (120, Some("127.0.0.1")));
    assert_eq!(failure(busy).to_string(), "answered 503 Service Unavailable");
    let missing = fetch(&format!("{server}/missing")).await;
    assert_eq!((missing.pause, &missing.busy_host), (Duration::ZERO, &None));
    assert_eq!(failure(missing), FetchError::Status(StatusCode::NOT_FOUND));
}

#[tokio::test]
async fn a_host_that_does_not_answer_or_exist_is_named() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = failure(fetch(&format!("http://{closed}/")).await);
    assert!(matches!(&error, FetchError::Connect(words) if words.contains("refused")), "{error:?}");
    let error = failure(fetch("http://no-such-host.invalid/").await);
    assert!(matches!(&error, FetchError::Unresolved { host, .. } if host == "no-such-host.invalid"), "{error:?}");
}

#[tokio::test]
async fn one_connection_serves_many_requests() {
    let peers = Arc::new(std::sync::Mutex::new(std::collections::HashSet::new()));
    let seen = Arc::clone(&peers);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let note = move |axum::extract::ConnectInfo(peer): axum::extract::ConnectInfo<SocketAddr>| async move {
        seen.lock().unwrap().insert(peer);
        "body"
    };
    let service = Router::new().route("/", get(note)).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    let fetcher = Fetcher::new(&http()).unwrap();
    for _ in 0..20 {
        page(fetcher.get(&url, &Validators::default()).await);
    }
    assert_eq!(peers.lock().unwrap().len(), 1);
}
