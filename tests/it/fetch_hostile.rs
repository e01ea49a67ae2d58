//! The fetcher against servers that lie, break off, or point elsewhere.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wirewatch::config::Http;
use wirewatch::fetch::{Answer, FetchError, Fetched, Fetcher};
use wirewatch::model::Validators;

use crate::support::{Record, enable_tls};

fn http() -> Http {
    enable_tls();
    Http {
        user_agent: "wirewatch-test/1".into(),
        max_body: 64 * 1024,
        timeout: Duration::from_secs(20),
        max_connections: 8,
        max_connections_per_host: 1,
        allow_private_addresses: true,
        allow_networks: vec![],
    }
}

async fn ask(url: &str) -> Answer {
    Fetcher::new(&http()).unwrap().get(&url.parse().unwrap(), &Validators::default()).await
}

/// A server that says exactly this to everybody, hangs up, rudely if asked to, and keeps what it was asked.
async fn serve(at: &str, answer: impl Into<Vec<u8>>, rudely: bool) -> (SocketAddr, std::sync::Arc<Record<String>>) {
    let listener = TcpListener::bind((at, 0)).await.unwrap();
    let (address, answer, asked) = (listener.local_addr().unwrap(), answer.into(), std::sync::Arc::new(Record::new()));
    let its_asked = std::sync::Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 8192];
            let length = stream.read(&mut request).await.unwrap_or(0);
            its_asked.add(String::from_utf8_lossy(&request[..length]).to_lowercase());
            let _ = stream.write_all(&answer).await;
            let _ = stream.flush().await;
            if rudely {
                // closing with a time of zero resets the connection
                let _ = stream.set_zero_linger();
            }
        }
    });
    (address, asked)
}

