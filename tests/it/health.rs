//! The health of feeds as people are told of it: once for each spell, in one thread, and when it is over.

use axum::response::Response;
use mailparse::MailHeaderMap;
use serde_json::Value;

use crate::support::desk::{Asked, Desk, Scripted, Time, answer, feed};
use crate::support::scene::{Item, Scene, config};
use crate::support::{FeedServer, Hook, Mailbox, Page};
use crate::world::World;

const RULE: &str = "[rules.feeds]\nhealth = [\"failing\", \"retired\", \"stale\", \"gap\"]\n";
const HOUR: i64 = 3_600;

/// What was told of feeds: whether it was an alert, the condition, and the words.
fn told(desk: &Desk) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("well").to_owned();
    desk.told().iter().map(|told| (text(&told["type"]), text(&told["health"]["condition"]), text(&told["title"]))).collect()
}

/// A feed that answers so for its first three days, and properly from then on.
async fn ailing(ail: impl Fn(&Asked) -> Response + Send + Sync + 'static) -> (Scripted, Desk) {
    let time = Time::new();
    let script = move |asked: &Asked| if asked.at < 72 * HOUR { ail(asked) } else { answer(200, &[], feed(&["a"], "")) };
    let server = Scripted::start("127.0.0.1", &time, script).await;
    let desk = Desk::open(&time, &config(&server, &["wire"], RULE)).await;
    (server, desk)
}

#[tokio::test]
async fn a_feed_that_cannot_be_read_rings_once_and_once_more_when_it_can_whatever_the_reason() {
    for status in [401, 403, 404, 451, 500, 511, 200] {
        let page = if status == 200 { "" } else { "<html><body>Please log in</body></html>" };
        let (server, mut desk) = ailing(move |_| answer(status, &[("content-type", "text/html")], page)).await;
        desk.work_restlessly_until(70).await;
        assert!(server.times("/wire").len() > 10, "{status}: it is still asked");
        assert_eq!(told(&desk).len(), 1, "{status}: {:?}", told(&desk));
        assert_eq!((told(&desk)[0].0.as_str(), told(&desk)[0].1.as_str()), ("alert", "failing"));
        desk.work_restlessly_until(80).await;
        assert_eq!(
            told(&desk)[1..].iter().map(|told| (told.0.as_str(), told.1.as_str())).collect::<Vec<_>>(),
            [("update", "well")]
        );
        let stories: Vec<String> = desk.told().iter().map(|told| told["story"].to_string()).collect();
        assert_eq!(stories[0], stories[1]);
    }
}

#[tokio::test]
async fn a_feed_that_is_gone_for_good_rings_at_once_and_when_its_address_is_put_right() {
    let (server, mut desk) =
        ailing(|asked| if asked.path == "/wire" { answer(410, &[], "") } else { answer(200, &[], feed(&["a"], "")) }).await;
    desk.work_until(48).await;
    assert_eq!(server.times("/wire").len(), 1);
    assert_eq!(told(&desk).len(), 1);
    assert_eq!(told(&desk)[0].1, "retired");
    desk.reconfigure(&config(&server, &["wire"], RULE).replace("/wire\"", "/right\"")).await;
    desk.work_until(49).await;
    assert_eq!(told(&desk)[1..].iter().map(|told| told.1.as_str()).collect::<Vec<_>>(), ["well"]);
    assert_eq!(desk.told()[0]["story"], desk.told()[1]["story"]);
}

