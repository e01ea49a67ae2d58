//! Kept articles, judged at their own time.

use serde_json::{Value, json};

use crate::world::World;

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn article(id: &str, published: &str, title: &str) -> Value {
    json!({"id": id, "outlet": "Herald", "published": published, "title": title, "text": "<p>The <b>duty</b> rises.</p>", "ignored": 1})
}

fn world() -> World {
    let world = World::with_config("[rules.duties]\nwhen = 'duty'\nseverity = 'high'\n");
    let (late, early) =
        (article("b", "2025-06-06T10:00:00Z", "Second"), article("a", "2025-06-05T10:00:00Z", "First & foremost"));
    world.write("articles.jsonl", &format!("{late}\n\n{early}\n"));
    world
}

#[tokio::test]
async fn articles_are_told_in_order_of_publication_with_their_evidence() {
    let replayed = world().run(&["replay", "--json", "articles.jsonl"]).await;
    assert_eq!(replayed.code, Some(0), "{}", replayed.stderr);
    let lines = lines(&replayed.stdout);
    assert_eq!(lines.len(), 3);
    assert_eq!((&lines[0]["type"], &lines[0]["article"], &lines[1]["article"]), (&json!("alert"), &json!("a"), &json!("b")));
    assert_eq!(lines[0]["why"], json!([{"field": "body", "start": 4, "end": 8, "text": "duty", "role": "term"}]));
    assert_eq!(
        (&lines[0]["title"], &lines[0]["severity"], &lines[0]["event"]),
        (&json!("First & foremost"), &json!("high"), &Value::Null)
    );
    assert_eq!((&lines[2]["type"], &lines[2]["articles"], &lines[2]["alerts"]), (&json!("summary"), &json!(2), &json!(2)));
}

#[tokio::test]
async fn the_same_articles_give_the_same_lines() {
    let world = world();
    let stories = |text: &str| lines(text).iter().map(|line| line["story"].clone()).collect::<Vec<_>>();
    let first = world.run(&["replay", "--json", "articles.jsonl"]).await;
    let second = world.run(&["replay", "--json", "articles.jsonl"]).await;
    assert_eq!(stories(&first.stdout), stories(&second.stdout));
}

#[tokio::test]
async fn the_same_link_is_the_same_story_and_each_tells_every_match() {
    let world = world();
    let mut twice = [article("a", "2025-06-05T10:00:00Z", "One"), article("b", "2025-06-05T11:00:00Z", "Other words")];
    twice[0]["url"] = json!("https://herald.example/story?utm_source=feed");
    twice[1]["url"] = json!("http://herald.example/story/");
    world.write("twice.jsonl", &twice.map(|line| line.to_string()).join("\n"));
    let folded = lines(&world.run(&["replay", "--json", "twice.jsonl"]).await.stdout);
    assert_eq!((&folded[1]["type"], &folded[1]["story"]), (&json!("update"), &folded[0]["story"]));
    let each = lines(&world.run(&["replay", "--json", "--each", "twice.jsonl"]).await.stdout);
    assert_eq!((&each[1]["type"], &each[2]["matches"]), (&json!("match"), &json!(2)));
    assert!(each[2]["match_seconds"].as_f64().unwrap() > 0.0);
}

#[tokio::test]
async fn a_line_that_cannot_be_read_is_named_and_the_rest_is_replayed() {
    let world = world();
    let good = article("a", "2025-06-05T10:00:00Z", "First");
    world.write("damaged.jsonl", &format!("{good}\n{{\"id\": 3\n"));
    let replayed = world.run(&["replay", "--json", "damaged.jsonl"]).await;
    assert_eq!(replayed.code, Some(1));
    assert!(replayed.stderr.contains("damaged.jsonl:2:"), "{}", replayed.stderr);
    assert_eq!(lines(&replayed.stdout)[0]["article"], "a");
}

#[tokio::test]
async fn a_feed_can_be_replayed_as_it_is() {
    let world = world();
    world.write("feed.xml", &crate::world::rss(&[("1", "A duty is announced", ""), ("2", "Nothing of note", "")]));
    let replayed = world.run(&["replay", "--json", "feed.xml"]).await;
    assert_eq!(lines(&replayed.stdout)[0]["title"], "A duty is announced");
}