fn redirect(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

#[tokio::test]
async fn an_answer_that_breaks_off_in_any_way_is_a_failure_and_never_a_short_page() {
    let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
    for (answer, rudely) in [
        (format!("{head}Content-Length: 1000\r\n\r\n<rss>"), false),
        (format!("{head}Content-Length: 1000\r\n\r\n<rss>"), true),
        (format!("{head}Transfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\nnot a length\r\n"), false),
        (format!("{head}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n<rss>"), false),
        (format!("{head}Transfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n3"), true),
        (format!("{head}Content-Length: 5\r\nContent-Length: 9\r\n\r\n<rss>rest"), false),
        (format!("{head}Content-Length: -1\r\n\r\n<rss>"), false),
        (String::new(), true),
    ] {
        let (server, _) = serve("127.0.0.1", answer.clone(), rudely).await;
        let fetched = ask(&format!("http://{server}/")).await.fetched;
        assert!(
            matches!(fetched, Fetched::Failed(FetchError::Cut(_) | FetchError::Protocol(_) | FetchError::Broken(_))),
            "{answer}: {fetched:?}"
        );
    }
}

#[tokio::test]
async fn a_body_longer_than_it_says_ends_where_it_says() {
    let (server, _) =
        serve("127.0.0.1", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n<rss>HTTP/1.1 200 OK", false).await;
    let Fetched::Page(page) = ask(&format!("http://{server}/")).await.fetched else { panic!("no page") };
    assert_eq!(page.bytes, b"<rss>");
}

#[tokio::test]
async fn cookies_however_many_and_fields_given_twice_do_no_harm() {
    let cookies =
        "Set-Cookie: id=1; Path=/; Max-Age=99999999\r\n".repeat(20) + &format!("Set-Cookie: big={}\r\n", "x".repeat(60_000));
    let answer = format!(
        "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nETag: \"b\"\r\nRetry-After: 5\r\n{cookies}Content-Length: 5\r\nConnection: close\r\n\r\n<rss>"
    );
    let (server, asked) = serve("127.0.0.1", answer, false).await;
    let fetcher = Fetcher::new(&http()).unwrap();
    let url = format!("http://{server}/").parse().unwrap();
    let mut validators = Validators::default();
    for _ in 0..2 {
        let Fetched::Page(page) = fetcher.get(&url, &validators).await.fetched else { panic!("no page") };
        validators = page.validators;
    }
    assert_eq!(validators.etag.as_deref(), Some(b"\"a\"".as_slice()));
    assert!(asked.all().iter().all(|request| !request.contains("cookie") && !request.contains("referer")), "{:?}", asked.all());
}

#[tokio::test]
async fn credentials_of_an_address_stay_with_its_host() {
    let (elsewhere, asked_elsewhere) =
        serve("127.0.0.3", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n<rss>", false).await;
    let (home, asked_home) = serve("127.0.0.2", redirect(&format!("http://{elsewhere}/")), false).await;
    let Fetched::Page(page) = ask(&format!("http://desk:s3cret@{home}/")).await.fetched else { panic!("no page") };
    assert_eq!(page.url.as_str(), format!("http://{elsewhere}/"));
    assert!(asked_home.all()[0].contains("authorization: basic"));
    let Fetched::Page(page) = ask(&format!("http://desk:s3cret@{elsewhere}/")).await.fetched else { panic!("no page") };
    assert_eq!(page.url.as_str(), format!("http://{elsewhere}/"), "what is relative to it would carry them on");
    assert!(!asked_elsewhere.all()[0].contains("authorization") && !asked_elsewhere.all()[0].contains("referer"));
}

#[tokio::test]
async fn a_redirect_out_of_http_in_a_circle_or_to_nowhere_ends_in_a_failure() {
    for target in [
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "gopher://127.0.0.1/",
        "data:text/xml,<rss/>",
        "http:///",
        "http://[/",
        "/again",
    ] {
        let (server, asked) = serve("127.0.0.1", redirect(target), false).await;
        let fetched = ask(&format!("http://{server}/")).await.fetched;
        let words = match fetched {
            Fetched::Failed(error) => error.to_string(),
            other => panic!("{target}: {other:?}"),
        };
        assert!(words.contains("only http") || words.contains("redirects"), "{target}: {words}");
        assert_eq!(asked.all().len(), if target == "/again" { 6 } else { 1 }, "{target}");
    }
}

#[tokio::test]
async fn a_host_that_is_asked_for_much_at_once_is_asked_one_thing_at_a_time() {
    let (server, asked) =
        serve("127.0.0.1", "HTTP/1.1 429 Busy\r\nRetry-After: 60\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", false).await;
    let fetcher = Fetcher::new(&http()).unwrap();
    let url: url::Url = format!("http://{server}/").parse().unwrap();
    let none = Validators::default();
    let answers = futures_join(&fetcher, &url, &none).await;
    assert_eq!(asked.all().len(), 1);
    assert!(answers.iter().all(|answer| (55..=60).contains(&answer.pause.as_secs())));
    assert_eq!(answers.iter().filter(|answer| matches!(answer.fetched, Fetched::NotAsked)).count(), 2);
}

async fn futures_join(fetcher: &Fetcher, url: &url::Url, none: &Validators) -> [Answer; 3] {
    let (a, b, c) = tokio::join!(fetcher.get(url, none), fetcher.get(url, none), fetcher.get(url, none));
    [a, b, c]
}

#[tokio::test]
async fn a_hub_that_is_busy_or_a_fetcher_that_is_closed_is_asked_nothing_more() {
    let (server, asked) =
        serve("127.0.0.1", "HTTP/1.1 429 Busy\r\nRetry-After: 60\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", false).await;
    let fetcher = Fetcher::new(&http()).unwrap();
    let url: url::Url = format!("http://{server}/").parse().unwrap();
    let (one, other) = tokio::join!(fetcher.post(&url, "a=1"), fetcher.post(&url, "a=2"));
    assert_eq!([one, other].map(|refused| (55..=60).contains(&refused.unwrap_err().pause.as_secs())), [true; 2]);
    fetcher.close();
    assert_eq!(fetcher.post(&url, "a=3").await.unwrap_err().why, "wirewatch was stopped");
    assert_eq!(asked.all().len(), 1);
}
