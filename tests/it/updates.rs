//! What later articles bring: told under the alert if it is material, kept with the story in any case.

use std::path::Path;

use mailparse::MailHeaderMap;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{FeedServer, Hook, Mail, Mailbox, Page};
use crate::world::{World, rss};

pub type Item = (&'static str, &'static str, &'static str);

const IMPOSED: Item = (
    "1",
    "Canada imposes 10% tariff on Mexican steel",
    "OTTAWA - Canada today imposed a tariff of 10% on steel from Mexico, the finance department said.",
);
const RETOLD: Item = (
    "2",
    "Canada puts tariff of 10% on steel from Mexico",
    "Canada has imposed a tariff of 10% on steel from Mexico, its finance department announced today.",
);
const RAISED: Item = (
    "3",
    "Canada imposes tariff of 25% on steel from Mexico, not 10%",
    "OTTAWA - Canada imposed a tariff of 25% on steel from Mexico today, the finance department said in a corrected notice.",
);
pub const CALL: Item = ("4", "Amber, Birch speak by phone", "Chancellor Ada Amber spoke by phone with President Bo Birch today.");
pub const READOUT: Item = (
    "5",
    "Readout of a telephone conversation",
    "President Bo Birch held a phone call with German Chancellor Ada Amber today, his office said.",
);
pub const DENIED: Item = (
    "6",
    "Berlin: no phone call between Amber and Birch",
    "There was no phone call between Chancellor Ada Amber and President Bo Birch, a spokesman said. He denied that they spoke by phone.",
);

pub struct Scene {
    feeds: FeedServer,
    mailbox: Mailbox,
    hook: Hook,
    pub world: World,
}

/// Two feeds, of which one is the French side's own; rules on calls and tariffs with these `updates`; a mailbox and a webhook.
pub async fn scene(updates: &str) -> Scene {
    let (feeds, mailbox, hook) = (FeedServer::start().await, Mailbox::start().await, Hook::start().await);
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/packs");
    let included: Vec<String> = ["cues", "offices", "countries", "institutions", "events/leader-call", "events/tariff-change"]
        .iter()
        .map(|pack| format!("\"{}/{pack}.toml\"", packs.display()))
        .collect();
    let world = World::with_config(&format!(
        r#"
        include = [{included}]
        http.allow_private_addresses = true
        [feeds]
        wire = {{ url = "{wire}", outlet = "Example Wire" }}
        palace = {{ url = "{palace}", outlet = "The Palace", tags = ["official", "fr"] }}
        [rules]
        calls = {{ event = "leader-call", severity = "high"{updates} }}
        tariffs = {{ event = "tariff-change"{updates} }}
        [receivers.desk.email]
        from = "Wirewatch <wirewatch@example.org>"
        to = ["desk@example.org"]
        smtp = "smtp://127.0.0.1:{port}"
        [receivers.ops.webhook]
        url = "{hook}"
        [actors.ada]
        names = ["Ada Amber", "Amber"]
        country = "de"
        office = [{{ role = "head-of-government" }}]
        [actors.bo]
        names = ["Bo Birch", "Birch"]
        country = "fr"
        office = [{{ role = "head-of-state" }}]
        [actors.cy]
        names = ["Cy Cedar", "Cedar"]
        country = "it"
        office = [{{ role = "head-of-government" }}]
        "#,
        included = included.join(", "),
        wire = feeds.url("/wire.xml"),
        palace = feeds.url("/palace.xml"),
        port = mailbox.port(),
        hook = hook.url(),
    ));
    feeds.publish("/wire.xml", Page::feed(rss(&[])));
    feeds.publish("/palace.xml", Page::feed(rss(&[])));
    Scene { feeds, mailbox, hook, world }
}

impl Scene {
    /// Publishes items in a feed, and lets one pass over the feeds say what came of it.
    pub async fn publish(&self, feed: &str, items: &[Item]) -> String {
        self.feeds.publish(feed, Page::feed(rss(items)));
        let pass = self.world.run(&["run", "--once"]).await;
        assert_eq!(pass.code, Some(0), "{}", pass.stderr);
        pass.stdout
    }

    /// What the state keeps of its stories' articles: each with what was new in it.
    fn kept(&self) -> Vec<(String, Value)> {
        let state = Connection::open(self.world.path().join("wirewatch.db")).unwrap();
        let mut tellings = state.prepare("SELECT article, changes FROM telling ORDER BY told_at, article").unwrap();
        let rows = tellings.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?))).unwrap();
        rows.map(|row| row.map(|(article, changes)| (article, serde_json::from_str(&changes).unwrap())).unwrap()).collect()
    }

    /// The news that the webhook was told, one text an update.
    fn news(&self) -> Vec<String> {
        let calls = self.hook.calls().into_iter().map(|call| call.json());
        let updates = calls.filter(|body| body["type"] == "alert.update");
        updates.map(|body| words(&body["data"]["changes"]).join("; ")).collect()
    }
}

