//! `explain`: why each rule does or does not fire on one article.

use std::path::Path;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use serde_json::{Value, json};

use crate::world::World;

const RULES: &str = r#"
[feeds.herald]
url = "https://herald.example/feed"

[feeds.other]
url = "https://other.example/feed"

[rules.duties]
when = "dut?* NEAR/5 steel"
severity = "high"

[rules.elsewhere]
when = "steel"
feeds = ["other"]

[rules.quotas]
when = "quota"
"#;

fn bundled() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("config/wirewatch.toml").to_str().unwrap().to_owned()
}

fn article(title: &str, text: &str) -> String {
    json!({"id": "a", "outlet": "Herald", "published": "2025-06-05T14:00:00Z", "title": title, "text": text, "feed": "herald"})
        .to_string()
}

async fn explained(world: &World, arguments: &[&str]) -> Value {
    let finished = world.run(&[&["explain", "--json"], arguments].concat()).await;
    assert_eq!((finished.code, finished.stderr.as_str()), (Some(0), ""));
    serde_json::from_str(&finished.stdout).unwrap()
}

#[tokio::test]
async fn every_rule_says_whether_it_fires_and_why() {
    let world = World::with_config(RULES);
    world.write("article.json", &article("A <b>duty</b>", "<p>Duties on&nbsp;steel rise.</p><p>So it was said.</p>"));
    let explained = explained(&world, &["article.json"]).await;
    assert_eq!((&explained["title"], &explained["judged_at"]), (&json!("A duty"), &json!("2025-06-05T14:00:00Z")));
    assert_eq!(explained["body"], "Duties on steel rise.\nSo it was said.");
    let rules: Vec<_> = explained["rules"].as_array().unwrap().iter().map(|rule| (&rule["rule"], &rule["because"])).collect();
    let expected = [("duties", "expression-holds"), ("elsewhere", "other-feed"), ("quotas", "expression-fails")];
    assert_eq!(json!(rules), json!(expected));
    let duties = &explained["rules"][0];
    assert_eq!((&duties["fired"], &duties["severity"]), (&json!(true), &json!("high")));
    let why = json!([
        {"field": "body", "start": 0, "end": 6, "text": "Duties", "role": "term"},
        {"field": "body", "start": 10, "end": 15, "text": "steel", "role": "term"},
    ]);
    assert_eq!((&duties["found"][0]["event"], &duties["found"][0]["why"]), (&Value::Null, &why));
    assert_eq!(duties["found"][0]["story"]["place"], "opens");
}

#[tokio::test]
async fn a_text_is_explained_in_words_and_a_pipe_is_not_underlined() {
    let world = World::with_config(RULES);
    world.write("article.txt", "Steel and its price\n\nA duty on steel is raised.\n");
    let explained = world.run(&["explain", "--rule", "duties", "article.txt"]).await;
    assert_eq!((explained.code, explained.stderr.as_str()), (Some(0), ""));
    assert!(
        explained.stdout.starts_with("Steel and its price\n\nA duty on steel is raised.\n\njudged at 2"),
        "{}",
        explained.stdout
    );
    let rule = "\nduties fires: its expression holds\n    why      “duty”, “steel”\n    story    opens ";
    assert!(explained.stdout.contains(rule), "{}", explained.stdout);
    let state = "; there is no state at wirewatch.db to compare it with\n";
    assert!(explained.stdout.contains(state), "{}", explained.stdout);
}

#[tokio::test]
async fn a_rule_on_events_shows_the_tellings_it_weighed_best_first() {
    let world = World::with_config("");
    world.write(
        "article.json",
        &article("Trump speaks with Xi by phone", "Donald Trump and Xi Jinping spoke by phone on Thursday."),
    );
    let explained = explained(&world, &["--config", &bundled(), "--rule", "leader-call", "article.json"]).await;
    assert_eq!(explained["rules"].as_array().unwrap().len(), 1);
    let tellings = explained["rules"][0]["tellings"].as_array().unwrap();
    assert!(!tellings.is_empty(), "{explained}");
    assert_eq!((&tellings[0]["kind"], &tellings[0]["key"]), (&json!("leader-call"), &json!(["trump", "xi"])));
    assert!(tellings.is_sorted_by_key(|telling| -telling["score"].as_f64().unwrap()), "{explained}");
    let weights = tellings[0]["features"].as_array().unwrap().iter().map(|feature| feature["weight"].as_f64().unwrap());
    let (sum, score) = (weights.sum::<f64>(), tellings[0]["score"].as_f64().unwrap());
    assert!((sum - score).abs() < 1e-9, "features add up to {sum}, not to {score}");
}

#[tokio::test]
async fn an_expression_that_fails_says_which_of_its_parts_do() {
    let world = World::with_config("[rules.duties]\nwhen = 'dut?* AND (steel NEAR/2 rise*) AND NOT quiz'\n");
    world.write("article.json", &article("A duty", "Steel it is on which duties of any kind will rise."));
    let explained = explained(&world, &["article.json"]).await;
    let rule = &explained["rules"][0];
    let miss = "NEAR/2: the nearest pair is 10 words apart";
    assert_eq!(rule["failed"], format!("`steel NEAR/2 rise*` does not hold: {miss}"));
    let parts = rule["tree"]["parts"].as_array().unwrap();
    let holding: Vec<(&str, bool)> =
        parts.iter().map(|part| (part["expression"].as_str().unwrap(), part["holds"].as_bool().unwrap())).collect();
    assert_eq!(holding, [("dut?*", true), ("steel NEAR/2 rise*", false), ("NOT quiz", true)]);
    let words = world.run(&["explain", "article.json"]).await.stdout;
    for line in [
        "    missing  dut?* AND (steel NEAR/2 rise*) AND NOT quiz\n",
        "    holds      dut?*: “duty”, “duties”\n",
        "    missing    steel NEAR/2 rise* (NEAR/2: the nearest pair is 10 words apart)\n",
        "    holds        steel: “Steel”\n",
    ] {
        assert!(words.contains(line), "{words}");
    }
}