#[tokio::test]
async fn a_feed_that_falls_silent_rings_by_its_own_rhythm_and_weekends_are_no_silence() {
    let time = Time::new();
    // an office: every hour from nine to five from Monday to Friday, but for the fifth week
    let published = |at: i64| {
        let hours = (0..at / HOUR).filter(|hour| (9..17).contains(&(hour % 24)) && hour / 24 % 7 < 5 && hour / 168 != 4);
        hours.map(|hour| format!("item {hour}")).collect::<Vec<_>>()
    };
    let script = move |asked: &Asked| {
        let ids = published(asked.at);
        let latest: Vec<&str> = ids.iter().rev().take(15).map(String::as_str).collect();
        answer(200, &[], feed(&latest, ""))
    };
    let server = Scripted::start("127.0.0.1", &time, script).await;
    let mut desk = Desk::open(&time, &config(&server, &["wire"], RULE)).await;
    desk.work_until(4 * 168 + 6).await;
    assert_eq!(told(&desk), [], "four weekends");
    desk.work_until(5 * 168).await;
    let alerts = told(&desk);
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    assert_eq!(alerts[0].1, "stale");
    assert!(alerts[0].2.starts_with("wire has been quiet for ") && alerts[0].2.contains(" days, usually "), "{alerts:?}");
    desk.work_until(6 * 168).await;
    assert_eq!(told(&desk).iter().map(|told| told.1.as_str()).collect::<Vec<_>>(), ["stale", "well"]);
}

#[tokio::test]
async fn a_feed_that_outruns_us_rings_until_it_is_kept_up_with() {
    let scene = Scene::open(&["wire"], RULE).await;
    let items =
        |from: usize| -> Vec<Item> { (from..from + 5).map(|n| Item::new(n, &format!("Item {n}"), scene.time.now())).collect() };
    for from in [0, 10, 20, 30, 33, 36] {
        scene.bring("wire", &items(from)).await;
    }
    assert_eq!(told(&scene.desk).iter().map(|told| told.1.as_str()).collect::<Vec<_>>(), ["gap", "well"]);
}