fn words(changes: &Value) -> Vec<String> {
    changes.as_array().into_iter().flatten().map(|change| change["words"].as_str().unwrap().to_owned()).collect()
}

fn header(mail: &Mail, name: &str) -> String {
    mailparse::parse_mail(&mail.bytes).unwrap().headers.get_first_value(name).unwrap_or_default()
}

fn text(mail: &Mail) -> String {
    mailparse::parse_mail(&mail.bytes).unwrap().subparts[0].get_body().unwrap()
}

#[tokio::test]
async fn a_new_rate_is_mailed_under_the_alert_and_a_retelling_is_not() {
    let scene = scene("").await;
    scene.publish("/wire.xml", &[IMPOSED]).await;
    let retold = scene.publish("/wire.xml", &[IMPOSED, RETOLD]).await;
    assert!(retold.contains("stories: 0 new, 1 retold; deliveries: 0 made"), "{retold}");
    let raised = scene.publish("/wire.xml", &[IMPOSED, RETOLD, RAISED]).await;
    assert!(raised.contains("stories: 0 new, 1 retold; deliveries: 2 made"), "{raised}");

    let mails = scene.mailbox.wait_for(2).await;
    assert_eq!(mails.len(), 2);
    assert_eq!(header(&mails[1], "Subject"), format!("[medium] tariffs: update: {}", RAISED.1));
    assert_eq!(header(&mails[1], "In-Reply-To"), header(&mails[0], "Message-ID"));
    assert_eq!(text(&mails[1]).lines().nth(1), Some("What is new: a rate of 25% (10% so far)"));
    assert_eq!(scene.news(), ["a rate of 25% (10% so far)"]);
    let change = json!([{"what": "rate", "from": "10%", "to": "25%", "words": "a rate of 25% (10% so far)"}]);
    let kept = scene.kept();
    let changes: Vec<&Value> = kept.iter().map(|(_, changes)| changes).collect();
    assert_eq!(changes, [&json!([]), &json!([]), &change]);
}

#[tokio::test]
async fn further_reports_ring_where_all_are_asked_for_and_none_where_none_are() {
    for (updates, mails, told) in [("all", 2, "Nothing new; also reported by Example Wire"), ("none", 1, "")] {
        let scene = scene(&format!(", updates = \"{updates}\"")).await;
        scene.publish("/wire.xml", &[IMPOSED]).await;
        scene.publish("/wire.xml", &[IMPOSED, RETOLD]).await;
        let sent = scene.mailbox.wait_for(mails).await;
        assert_eq!(sent.len(), mails, "{updates}");
        assert!(text(sent.last().unwrap()).contains(told), "{updates}");
        if updates == "none" {
            scene.publish("/wire.xml", &[IMPOSED, RETOLD, RAISED]).await;
            assert_eq!(scene.mailbox.mails().len(), 1);
            assert_eq!(scene.kept()[2].1[0]["what"], "rate", "the story keeps what nobody is told");
        }
    }
}

#[tokio::test]
async fn the_other_sides_readout_is_news_once() {
    let scene = scene("").await;
    scene.publish("/wire.xml", &[CALL]).await;
    scene.publish("/palace.xml", &[READOUT]).await;
    let again = ("7", "Second readout of the telephone conversation", READOUT.2);
    scene.publish("/palace.xml", &[READOUT, again]).await;
    assert_eq!(scene.news(), ["The Palace tells it, for France"]);
    assert_eq!(scene.kept().len(), 3);
}

#[tokio::test]
async fn an_article_on_two_halves_of_a_joint_call_brings_its_news_once() {
    let scene = scene("").await;
    let joint = (
        "9",
        "Joint call of Amber, Birch and Cedar",
        "Ada Amber, Bo Birch and Cy Cedar spoke together in a joint phone call today, the three leaders said.",
    );
    let halves = (
        "10",
        "President Birch on the phone",
        "President Bo Birch spoke by phone with Chancellor Ada Amber today.\n\nPresident Bo Birch also spoke by phone with Cy Cedar today.",
    );
    scene.publish("/wire.xml", &[joint]).await;
    let told = scene.publish("/palace.xml", &[halves]).await;
    assert!(told.contains("stories: 0 new, 2 retold"), "{told}");
    assert_eq!(scene.news(), ["The Palace tells it, for France"]);
    assert_eq!(scene.kept()[1].1[0]["what"], "side", "what the first half brought is kept with the article");
}