#[tokio::test]
async fn an_event_is_shown_by_its_parts_each_with_the_words_that_show_it() {
    let world = World::with_config("");
    let text = "WASHINGTON - US President Donald Trump spoke by phone with Chinese President Xi Jinping on Wednesday.";
    world.write("article.json", &article("Trump and Xi talk trade", text));
    let explained = explained(&world, &["--config", &bundled(), "--rule", "leader-call", "article.json"]).await;
    let found = &explained["rules"][0]["found"][0];
    let frame = &found["frame"];
    assert_eq!((&frame["participants"], &frame["trigger"]), (&json!(["trump", "xi"]), &json!(["by phone"])));
    assert_eq!((&frame["status"], &frame["cue"]), (&json!("occurred"), &json!("spoke")));
    assert_eq!((&frame["date"], &frame["expression"]), (&json!("2025-06-04"), &json!("Wednesday")));
    let roles: Vec<&str> = found["why"].as_array().unwrap().iter().map(|place| place["role"].as_str().unwrap()).collect();
    assert!(["actor", "trigger", "cue", "date"].iter().all(|role| roles.contains(role)), "{roles:?}");

    world.write("article.jsonl", &article("Trump and Xi talk trade", text));
    let replayed = world.run(&["replay", "--json", "--config", &bundled(), "article.jsonl"]).await.stdout;
    let alert: Value = serde_json::from_str(replayed.lines().next().unwrap()).unwrap();
    assert_eq!((&alert["why"], &alert["story"]), (&found["why"], &found["story"]["story"]), "the alert says the same");
}

#[tokio::test]
async fn an_event_that_stands_otherwise_says_by_which_word() {
    let world = World::with_config("");
    let text = "US President Donald Trump will speak by phone with Chinese President Xi Jinping, the White House said.";
    world.write("article.json", &article("Trump will speak with Xi by phone", text));
    let explained = explained(&world, &["--config", &bundled(), "--rule", "leader-call", "article.json"]).await;
    let rule = &explained["rules"][0];
    assert_eq!((&rule["because"], &rule["found"][0]["frame"]["cue"]), (&json!("other-status"), &json!("will")));
    let failed = rule["failed"].as_str().unwrap();
    assert!(failed.starts_with("it is told as planned (“will”)") && failed.ends_with("; asked is occurred"), "{failed}");
    assert!(rule["found"][0].get("story").is_none(), "what does not ring is in no story");
}

#[tokio::test]
async fn where_nothing_is_told_the_first_thing_missing_is_named() {
    let world = World::with_config("");
    for (text, missing) in [
        ("It rains.", "no word announces one, and nobody known is named"),
        ("Donald Trump plays golf.", "no word announces one, though “Donald Trump” is named"),
        ("A phone call woke the neighbours.", "“phone call” might announce one, but nobody known is named"),
    ] {
        world.write("article.txt", &format!("Rain\n\n{text}\n"));
        let explained = explained(&world, &["--config", &bundled(), "--rule", "leader-call", "article.txt"]).await;
        let failed = explained["rules"][0]["failed"].as_str().unwrap();
        assert_eq!(failed, missing);
    }
}

#[tokio::test]
async fn a_rule_on_events_says_when_nothing_tells_of_one() {
    let world = World::with_config("");
    world.write("article.txt", "Rain\n\nIt rains.\n");
    let explained = explained(&world, &["--config", &bundled(), "--rule", "leader-call", "article.txt"]).await;
    assert_eq!(explained["rules"][0]["because"], "nothing-told");
}

#[tokio::test]
async fn a_page_is_fetched_and_read() {
    let page = Html(
        "<html><head><title>Duty on steel</title><style>quota</style></head><body><nav><a href=/>Home</a></nav><div><p>It rises.</p></div>\
         <footer>Copyright</footer></body></html>",
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/story", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/story", get(move || async move { page }))).await });
    let explained = explained(&World::new(RULES), &[&address]).await;
    assert_eq!((&explained["title"], &explained["body"]), (&json!("Duty on steel"), &json!("It rises.")));
    assert!(explained["part"].as_str().unwrap().contains("the article found in the page"), "{explained}");
    assert_eq!(explained["rules"][0]["fired"], true);
    let refused = World::with_config(RULES).run(&["explain", &address]).await;
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""), "a private address is asked only where that is allowed");
}

#[tokio::test]
async fn what_cannot_be_explained_is_refused() {
    let world = World::with_config(RULES);
    world.write("article.txt", "Rain");
    world.write("damaged.json", "{\"id\": 3}");
    let unknown = world.run(&["explain", "--rule", "dutys", "article.txt"]).await;
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.stderr.contains("no rule `dutys`; configured are duties, "), "{}", unknown.stderr);
    for file in ["damaged.json", "nowhere.txt"] {
        let refused = world.run(&["explain", file]).await;
        assert_eq!(refused.code, Some(1));
        assert!(refused.stderr.contains(file), "{}", refused.stderr);
    }
    let unusable = World::with_config("[rules.a]\nwhen = '('\n").run(&["explain"]).await;
    assert_eq!(unusable.code, Some(78));
}
