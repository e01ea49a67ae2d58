//! News sitemaps as feeds.

use std::io::Write;

use axum::response::IntoResponse;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::support::desk::{Scripted, Time};
use crate::world::World;

/// A news sitemap of pages, each with its headline and age in hours.
fn news(pages: &[(&str, i64)]) -> Vec<u8> {
    let page = |(title, age): &(&str, i64)| {
        let published = Timestamp::now() - SignedDuration::from_hours(*age);
        let path = title.replace(' ', "-");
        format!(
            "<url><loc>https://times.example/{path}</loc><news:news><news:publication><news:name>Times</news:name>\
             <news:language>en</news:language></news:publication><news:publication_date>{published}</news:publication_date>\
             <news:title>{title}</news:title></news:news></url>"
        )
    };
    let pages: String = pages.iter().map(page).collect();
    let sitemap = format!(
        "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">{pages}</urlset>"
    );
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(sitemap.as_bytes()).unwrap();
    packed.finish().unwrap()
}

#[tokio::test]
async fn a_packed_news_sitemap_rings_for_what_is_news_in_it() {
    let packed = news(&[("Ports shut over tariffs", 1), ("Old tariffs", 40), ("Weather", 0)]);
    let server = Scripted::start("127.0.0.1", &Time::new(), move |_| packed.clone().into_response()).await;
    let feed = format!("[feeds.times]\nurl = \"{}\"\n", server.url("/news.xml.gz"));
    let world =
        World::new(&format!("{feed}[rules.tariffs]\nwhen = 'tariffs AND lang:en'\n[receivers.out.stdout]\nformat = \"json\"\n"));
    let done = world.run(&["run", "--once"]).await;
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let alerts: Vec<Value> = done.stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let told: Vec<_> = alerts.iter().filter_map(|alert| alert.pointer("/data/title").or(alert.get("title"))?.as_str()).collect();
    assert_eq!(told, ["Ports shut over tariffs"], "{}", done.stdout);
}

#[tokio::test]
async fn a_plain_sitemap_floods_nobody_at_the_first_answer() {
    let sitemap = |count: usize| {
        let now = Timestamp::now();
        let page = |number| format!("<url><loc>https://times.example/tariffs/{number}</loc><lastmod>{now}</lastmod></url>");
        format!("<urlset>{}</urlset>", (0..count).map(page).collect::<String>())
    };
    let first = sitemap(3_000);
    let server = Scripted::start("127.0.0.1", &Time::new(), move |_| first.clone().into_response()).await;
    let feed = format!("[feeds.times]\nurl = \"{}\"\n", server.url("/sitemap.xml"));
    let world = World::new(&format!("{feed}[rules.tariffs]\nwhen = 'url:tariffs'\n[receivers.out.stdout]\nformat = \"json\"\n"));
    let done = world.run(&["run", "--once"]).await;
    assert_eq!((done.code, done.stdout.contains("tariffs/")), (Some(0), false), "{}{}", done.stdout, done.stderr);
    let listed = world.run(&["feeds", "list", "--json"]).await.stdout;
    assert_eq!(serde_json::from_str::<Value>(&listed).unwrap()["articles_seen"], 3_000);
}
