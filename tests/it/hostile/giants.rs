//! Documents as large as a body may be, each of another shape, all at once: every one is read or refused in bounded memory.

use std::io::Write;

use axum::Router;
use axum::http::header;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::net::TcpListener;

use crate::world::World;

/// Nearly as much as a body may be.
const SIZE: usize = 8_000_000;

fn filled(before: &str, again: &str, after: &str) -> String {
    let times = SIZE.saturating_sub(before.len() + after.len()) / again.len();
    [before, &again.repeat(times), after].concat()
}

fn giants() -> Vec<Vec<u8>> {
    const HEAD: &str = "<rss version=\"2.0\"><channel><title>t</title>";
    const END: &str = "</channel></rss>";
    let item = |again: &str| filled(&format!("{HEAD}<item><title>"), again, &format!("</title></item>{END}"));
    let entity = "x".repeat(60_000);
    let texts = vec![
        filled(HEAD, "<item><title>An embargo</title></item>", END),
        filled(&format!("{HEAD}<item "), "a='b' ", &format!("/>{END}")),
        item("word "),
        item("&amp;amp;"),
        filled(HEAD, "<x>", END),
        filled(&format!("<!DOCTYPE rss [<!ENTITY a \"{entity}\">]>{HEAD}<item><title>"), "&a;", &format!("</title></item>{END}")),
        filled("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[", "{\"id\":1,\"title\":\"a\"},", "{}]}"),
        filled("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":", "[", "]}"),
        filled("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"content_text\":\"", "\\u4e2d", "\"}]}"),
    ];
    let wide = filled(HEAD, "<item><title>a</title></item>", END);
    let wide = wide[..SIZE / 2].encode_utf16().flat_map(u16::to_le_bytes).collect();
    texts.into_iter().map(String::into_bytes).chain([wide]).collect()
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut coder = GzEncoder::new(Vec::new(), Compression::fast());
    coder.write_all(body).unwrap();
    coder.finish().unwrap()
}

#[tokio::test]
async fn documents_as_large_as_may_be_are_read_in_bounded_memory_however_many_come_at_once() {
    let mut config =
        "[http]\nallow_private_addresses = true\n[rules.watch]\nwhen = 'embargo'\n[receivers.ops.stdout]\n".to_owned();
    let giants = giants();
    let count = giants.len();
    for (number, body) in giants.into_iter().enumerate() {
        let body = gzip(&body);
        let listener = TcpListener::bind(format!("127.0.6.{}:0", number + 1)).await.unwrap();
        config += &format!("[feeds.f{number}]\nurl = \"http://{}/\"\n", listener.local_addr().unwrap());
        let router = Router::new().fallback(move || async move { ([(header::CONTENT_ENCODING, "gzip")], body) });
        tokio::spawn(async move { axum::serve(listener, router).await });
    }
    let pass = World::with_config(&config).run(&["run", "--once"]).await;
    assert_eq!(pass.code, Some(0), "{}", pass.stderr);
    let failed = pass.stderr.matches("could not be read").count();
    assert!(
        pass.stdout.contains(&format!("feeds: {} answered, 0 unchanged, {failed} failed", count - failed)),
        "{}",
        pass.stdout
    );
}
