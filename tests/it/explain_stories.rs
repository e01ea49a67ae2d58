//! `explain` beside a state: which story an article joins or opens, and which it nearly joined.

use jiff::{Timestamp, ToSpan};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::updates::{CALL, DENIED, Item, READOUT, Scene, scene};

impl Scene {
    /// What `explain` says of an item that appears in some days, under the rule on calls.
    async fn explained(&self, feed: &str, outlet: &str, (id, title, text): Item, in_days: i64) -> Value {
        let published = Timestamp::now() + (in_days * 24).hours();
        let article = json!({"id": id, "feed": feed, "outlet": outlet, "published": published, "title": title, "text": text});
        self.world.write("article.json", &article.to_string());
        let finished = self.world.run(&["explain", "--json", "--rule", "calls", "article.json"]).await;
        assert_eq!((finished.code, finished.stderr.as_str()), (Some(0), ""));
        serde_json::from_str(&finished.stdout).unwrap()
    }

    async fn in_words(&self) -> String {
        self.world.run(&["explain", "--rule", "calls", "article.json"]).await.stdout
    }

    /// The only story that the state holds.
    fn story(&self) -> String {
        let state = Connection::open(self.world.path().join("wirewatch.db")).unwrap();
        state.query_row("SELECT id FROM story", [], |row| row.get(0)).unwrap()
    }
}

fn finding(explained: &Value) -> &Value {
    &explained["rules"][0]["found"][0]
}

#[tokio::test]
async fn an_article_on_a_known_event_joins_its_story_with_what_is_new() {
    let scene = scene("").await;
    scene.publish("/wire.xml", &[CALL]).await;
    let explained = scene.explained("palace", "The Palace", READOUT, 0).await;
    let story = &finding(&explained)["story"];
    assert_eq!((&story["place"], &story["story"]), (&json!("joins"), &json!(scene.story())));
    assert_eq!((&story["because"], &story["title"]), (&json!("the same event"), &json!(CALL.1)));
    assert_eq!(story["changes"][0]["words"], "The Palace tells it, for France");
    let words = scene.in_words().await;
    assert!(words.contains(&format!("    story    joins {} “{}”: the same event\n", scene.story(), CALL.1)), "{words}");
    assert!(words.contains("    new      The Palace tells it, for France\n"), "{words}");
}

#[tokio::test]
async fn an_article_on_another_day_opens_a_story_and_names_the_one_it_missed() {
    let scene = scene("").await;
    scene.publish("/wire.xml", &[CALL]).await;
    let explained = scene.explained("wire", "Example Wire", READOUT, 5).await;
    let found = finding(&explained);
    assert_eq!(found["story"]["place"], "opens");
    let nearest = &found["nearest"][0];
    assert_eq!((&nearest["story"], &nearest["title"]), (&json!(scene.story()), &json!(CALL.1)));
    assert_eq!((&nearest["compared"][0], &nearest["compared"][1]), (&json!("same actors"), &json!("5 days apart")));
    assert!(scene.in_words().await.contains("same actors, 5 days apart"));
}

#[tokio::test]
async fn a_denial_is_explained_by_the_story_it_denies() {
    let scene = scene("").await;
    let alone = scene.explained("wire", "Example Wire", DENIED, 0).await;
    assert_eq!((&alone["rules"][0]["because"], &alone["rules"][0]["fired"]), (&json!("other-status"), &json!(false)));
    scene.publish("/wire.xml", &[CALL]).await;
    let explained = scene.explained("wire", "Example Wire", DENIED, 0).await;
    assert_eq!((&explained["rules"][0]["because"], &explained["rules"][0]["fired"]), (&json!("story-denied"), &json!(true)));
    assert_eq!(finding(&explained)["story"]["changes"][0]["what"], "denied");
}

#[tokio::test]
async fn what_cannot_be_compared_says_so_in_a_line() {
    let scene = scene("").await;
    let explained = scene.explained("wire", "Example Wire", CALL, 0).await;
    assert_eq!(explained["state"], "there is no state at wirewatch.db to compare it with");
    scene.publish("/wire.xml", &[CALL]).await;
    let state = Connection::open(scene.world.path().join("wirewatch.db")).unwrap();
    state.execute_batch("PRAGMA user_version = 1").unwrap();
    let explained = scene.explained("wire", "Example Wire", READOUT, 0).await;
    assert!(explained["state"].as_str().unwrap().contains("was written by an older wirewatch"), "{explained}");
    assert_eq!(finding(&explained)["story"]["place"], "opens");
}
