//! Entries that come and go between two polls: noticed, reported, and fetched from the archives that feeds offer (RFC 5005).

use jiff::SignedDuration;
use rusqlite::types::Value;

use crate::support::desk::{Asked, Desk, Scripted, Time, answer, feed};
use crate::support::scene::{Item, Scene, config, rss};

const RULE: &str = "[rules.watch]\nwhen = 'embargo'\n";

/// Reports with these numbers, the newest first.
fn items(scene: &Scene, numbers: std::ops::Range<usize>) -> Vec<Item> {
    let goods = ["copper", "gallium", "soya", "tankers", "vaccines", "timber", "cotton", "turbines", "helium", "salmon"];
    let report = |number: usize| {
        let title = format!("{} and {}: embargo number {number}", goods[number % 10], goods[number / 10 % 10]);
        Item { date: String::new(), ..Item::new(number, &title, scene.time.now()) }
    };
    numbers.rev().map(report).collect()
}

fn link(relation: &str, address: &str) -> String {
    format!("<atom:link rel=\"{relation}\" href=\"{address}\"/>")
}

/// A feed that was read when it held items 1 to 5, and has gone on to 30 since.
async fn outrun(offers: &str) -> Scene {
    let scene = Scene::open(&["wire"], RULE).await;
    scene.bring("wire", &items(&scene, 1..6)).await;
    scene.publish("wire", rss(&items(&scene, 26..31), offers));
    scene
}

fn is_reported(scene: &Scene) -> bool {
    matches!(scene.desk.kept("wire", "$.gap.until"), Value::Text(_))
}

#[tokio::test]
async fn what_was_missed_is_found_in_archives_or_further_pages() {
    for relation in ["prev-archive", "next"] {
        let scene = outrun(&link(relation, "/older/3")).await;
        scene.publish("older/3", rss(&items(&scene, 16..26), &link(relation, "2")));
        scene.publish("older/2", rss(&items(&scene, 3..16), &link(relation, "1")));
        scene.publish("older/1", rss(&items(&scene, 1..3), ""));
        scene.poll().await;
        assert_eq!(scene.alerts().len(), 25, "{relation}: 6 to 30");
        assert!(!is_reported(&scene));
        assert_eq!(scene.server.times("/older/1").len(), 0, "nobody reads on once something is known");
        scene.poll().await;
        assert_eq!((scene.alerts().len(), scene.server.times("/older/3").len()), (25, 1));
    }
}

#[tokio::test]
async fn a_json_feed_may_go_on_elsewhere_too() {
    let json = |numbers: std::ops::Range<usize>, next: &str| {
        let item = |n: usize| format!("{{\"id\":\"{n}\",\"content_text\":\"{}\"}}", format!("Embargo {n}. ").repeat(n));
        let items: Vec<String> = numbers.rev().map(item).collect();
        format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"t\",\"next_url\":\"{next}\",\"items\":[{}]}}",
            items.join(",")
        )
    };
    let scene = Scene::open(&["wire"], RULE).await;
    scene.publish("wire", json(1..3, "/older"));
    scene.poll().await;
    assert_eq!(scene.server.times("/older").len(), 0, "a first answer is not gone behind");
    scene.publish("wire", json(6..9, "/older"));
    scene.publish("older", json(1..6, ""));
    scene.poll().await;
    assert_eq!(scene.desk.count("SELECT COUNT(*) FROM seen"), 8);
}

#[tokio::test]
async fn what_an_archive_held_before_the_feed_was_watched_rings_for_nobody() {
    let scene = Scene::open(&["wire"], RULE).await;
    scene.bring("wire", &items(&scene, 20..25)).await;
    scene.publish("wire", rss(&items(&scene, 30..35), &link("prev-archive", "/older")));
    scene.publish("older", rss(&items(&scene, 1..30), ""));
    scene.poll().await;
    assert_eq!(scene.alerts().len(), 10, "25 to 34");
}

#[tokio::test]
async fn the_way_back_has_an_end_and_what_was_missed_is_reported_then() {
    let endless = outrun(&link("next", "/older/0")).await;
    for page in 0..40 {
        let numbers = 1_000 + page * 5..1_005 + page * 5;
        endless.publish(&format!("older/{page}"), rss(&items(&endless, numbers), &link("next", &format!("/older/{}", page + 1))));
    }
    endless.poll().await;
    assert_eq!(endless.server.asked().iter().filter(|asked| asked.path.starts_with("/older")).count(), 10);
    assert!(is_reported(&endless));

    let circular = outrun(&link("next", "/wire")).await;
    circular.poll().await;
    assert!(circular.server.times("/wire").len() <= 3 && is_reported(&circular));
}

#[tokio::test]
async fn an_archive_that_cannot_be_read_costs_the_feed_nothing() {
    for target in ["/nowhere", "file:///etc/passwd", "http://[::1]:1/", "javascript:alert(1)"] {
        let scene = outrun(&link("prev-archive", target)).await;
        scene.poll().await;
        assert_eq!(scene.alerts().len(), 5, "{target}");
        assert!(is_reported(&scene));
        assert_eq!(scene.desk.kept("wire", "failures"), Value::Integer(0));
    }
}

#[tokio::test]
async fn a_feed_that_outruns_us_is_asked_twice_as_soon() {
    let mut scene = Scene::open(&["wire"], RULE).await;
    let config = config(&scene.server, &["wire"], RULE).replace("every = \"30m\"\n", "");
    scene.desk.reconfigure(&config).await;
    scene.bring("wire", &items(&scene, 1..6)).await;
    let Value::Integer(before) = scene.desk.kept("wire", "interval_ms") else { panic!() };
    scene.time.set(scene.time.now() + SignedDuration::from_hours(1));
    scene.bring("wire", &items(&scene, 26..31)).await;
    let Value::Integer(after) = scene.desk.kept("wire", "interval_ms") else { panic!() };
    assert!(after <= before / 2, "{before} {after}");
}

#[tokio::test]
async fn an_archive_whose_host_is_busy_keeps_us_from_the_whole_host() {
    let time = Time::new();
    let script = |asked: &Asked| match asked.path.as_str() {
        "/older" => answer(429, &[("retry-after", "14400")], ""),
        _ => answer(
            200,
            &[],
            feed(&[&format!("a{}", asked.at / 3_600), &format!("b{}", asked.at / 3_600)], &link("next", "/older")),
        ),
    };
    let server = Scripted::start("127.0.0.1", &time, script).await;
    let mut desk = Desk::open(&time, &config(&server, &["wire"], "")).await;
    desk.work_until(4).await;
    let (asked, older) = (server.times("/wire"), server.times("/older"));
    assert_eq!((asked.len(), older.len()), (3, 1), "{asked:?} {older:?}");
}
