//! The rule language from outside: events in expressions, other services' texts, rules as they are read.

use std::path::Path;

use serde_json::{Value, json};

use crate::world::World;

/// A world whose configuration is the shipped packs and these rules.
fn world(rules: &str) -> World {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/packs");
    let include = "include = [\"packs/*.toml\", \"packs/leaders/*.toml\", \"packs/events/*.toml\"]\n";
    let world = World::with_config(&format!("{include}{rules}"));
    std::os::unix::fs::symlink(packs, world.path().join("packs")).unwrap();
    world
}

/// The rules that fire for an article, with the words each rests on.
async fn fired(world: &World, title: &str, text: &str) -> Vec<(String, Vec<String>)> {
    let article = json!({"id": "a", "outlet": "Herald", "published": "2025-06-05T14:00:00Z", "title": title, "text": text});
    world.write("article.jsonl", &format!("{article}\n"));
    let replayed = world.run(&["replay", "--each", "--json", "article.jsonl"]).await;
    assert_eq!(replayed.code, Some(0), "{}", replayed.stderr);
    let lines = replayed.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let words =
        |line: &Value| line["why"].as_array().unwrap().iter().map(|why| why["text"].as_str().unwrap().to_owned()).collect();
    lines.filter(|line| line["type"] == "match").map(|line| (line["rule"].as_str().unwrap().to_owned(), words(&line))).collect()
}

#[tokio::test]
async fn an_expression_can_ask_for_an_event() {
    let world = world("[rules.calls-on-ore]\nwhen = '#leader-call AND ore'\n[rules.calls]\nevent = 'leader-call'\n");
    let call = "Donald Trump and Xi Jinping spoke by phone on Thursday about ore.";
    let found = fired(&world, "Trump speaks with Xi by phone", call).await;
    assert_eq!(found.iter().map(|(rule, _)| rule.as_str()).collect::<Vec<_>>(), ["calls", "calls-on-ore"]);
    let why = &found[1].1;
    assert!(why.contains(&"ore".to_owned()) && why.iter().any(|word| word.contains("Trump")), "{why:?}");
    assert_eq!(fired(&world, "Ore is dear", "Ore prices rose on Thursday.").await, []);
}

#[tokio::test]
async fn a_text_of_another_service_rings_and_is_printed_in_our_language() {
    let rules = "[rules.nexis]\ndialect = 'nexis'\nwhen = 'hlead(rare earth w/5 control!) and not quiz'\n\
                 [rules.factiva]\ndialect = 'factiva'\nwhen = 'hd=(rare earth near5 control*) not quiz'\n";
    let world = World::with_config(rules);
    let printed = world.run(&["check", "--rules"]).await;
    assert_eq!(printed.code, Some(0));
    assert_eq!(
        printed.stdout,
        "factiva: title:(\"rare earth\" NEAR/5 control*) AND NOT quiz\nnexis: hlead:(\"rare earth\" NEAR/5 control*) AND NOT quiz\n"
    );
    let found = fired(&world, "Rare earth controls widen", "More to come.").await;
    assert_eq!(found.iter().map(|(rule, _)| rule.as_str()).collect::<Vec<_>>(), ["factiva", "nexis"]);
    let as_json = world.run(&["check", "--rules", "--json"]).await.stdout;
    let first: Value = serde_json::from_str(as_json.lines().next().unwrap()).unwrap();
    assert_eq!(first, json!({"rule": "factiva", "expression": "title:(\"rare earth\" NEAR/5 control*) AND NOT quiz"}));
}

#[tokio::test]
async fn what_is_printed_is_read_as_the_same_rule() {
    let rules = "[rules.a]\nwhen = '''a AND (b OR \"c d\") NEAR/3 ef* AND NOT title:(f OR CASE(G))'''\n";
    let printed = World::with_config(rules).run(&["check", "--rules"]).await.stdout;
    let expression = printed.trim().strip_prefix("a: ").unwrap();
    let again = World::with_config(&format!("[rules.a]\nwhen = '''{expression}'''\n")).run(&["check", "--rules"]).await;
    assert_eq!((again.stdout, again.stderr.as_str()), (printed, ""));
}