#[tokio::test]
async fn one_feed_after_the_other_tells_of_itself_alone() {
    let scene = Scene::open(&["a", "b", "c"], RULE).await;
    for feed in ["a", "b", "c"] {
        scene.publish(feed, feed_of(feed));
    }
    scene.poll().await;
    scene.remove("b");
    for _ in 0..12 {
        scene.poll().await;
    }
    scene.remove("a");
    scene.publish("b", feed_of("b"));
    for _ in 0..30 {
        scene.poll().await;
    }
    let of = |feed: &str| {
        let told = scene.desk.told().into_iter().filter(|told| told["health"]["feed"] == feed);
        told.map(|told| told["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((of("a"), of("b"), of("c")), (vec!["alert".into()], vec!["alert".into(), "update".into()], vec![]));
}

#[tokio::test]
async fn an_outage_of_everything_rings_once_and_is_no_outage_of_any_feed() {
    let (time, names) = (Time::new(), (0..30).map(|n| format!("f{n}")).collect::<Vec<_>>());
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let server = Scripted::start("127.0.0.1", &time, |asked| answer(200, &[], feed(&[&asked.path], ""))).await;
    let up = config(&server, &names, RULE);
    let mut desk = Desk::open(&time, &up.replace("http://127.0.0.1:", "http://127.0.0.1:1/")).await;
    desk.work_until(24).await;
    assert_eq!(told(&desk).len(), 1, "{:?}", told(&desk));
    assert!(told(&desk)[0].2.ends_with("nor has any other feed answered since"));
    desk.reconfigure(&up).await;
    desk.work_until(30).await;
    assert_eq!(told(&desk).iter().map(|told| told.1.as_str()).collect::<Vec<_>>(), ["failing", "well"]);
}

fn feed_of(id: &str) -> String {
    feed(&[id], "")
}

#[tokio::test]
async fn an_alert_about_a_feed_reads_well_as_mail_and_as_json() {
    let (feeds, mailbox, hook) = (FeedServer::start().await, Mailbox::start().await, Hook::start().await);
    feeds.publish("/gone.xml", Page::status(410));
    let world = World::new(&format!(
        "[feeds.gone]\nurl = \"{}\"\noutlet = \"The Ministry\"\n[rules.feeds]\nhealth = \"retired\"\nseverity = \"high\"\n
         [receivers.desk.email]\nfrom = \"w@example.org\"\nto = [\"desk@example.org\"]\nsmtp = \"smtp://127.0.0.1:{}\"\n
         [receivers.ops.webhook]\nurl = \"{}\"\n",
        feeds.url("/gone.xml"),
        mailbox.port(),
        hook.url()
    ));
    let pass = world.run(&["run", "--once"]).await;
    assert_eq!(pass.code, Some(0), "{}", pass.stderr);
    let mails = mailbox.mails();
    let mail = mailparse::parse_mail(&mails[0].bytes).unwrap();
    let says = "The Ministry (gone) is gone for good, its server says (410), and is asked no more";
    assert_eq!(mail.headers.get_first_value("Subject").unwrap(), format!("[high] feeds: {says}"));
    let text = mail.subparts[0].get_body().unwrap();
    let labels: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(labels, ["feed", "outlet", "since", "answered", "link", "story", "created"], "{text}");
    let body = hook.calls()[0].json();
    assert_eq!((&body["type"], &body["data"]["health"]["feed"]), (&"alert.new".into(), &"gone".into()));
    assert_eq!((&body["data"]["health"]["condition"], &body["data"]["event"]), (&"retired".into(), &Value::Null));
    world.run(&["run", "--once"]).await;
    assert_eq!(hook.calls().len(), 1);

    let listed = world.run(&["feeds", "list", "--json"]).await.stdout;
    assert_eq!(serde_json::from_str::<Value>(listed.trim()).unwrap()["health"], serde_json::json!(["retired"]));
    let explained = world.run(&["explain", "--rule", "feeds", "/dev/null"]).await;
    assert!(
        explained.stdout.contains("it asks how feeds are and not what they bring"),
        "{}{}",
        explained.stdout,
        explained.stderr
    );
}

#[tokio::test]
async fn a_mistake_in_a_rule_on_feeds_is_told_with_a_hint() {
    for (rule, says) in [
        ("health = \"stail\"", "did you mean `stale`?"),
        ("health = []", "the list is empty"),
        ("health = \"stale\"\nwhen = 'steel'", "make two rules of it"),
        ("health = \"stale\"\nactors = [\"@leaders\"]", "unknown key `actors`"),
        ("when = 'steel'\nfor = \"1h\"", "unknown key `for`"),
        ("health = \"stale\"\nfor = \"long\"", "`long` is not a duration"),
    ] {
        let world = World::new(&format!("[feeds.a]\nurl = \"https://news.example/\"\n[rules.feeds]\n{rule}\n"));
        let checked = world.run(&["check"]).await;
        assert_eq!(checked.code, Some(78), "{rule}");
        assert!(checked.stderr.contains(says), "{rule}: {}", checked.stderr);
    }
    let asks = "[rules.feeds]\nhealth = \"stale\"\n[rules.other]\nwhen = 'rule:feeds'\n";
    let checked = World::new(asks).run(&["check"]).await;
    assert_eq!(checked.code, Some(78), "{}", checked.stderr);
}

#[tokio::test]
async fn a_feed_that_was_dead_before_does_not_hush_an_outage_of_all_others() {
    let time = Time::new();
    let script = |asked: &Asked| match asked.path.as_str() {
        "/dead" => answer(404, &[], ""),
        _ if asked.at >= 48 * HOUR => answer(302, &[("location", "http://127.0.0.1:1/nobody-listens")], ""),
        path => answer(200, &[], feed(&[path], "")),
    };
    let server = Scripted::start("127.0.0.1", &time, script).await;
    let other = "[rules.dead]\nhealth = \"failing\"\nfeeds = [\"dead\"]\n";
    let mut desk = Desk::open(&time, &config(&server, &["dead", "a", "b", "c"], &format!("{RULE}{other}"))).await;
    desk.work_until(47).await;
    assert_eq!(told(&desk).len(), 2, "{:?}", told(&desk));
    desk.work_until(72).await;
    let told = told(&desk);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[2].2.ends_with("nor has any other feed answered since"), "{told:?}");
}
