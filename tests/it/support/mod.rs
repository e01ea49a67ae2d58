//! Servers for tests. Each listens on a loopback port of its own, does as its test says, and remembers what it was sent.

pub mod desk;
mod exposition;
mod feed_server;
mod hook;
mod mailbox;
mod record;
pub mod scene;

use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;

pub use exposition::Exposition;
pub use feed_server::{FeedServer, Page};
pub use hook::{Call, Hook, Reply};
pub use mailbox::{Act, Mail, Mailbox};
pub use record::Record;

/// Lets the test's HTTP and TLS clients and servers do cryptography; the programme does the same first of all.
pub fn enable_tls() {
    // only the first of many tests succeeds, which is enough
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Serves over HTTP until the test ends.
async fn serve(router: Router) -> SocketAddr {
    serve_at("127.0.0.1", router).await
}

async fn serve_at(host: &str, router: Router) -> SocketAddr {
    let listener = TcpListener::bind((host, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

#[tokio::test]
async fn a_feed_that_has_not_changed_is_not_sent_again() {
    enable_tls();
    let server = FeedServer::start().await;
    server.publish("/news.xml", Page::feed("<rss/>").with("etag", "\"1\""));
    let client = reqwest::Client::new();
    let ask = || client.get(server.url("/news.xml")).header("if-none-match", "\"1\"").send();
    assert_eq!(ask().await.unwrap().status(), 304);
    server.publish("/news.xml", Page::feed("<rss></rss>").with("etag", "\"2\""));
    assert_eq!(ask().await.unwrap().chunk().await.unwrap().unwrap(), "<rss></rss>");
    assert_eq!(server.requests("/news.xml").len(), 2);
    assert_eq!(client.get(server.url("/elsewhere")).send().await.unwrap().status(), 404);
}
