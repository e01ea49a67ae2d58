//! `feeds list`: how the feeds stand.

use serde_json::Value;

use crate::support::{FeedServer, Page};
use crate::world::{World, rss};

#[tokio::test]
async fn every_feed_is_listed_with_how_it_stands() {
    let feeds = FeedServer::start().await;
    feeds.publish("/good.xml", Page::feed(rss(&[("1", "One", ""), ("2", "Two", "")])));
    feeds.publish("/gone.xml", Page::status(410));
    feeds.publish("/broken.xml", Page::status(500));
    let feed = |name: &str| format!("[feeds.{name}]\nurl = \"{}\"\n", feeds.url(&format!("/{name}.xml")));
    let world = World::new(&format!("{}{}{}[rules.never]\nwhen = 'zxqj'\n", feed("good"), feed("gone"), feed("broken")));
    let list = async || {
        let listed = world.run(&["feeds", "list", "--json"]).await;
        assert_eq!(listed.code, Some(0), "{}", listed.stderr);
        listed.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    };
    let before = list().await;
    assert_eq!(before.iter().map(|feed| &feed["status"]).collect::<Vec<_>>(), ["new", "new", "new"]);
    world.run(&["run", "--once"]).await;

    let after = list().await;
    let field = |field: &str| after.iter().map(|feed| feed[field].clone()).collect::<Vec<_>>();
    assert_eq!(field("id"), ["broken", "gone", "good"]);
    assert_eq!(field("status"), ["failing", "retired", "ok"]);
    assert_eq!(field("articles_seen"), [0, 0, 2]);
    assert_eq!(after[0]["last_error"], "answered 500 Internal Server Error");
    assert!(after[1]["next_due"].is_null() && after[2]["next_due"].is_string());
    assert!(after[2]["last_error"].is_null() && after[2]["last_success"].is_string());
    assert!(after[2]["interval_seconds"].as_u64().is_some_and(|seconds| (60..=3_600).contains(&seconds)));

    let words = world.run(&["feeds", "list"]).await.stdout;
    assert!(words.contains("failing  broken; answered 500 Internal Server Error; next in "), "{words}");
    assert!(words.contains("ok       good; answered ") && words.contains("retired  gone; "), "{words}");
}
