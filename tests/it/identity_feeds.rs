//! What is one article and what is another where feeds begin, move, come back and copy each other.

use jiff::SignedDuration;

use crate::support::scene::{Item, Scene, config, date, rss};

const RULE: &str = "[rules.watch]\nwhen = 'embargo'\n";

fn items(scene: &Scene, count: usize, age: SignedDuration) -> Vec<Item> {
    let report = |number: usize| Item {
        date: date(scene.time.now() - age),
        text: format!("Of the {number}th embargo nothing more is known than {}", "its number. ".repeat(number % 7)),
        ..Item::new(number, &format!("Embargo number {number}"), scene.time.now())
    };
    (1..=count).map(report).collect()
}

const HOURS: fn(i64) -> SignedDuration = SignedDuration::from_hours;

#[tokio::test]
async fn a_first_run_and_a_feed_that_is_added_ring_only_for_what_is_fresh() {
    let mut scene = Scene::open(&["wire"], RULE).await;
    let old = items(&scene, 500, HOURS(72));
    let fresh = Item::new(900, "A fresh embargo", scene.time.now() - HOURS(2));
    scene.publish("wire", rss(&[std::slice::from_ref(&fresh), &old].concat(), ""));
    scene.poll().await;
    assert_eq!(scene.alerts(), ["A fresh embargo"]);

    let another = Item::new(901, "Sugar: another embargo, and another text altogether", scene.time.now() - HOURS(2));
    scene.publish("added", rss(&[std::slice::from_ref(&another), &old].concat(), ""));
    scene.desk.reconfigure(&config(&scene.server, &["wire", "added"], RULE)).await;
    scene.poll().await;
    assert_eq!(scene.alerts().len(), 2);
    assert_eq!(scene.desk.count("SELECT COUNT(*) FROM seen"), 1_002);
}

#[tokio::test]
async fn a_feed_with_a_new_address_is_the_same_feed_if_its_articles_are() {
    let mut scene = Scene::open(&["wire"], RULE).await;
    let old = items(&scene, 20, HOURS(72));
    scene.bring("wire", &old).await;
    // the ids are made of addresses here and change with them; one article came in between, and bears no date
    let moved = |item: &Item| Item { guid: format!("https://new.example/{}", item.guid), ..item.clone() };
    let between = Item { date: String::new(), ..Item::new(900, "Sugar under an embargo", scene.time.now()) };
    let document = rss(&[&[between], &old.iter().map(moved).collect::<Vec<_>>()[..]].concat(), "");
    scene.publish("wire/", document);
    let config = config(&scene.server, &["wire"], RULE).replace("/wire\"", "/wire/\"");
    scene.desk.reconfigure(&config).await;
    scene.poll().await;
    assert_eq!(scene.alerts(), ["Sugar under an embargo"]);
}

#[tokio::test]
async fn an_address_with_a_longer_memory_rings_for_none_of_the_old_news() {
    let mut scene = Scene::open(&["wire"], RULE).await;
    let old = items(&scene, 300, HOURS(72));
    scene.bring("wire", &old[..20]).await;
    scene.publish("whole", rss(&old, ""));
    let config = config(&scene.server, &["wire"], RULE).replace("/wire\"", "/whole\"");
    scene.desk.reconfigure(&config).await;
    scene.poll().await;
    assert_eq!(scene.alerts(), [""; 0]);
}

#[tokio::test]
async fn another_publishers_feed_under_an_old_name_is_first_read_in_silence() {
    let mut scene = Scene::open(&["wire"], RULE).await;
    scene.bring("wire", &[Item::new(0, "Nothing", scene.time.now())]).await;
    scene.publish("other", rss(&items(&scene, 50, HOURS(48)), ""));
    let config = config(&scene.server, &["wire"], RULE).replace("/wire\"", "/other\"");
    scene.desk.reconfigure(&config).await;
    scene.poll().await;
    assert_eq!(scene.alerts(), [""; 0]);
}

#[tokio::test]
async fn a_feed_that_is_back_after_a_month_rings_for_what_is_news_still() {
    for gone in [false, true] {
        let mut scene = Scene::open(&["wire"], RULE).await;
        scene.bring("wire", &[Item::new(0, "Nothing", scene.time.now())]).await;
        if gone {
            scene.desk.reconfigure(RULE).await;
        }
        scene.time.set(scene.time.now() + HOURS(30 * 24));
        let mut document = items(&scene, 400, HOURS(14 * 24));
        document.insert(0, Item::new(900, "Sugar under an embargo", scene.time.now() - HOURS(1)));
        document.insert(1, Item::new(901, "Of tea and an embargo on it, said in other words", scene.time.now() - HOURS(60)));
        scene.desk.reconfigure(&config(&scene.server, &["wire"], RULE)).await;
        scene.bring("wire", &document).await;
        assert_eq!(scene.alerts().len(), 2, "{:?}", scene.alerts());
    }
}

