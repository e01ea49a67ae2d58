//! Names whose addresses change between one look and the next, or are of two kinds at once.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wirewatch::config::Http;
use wirewatch::fetch::{FetchError, Fetched, Fetcher, Guard};
use wirewatch::model::Validators;

use crate::support::enable_tls;

/// A loopback address that stands for the world outside, and some that do not.
const OUTSIDE: [u8; 4] = [127, 0, 9, 8];
const INSIDE: [&str; 3] = ["127.0.9.7", "::1", "::ffff:127.0.9.7"];

/// A directory that gives another answer at every look.
struct Fickle {
    looks: AtomicUsize,
    answer: fn(usize) -> Vec<IpAddr>,
}

impl Resolve for Fickle {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses = (self.answer)(self.looks.fetch_add(1, Ordering::SeqCst));
        Box::pin(async move { Ok(Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs) })
    }
}

fn inside(number: usize) -> IpAddr {
    INSIDE[number % INSIDE.len()].parse().unwrap()
}

/// A server on one port of every address, which hangs up after each answer and counts who comes from where.
async fn serve() -> (u16, Arc<AtomicUsize>, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (outside, inside) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut listeners = vec![listener];
    // not every machine speaks IPv6
    listeners.extend(TcpListener::bind(("::1", port)).await.ok());
    for listener in listeners {
        let (outside, inside) = (Arc::clone(&outside), Arc::clone(&inside));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let is_outside = stream.local_addr().unwrap().ip() == IpAddr::from(OUTSIDE);
                if is_outside { &outside } else { &inside }.fetch_add(1, Ordering::SeqCst);
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok").await;
            }
        });
    }
    (port, outside, inside)
}

fn fetcher(answer: fn(usize) -> Vec<IpAddr>) -> Fetcher {
    enable_tls();
    let http = Http {
        user_agent: "wirewatch-test/1".into(),
        max_body: 1024,
        timeout: Duration::from_secs(20),
        max_connections: 8,
        max_connections_per_host: 1,
        allow_private_addresses: false,
        allow_networks: vec![IpAddr::from(OUTSIDE).into()],
    };
    let guard = Guard::new(&http).with_names(Arc::new(Fickle { looks: AtomicUsize::new(0), answer }));
    Fetcher::behind(guard, &http).unwrap()
}

#[tokio::test]
async fn a_name_that_moves_inside_and_back_a_thousand_times_never_leads_there() {
    let (port, outside, visitors) = serve().await;
    let fetcher = fetcher(|look| vec![if look % 2 == 0 { OUTSIDE.into() } else { inside(look / 2) }]);
    let url = format!("http://news.example:{port}/").parse().unwrap();
    for look in 0..1_000 {
        match fetcher.get(&url, &Validators::default()).await.fetched {
            Fetched::Page(_) if look % 2 == 0 => {}
            Fetched::Failed(FetchError::Refused { .. }) if look % 2 == 1 => {}
            other => panic!("{look}: {other:?}"),
        }
    }
    assert_eq!((outside.load(Ordering::SeqCst), visitors.load(Ordering::SeqCst)), (500, 0));
}

#[tokio::test]
async fn of_a_name_with_addresses_on_both_sides_only_those_outside_are_dialled() {
    let (port, outside, visitors) = serve().await;
    let fetcher = fetcher(|look| vec![inside(look), OUTSIDE.into(), inside(look + 1)]);
    let url = format!("http://news.example:{port}/").parse().unwrap();
    for _ in 0..30 {
        assert!(matches!(fetcher.get(&url, &Validators::default()).await.fetched, Fetched::Page(_)));
    }
    assert_eq!((outside.load(Ordering::SeqCst), visitors.load(Ordering::SeqCst)), (30, 0));
}
