//! What the daemon has counted, as Prometheus asks for it.

use std::collections::BTreeSet;

use super::{ask, base, text, world};
use crate::support::{Exposition, Hook, Page, Reply};
use crate::world::rss;

/// The metrics, once they say this.
async fn metrics_once(base: &str, is_there: impl Fn(&Exposition) -> bool) -> Exposition {
    loop {
        let read = Exposition::read(&text(ask(base, "/metrics").await).await);
        if is_there(&read) {
            return read;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn every_line_is_as_the_format_asks_and_tells_what_happened() {
    let (feeds, world) = world("listen = \"127.0.0.1:0\"").await;
    let hook = Hook::start().await;
    hook.answer_next([Reply::Status(500), Reply::Status(410)]);
    world.append(&format!(
        "[receivers.ops.webhook]\nurl = \"{}\"\n[feeds.\"odd \\\"name\\\" \\\\ {{}}\"]\nurl = \"{}\"\n",
        hook.url(),
        feeds.url("/broken.xml")
    ));
    let daemon = world.start();
    let base = base(&daemon).await;
    let tried = "wirewatch_deliveries_total{receiver=\"ops\",outcome=\"retried\"}";
    let is_there = |read: &Exposition| {
        read.value(tried) == Some(1.0)
            && read.value("wirewatch_polls_total{outcome=\"failed\"}").is_some_and(|count| count >= 1.0)
    };
    let read = metrics_once(&base, is_there).await;
    for (series, value) in [
        ("wirewatch_articles_total", 1.0),
        ("wirewatch_alerts_total{rule=\"watch\"}", 1.0),
        ("wirewatch_feed_articles_total{feed=\"news\"}", 1.0),
        ("wirewatch_feeds{status=\"ok\"}", 1.0),
        ("wirewatch_feeds{status=\"failing\"}", 1.0),
        ("wirewatch_feeds{status=\"retired\"}", 0.0),
        ("wirewatch_feed_consecutive_failures{feed=\"news\"}", 0.0),
        ("wirewatch_feed_consecutive_failures{feed=\"odd \\\"name\\\" \\\\ {}\"}", 1.0),
        ("wirewatch_feed_interval_seconds{feed=\"news\"}", 1.0),
        ("wirewatch_outbox_deliveries{receiver=\"ops\",state=\"waiting\"}", 1.0),
        ("wirewatch_deliveries_total{receiver=\"ops\",outcome=\"delivered\"}", 0.0),
        ("wirewatch_config_last_reload_successful", 1.0),
    ] {
        assert_eq!(read.value(series), Some(value), "{series}");
    }
    let now = jiff::Timestamp::now().as_second() as f64;
    for moment in ["wirewatch_start_timestamp_seconds", "wirewatch_feed_last_success_timestamp_seconds{feed=\"news\"}"] {
        assert!(read.value(moment).is_some_and(|at| (now - at).abs() < 120.0), "{moment}");
    }
    assert!(read.value("wirewatch_visit_duration_seconds_count").unwrap() >= 2.0);
    assert_eq!(read.value("wirewatch_article_delay_seconds_count"), Some(0.0), "a first answer tells nothing of delays");
    assert_eq!(read.families["wirewatch_build"].samples.len(), 1);

    feeds.publish("/feed.xml", Page::feed(rss(&[("2", "No news", ""), ("1", "An embargo is announced", "")])));
    let delayed = |read: &Exposition| read.value("wirewatch_article_delay_seconds_count") == Some(1.0);
    let read = metrics_once(&base, delayed).await;
    assert_eq!(read.value("wirewatch_articles_total"), Some(2.0));
    everything_is_written_down(&read);
}

/// The page about metrics and the metrics are the same.
fn everything_is_written_down(read: &Exposition) {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/metrics.md")).unwrap();
    let documented: BTreeSet<&str> = page.lines().filter_map(|line| line.strip_prefix("| `")?.split(['`', '{']).next()).collect();
    let told = |name: &String, kind: &str| match kind {
        "counter" => format!("{name}_total"),
        "info" => format!("{name}_info"),
        _ => name.clone(),
    };
    let told: BTreeSet<String> = read.families.iter().map(|(name, family)| told(name, &family.kind)).collect();
    let missing: Vec<&String> = told.iter().filter(|name| !documented.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "docs/metrics.md says nothing of {missing:?}");
    // nothing joined a story in this test
    let invented: Vec<&&str> =
        documented.iter().filter(|name| !told.contains(**name) && **name != "wirewatch_updates_total").collect();
    assert!(invented.is_empty(), "docs/metrics.md tells of {invented:?}");
}

#[tokio::test]
async fn counts_outlive_a_reload_and_tell_whether_it_worked() {
    let (_feeds, world) = world("listen = \"127.0.0.1:0\"").await;
    let daemon = world.start();
    let base = base(&daemon).await;
    let has_article = |read: &Exposition| read.value("wirewatch_articles_total") == Some(1.0);
    metrics_once(&base, has_article).await;
    let good = std::fs::read_to_string(world.path().join("wirewatch.toml")).unwrap();
    world.write("wirewatch.toml", "[nonsense]");
    daemon.signal("HUP").await;
    let failed = |read: &Exposition| read.value("wirewatch_config_last_reload_successful") == Some(0.0);
    metrics_once(&base, failed).await;
    world.write("wirewatch.toml", &good);
    daemon.signal("HUP").await;
    let worked = |read: &Exposition| read.value("wirewatch_config_last_reload_successful") == Some(1.0);
    assert!(has_article(&metrics_once(&base, worked).await));
}
