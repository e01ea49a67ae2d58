//! What reading a feed costs, beside another reader over the same bytes.
//!
//! `cargo bench --bench reading` reads two feeds of 30 items, one plain and one with everything a news site puts into it, and prints
//! the best of several runs.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot be made has failed")]
#![allow(missing_docs, reason = "nobody links to a benchmark")]

use std::hint::black_box;
use std::time::{Duration, Instant};

const ITEMS: usize = 30;
const RUNS: usize = 20;
const READS: u32 = 200;

fn main() {
    let base = "https://news.example/feed.xml".parse().unwrap();
    for (name, item) in [("plain", plain as fn(usize) -> String), ("rich", rich)] {
        let feed = feed(item);
        let bytes = feed.as_bytes();
        print(name, "wirewatch", bytes, || {
            black_box(wirewatch::feed::parse(bytes, Some("application/rss+xml"), Some(&base)).unwrap());
        });
        print(name, "feed-rs", bytes, || {
            let parser = feed_rs::parser::Builder::new().base_uri(Some(&base)).sanitize_content(false).build();
            black_box(parser.parse(bytes).unwrap());
        });
    }
}

fn words(times: usize) -> String {
    "ministry port market harvest river council season bridge weather budget ".repeat(times)
}

fn plain(number: usize) -> String {
    format!(
        "<item><guid>n-{number}</guid><title>Item {number}</title><link>https://news.example/{number}</link>\
         <pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate><description>{}</description></item>",
        words(8)
    )
}

fn rich(number: usize) -> String {
    format!(
        "<item><guid isPermaLink=\"false\">n-{number}</guid><title><![CDATA[Item {number}]]></title>\
         <link>https://news.example/{number}</link><dc:creator>A. Writer</dc:creator><category>Trade</category>\
         <category>World</category><pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate><description>{}</description>\
         <content:encoded><![CDATA[<p>{}</p><p>“{}” &amp; é</p>]]></content:encoded>\
         <media:content url=\"https://news.example/{number}.jpg\" medium=\"image\"/></item>",
        "&lt;p&gt;a &lt;b&gt;bold&lt;/b&gt; word ".repeat(4),
        words(20),
        words(20)
    )
}

fn feed(item: fn(usize) -> String) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel>\
         <title>News</title><link>https://news.example/</link>{}</channel></rss>",
        (0..ITEMS).map(item).collect::<String>()
    )
}

fn print(feed: &str, reader: &str, bytes: &[u8], mut read: impl FnMut()) {
    let best = (0..RUNS).map(|_| run(&mut read)).min().unwrap_or_default().as_secs_f64();
    println!("{feed:6} {reader:10} {:8.1} µs {:7.0} MB/s", best * 1e6, bytes.len() as f64 / best / 1e6);
}

/// The mean of one run of many reads.
fn run(read: &mut impl FnMut()) -> Duration {
    let start = Instant::now();
    (0..READS).for_each(|_| read());
    start.elapsed() / READS
}