#[tokio::test]
async fn a_site_that_moves_with_new_ids_and_links_for_everything_rings_for_nothing() {
    let scene = Scene::open(&["wire"], RULE).await;
    let undated = |item: Item| Item { date: String::new(), ..item };
    for change in [undated as fn(Item) -> Item, |item| item] {
        let old: Vec<Item> = items(&scene, 30, HOURS(72)).into_iter().map(change).collect();
        scene.bring("wire", &old).await;
        let moved = old.iter().map(|item| Item {
            guid: format!("new-{}", item.guid),
            link: item.link.replace("news.example", "www.new.example/archive"),
            ..item.clone()
        });
        scene.bring("wire", &moved.collect::<Vec<_>>()).await;
        assert_eq!(scene.alerts(), [""; 0]);
    }
}

#[tokio::test]
async fn variants_of_one_address_are_one_article_and_five_feeds_one_story() {
    const FEEDS: [&str; 5] = ["a", "b", "c", "d", "e"];
    let scene = Scene::open(&FEEDS, RULE).await;
    for feed in FEEDS {
        scene.publish(feed, rss(&[Item::new(0, "Nothing", scene.time.now())], ""));
    }
    scene.poll().await;
    let variants = [
        "https://news.example/2026/embargo",
        "http://www.news.example/2026/embargo/",
        "https://news.example/2026/embargo?utm_source=rss&utm_medium=feed",
        "https://amp.news.example/2026/embargo/amp",
        "https://feedproxy.example/~r/news/~3/x1y2/embargo",
    ];
    for round in 0..variants.len() {
        for (number, feed) in FEEDS.iter().enumerate() {
            let link = variants[(number + round) % variants.len()].to_owned();
            let item = Item { guid: String::new(), link, ..Item::new(1, "An embargo is announced", scene.time.now()) };
            let item = Item { text: "It holds from Friday on and is for all goods that the ministry lists.".to_owned(), ..item };
            scene.publish(feed, rss(&[item, Item::new(0, "Nothing", scene.time.now())], ""));
        }
        scene.poll().await;
    }
    assert_eq!((scene.alerts().len(), scene.updates().len()), (1, 0));
    assert_eq!(scene.desk.count("SELECT COUNT(DISTINCT feed) FROM telling"), 5, "every feed that told it is kept");
}

#[tokio::test]
async fn what_has_long_left_its_feed_is_forgotten_and_what_stands_in_it_never() {
    let scene = Scene::open(&["wire"], RULE).await;
    let lasting = Item::new(0, "Nothing", scene.time.now());
    for day in 0..200_usize {
        let passing = Item::new(1 + day, &format!("Day {day}"), scene.time.now());
        scene.bring("wire", &[passing, lasting.clone()]).await;
        scene.time.set(scene.time.now() + HOURS(23));
    }
    let kept = scene.desk.count("SELECT COUNT(*) FROM seen");
    assert!((90..100).contains(&kept), "{kept}");
    assert_eq!(scene.desk.count("SELECT COUNT(*) FROM seen WHERE key = 'guid:id-0'"), 1);
    assert_eq!(scene.desk.count("SELECT MIN(seen_at) FROM seen WHERE key = 'guid:id-0'"), 1_795_392_000_000);
}

#[tokio::test]
async fn a_ticker_of_thousands_under_one_link_holds_up_nobody() {
    let scene = Scene::open(&["wire"], RULE).await;
    let poll = |round: usize, now| -> Vec<Item> {
        let line = |number: usize| {
            let number = round * 10_000 + number;
            Item {
                link: "https://ticker.example/live/today".to_owned(),
                ..Item::new(number, &format!("Line {number} of today"), now)
            }
        };
        (0..2_000).map(line).collect()
    };
    for round in 0..3 {
        let lines = poll(round, scene.time.now());
        scene.bring("wire", &lines).await;
    }
    assert_eq!(scene.desk.count("SELECT COUNT(*) FROM seen"), 6_000);
}
