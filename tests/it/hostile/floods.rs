//! Answers without end, without measure or without haste: each ends by a cap or a time-out, in bounded memory, and nobody else
//! waits for it.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::bombs;
use crate::support::{FeedServer, Page};
use crate::world::{World, rss};

/// What a server says: something, and then something else for as long as anybody listens. With nothing else to say it is silent.
#[derive(Clone)]
struct Flood {
    first: Vec<u8>,
    again: Vec<u8>,
    pause: Duration,
}

impl Flood {
    fn of(first: impl Into<Vec<u8>>, again: impl Into<Vec<u8>>) -> Self {
        Self { first: first.into(), again: again.into(), pause: Duration::ZERO }
    }

    fn slowly(self) -> Self {
        Self { pause: Duration::from_secs(1), ..self }
    }

    fn coded(coding: &str, body: &[u8]) -> Self {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {}\r\n\r\n", body.len());
        Self::of([head.as_bytes(), body].concat(), "")
    }

    async fn pour(self, mut stream: TcpStream) {
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(&self.first).await;
        while !self.again.is_empty() && stream.write_all(&self.again).await.is_ok() {
            if !self.pause.is_zero() {
                tokio::time::sleep(self.pause).await;
            }
        }
        // until the other side has had enough
        let _ = stream.read_to_end(&mut Vec::new()).await;
    }
}

/// Starts a server of its own host, the number-th, and gives its address.
async fn start(flood: Flood, number: usize) -> String {
    let listener = TcpListener::bind(format!("127.0.4.{}:0", number + 1)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(flood.clone().pour(stream));
        }
    });
    format!("http://{address}/")
}

const OK: &str = "HTTP/1.1 200 OK\r\n";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// Every flood with the words in which it ends, unless its time is up before.
fn floods() -> Vec<(&'static str, Flood, &'static str)> {
    let chunk = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
    let many_fields = format!("{OK}{}\r\n", "X-Field: 1\r\n".repeat(100_000));
    vec![
        ("gzip", Flood::coded("gzip", &bombs::gzip()), "larger than 8 MiB"),
        ("brotli", Flood::coded("br", &bombs::brotli()), "larger than 8 MiB"),
        ("chunks", Flood::of(CHUNKED, chunk), "larger than 8 MiB"),
        ("unmeasured", Flood::of(format!("{OK}\r\n"), "x".repeat(4096)), "larger than 8 MiB"),
        ("tebibyte", Flood::of(format!("{OK}Content-Length: 1099511627776\r\n\r\n"), "x".repeat(4096)), "larger than 8 MiB"),
        ("promise", Flood::of(format!("{OK}Content-Length: 8000000\r\n\r\n<rss>"), ""), "longer than 3 s"),
        ("drip", Flood::of(CHUNKED, "1\r\nx\r\n").slowly(), "longer than 3 s"),
        ("silence", Flood::of("", ""), "longer than 3 s"),
        ("half", Flood::of("HTTP/1.1 200 OK\r\nContent-Ty", ""), "longer than 3 s"),
        ("slow fields", Flood::of(OK, "X-Field: 1\r\n").slowly(), "longer than 3 s"),
        ("fields", Flood::of(OK, "X-Field: 1\r\n".repeat(100)), "not valid HTTP"),
        ("one field", Flood::of(format!("{OK}X-Field: "), "x".repeat(4096)), "not valid HTTP"),
        ("many fields", Flood::of(many_fields, ""), "not valid HTTP"),
        ("continue", Flood::of("", "HTTP/1.1 100 Continue\r\n\r\n".repeat(100)), "longer than 3 s"),
    ]
}

#[tokio::test]
async fn floods_end_by_a_cap_or_a_time_out_in_little_memory_and_delay_nobody() {
    // twenty-five to thirty-four are seen, the latter on a busy machine; without bounds it is hundreds
    const MOST_KIB: u64 = 48 * 1024;
    let good = FeedServer::start().await;
    good.publish("/feed.xml", Page::feed(rss(&[("1", "Nothing of note", "")])).with("etag", "\"1\""));
    let calm = format!(
        "[http]\nallow_private_addresses = true\ntimeout = \"3s\"\n[feeds.good]\nurl = \"{}\"\nevery = \"1s\"\n[rules.never]\nwhen = 'zxqj'\n",
        good.url("/feed.xml")
    );
    let world = World::with_config(&calm);
    let daemon = world.start();
    good.wait_for("/feed.xml", 2).await;
    let before = daemon.peak_memory();
    let mut stormy = calm;
    for (number, (name, flood, _)) in floods().into_iter().enumerate() {
        stormy += &format!("[feeds.\"{name}\"]\nurl = \"{}\"\n", start(flood, number).await);
    }
    world.write("wirewatch.toml", &stormy);
    daemon.signal("HUP").await;
    daemon.says("configuration taken over").await;
    let asked = good.requests("/feed.xml").len();
    for (name, _, words) in floods() {
        let line = daemon.says(&format!("feed=\"{name}\"")).await;
        // a large one may wait for others in vain
        assert!(line.contains(words) || line.contains("longer than 3 s"), "{line}");
    }
    // the slow ones take three seconds; whoever is asked every second is asked meanwhile
    assert!(good.requests("/feed.xml").len() > asked);
    let grown = daemon.peak_memory() - before;
    assert!(grown < MOST_KIB, "grew by {grown} KiB from {before}");
}