#[tokio::test]
async fn a_denial_of_what_rang_goes_out_and_one_of_nothing_does_not() {
    let scene = scene("").await;
    let denied = scene.publish("/wire.xml", &[DENIED]).await;
    assert!(denied.contains("stories: 0 new, 0 retold"), "{denied}");
    scene.publish("/wire.xml", &[DENIED, CALL]).await;
    let again = ("8", DENIED.1, DENIED.2);
    scene.publish("/wire.xml", &[DENIED, CALL, again]).await;
    assert_eq!(scene.news(), ["denied, by the account of Example Wire"]);
    let mails = scene.mailbox.wait_for(2).await;
    assert_eq!(header(&mails[1], "In-Reply-To"), header(&mails[0], "Message-ID"));
}

#[tokio::test]
async fn an_article_that_is_edited_adds_to_its_own_story_what_is_new_and_nothing_else() {
    let scene = scene("").await;
    let forty = "OTTAWA - Canada imposed a tariff of 40% on steel from Mexico today, the finance department said.";
    for (title, text) in [
        (IMPOSED.1, IMPOSED.2),
        (RETOLD.1, RETOLD.2),
        (RAISED.1, RAISED.2),
        (RAISED.1, "OTTAWA - Canada imposed a tariff of 25% on steel from Mexico today, its department of finance has said."),
        ("Canada imposes tariff of 40% on steel from Mexico", forty),
    ] {
        scene.publish("/wire.xml", &[(IMPOSED.0, title, text)]).await;
    }
    assert_eq!(scene.news(), ["a rate of 25% (10% so far)", "a rate of 40% (25% so far)"]);
    assert_eq!(scene.kept().len(), 1);
}

#[tokio::test]
async fn a_state_of_an_older_version_opens_and_its_stories_go_on() {
    let scene = scene("").await;
    scene.publish("/wire.xml", &[IMPOSED]).await;
    let state = Connection::open(scene.world.path().join("wirewatch.db")).unwrap();
    let back = "ALTER TABLE story DROP COLUMN known; DROP TABLE telling; DROP INDEX seen_by_link;
        CREATE TABLE telling (story TEXT NOT NULL, article TEXT NOT NULL, link TEXT, because TEXT NOT NULL, told_at INTEGER NOT NULL,
            document TEXT NOT NULL, PRIMARY KEY (story, article)) STRICT, WITHOUT ROWID;
        ALTER TABLE seen DROP COLUMN link; ALTER TABLE seen DROP COLUMN digest; ALTER TABLE seen DROP COLUMN sketch;
        ALTER TABLE seen DROP COLUMN silent; ALTER TABLE seen DROP COLUMN last_at; ALTER TABLE feed DROP COLUMN forgotten; DROP INDEX feed_by_host; ALTER TABLE feed DROP COLUMN host; ALTER TABLE feed DROP COLUMN habits; DROP TABLE busy_host; DROP INDEX outbox_not_delivered;
        DROP TABLE subscription; PRAGMA user_version = 1;";
    state.execute_batch(back).unwrap();
    drop(state);
    scene.publish("/wire.xml", &[IMPOSED, RETOLD]).await;
    scene.publish("/wire.xml", &[IMPOSED, RETOLD, RAISED]).await;
    assert_eq!(scene.news(), ["a rate of 25% (10% so far)"]);
}

#[tokio::test]
async fn replay_prints_every_joining_article_with_what_is_new_in_it() {
    let scene = scene("").await;
    let line = |(id, title, text): Item, minute: u32| {
        let published = format!("2025-06-05T10:{minute:02}:00Z");
        json!({"id": id, "outlet": "Herald", "published": published, "title": title, "text": text}).to_string()
    };
    let articles = [line(IMPOSED, 1), line(RETOLD, 2), line(RAISED, 3)].join("\n");
    scene.world.write("articles.jsonl", &articles);
    let replayed = scene.world.run(&["replay", "--json", "articles.jsonl"]).await;
    let lines: Vec<Value> = replayed.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<(&str, Vec<String>)> =
        lines[..3].iter().map(|line| (line["type"].as_str().unwrap(), words(&line["changes"]))).collect();
    let new = vec!["a rate of 25% (10% so far)".to_owned()];
    assert_eq!(told, [("alert", vec![]), ("update", vec![]), ("update", new.clone())]);
    assert!(lines[1].get("changes").is_none(), "a further report carries no empty list");
    let in_words = scene.world.run(&["replay", "articles.jsonl"]).await;
    assert!(in_words.stdout.contains(&format!("new: {}", new[0])), "{}", in_words.stdout);
}

#[tokio::test]
async fn a_choice_of_updates_that_is_none_is_a_mistake_with_a_hint() {
    let checked = World::with_config("[rules.a]\nwhen = 'duty'\nupdates = \"some\"\n").run(&["check"]).await;
    assert_eq!(checked.code, Some(78));
    let told = checked.stderr.contains("`some` is not a choice of updates") && checked.stderr.contains("material, all, none");
    assert!(told, "{}", checked.stderr);
}
