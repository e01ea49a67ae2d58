//! What is one article and what is another, over many polls, in virtual time: whatever publishers do to ids, links, words and dates,
//! an article rings once, and none is lost.

use jiff::{SignedDuration, Timestamp};

use crate::support::scene::{Item, Scene, date};

const RULE: &str = "[rules.watch]\nwhen = 'embargo'\n";
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// A feed that was first read when nothing of note stood in it.
async fn quiet_scene() -> Scene {
    let scene = Scene::open(&["wire"], RULE).await;
    scene.bring("wire", &[Item::new(0, "Nothing of note", scene.time.now())]).await;
    scene
}

fn old(scene: &Scene) -> Item {
    Item::new(0, "Nothing of note", scene.time.now() - SignedDuration::from_hours(48))
}

#[tokio::test]
async fn an_id_that_changes_at_each_poll_makes_no_new_article_while_the_link_is_stable() {
    let scene = quiet_scene().await;
    let first = Item::new(1, "An embargo on copper is announced", scene.time.now());
    for poll in 0..200 {
        let guid = format!("session-{poll}");
        scene.bring("wire", &[Item { guid, ..first.clone() }, old(&scene)]).await;
    }
    assert_eq!(scene.alerts(), ["An embargo on copper is announced"]);
    assert_eq!(scene.desk.count("SELECT COUNT(*) FROM seen"), 2);
}

#[tokio::test]
async fn a_link_that_changes_at_each_poll_makes_no_new_article_while_the_id_or_the_words_are_stable() {
    for guid in ["id-1", ""] {
        let scene = quiet_scene().await;
        let first =
            Item { guid: guid.to_owned(), date: String::new(), ..Item::new(1, "An embargo is announced", scene.time.now()) };
        for poll in 0..200 {
            let link = format!("https://news.example/1?session={poll}");
            scene.bring("wire", &[Item { link, ..first.clone() }]).await;
        }
        assert_eq!(scene.alerts(), ["An embargo is announced"], "{guid}");
    }
}

#[tokio::test]
async fn whatever_an_item_lacks_it_rings_once_and_stays_itself_over_a_restart() {
    for lacks in 0..16_u32 {
        let mut scene = quiet_scene().await;
        let now = scene.time.now();
        let whole = Item {
            text: "An embargo is announced in the text as well.".to_owned(),
            ..Item::new(1, "An embargo is announced", now)
        };
        let kept = |bit: u32, text: &String| if lacks >> bit & 1 == 1 { String::new() } else { text.clone() };
        let item = Item {
            guid: kept(0, &whole.guid),
            link: kept(1, &whole.link),
            title: kept(2, &whole.title),
            date: kept(3, &whole.date),
            text: whole.text.clone(),
        };
        for poll in 0..9 {
            scene.bring("wire", &[item.clone(), old(&scene)]).await;
            if poll % 3 == 2 {
                scene.desk.restart().await;
            }
        }
        assert_eq!(scene.alerts().len(), 1, "{item:?}");
        assert_eq!(scene.desk.count("SELECT COUNT(*) FROM seen"), 2, "{item:?}");
    }
}

/// Ten reports on different matters, none of which is a copy of another.
fn matters(now: Timestamp) -> Vec<Item> {
    let goods = ["copper", "gallium", "soya beans", "tankers", "vaccines", "timber", "cotton", "turbines", "helium", "salmon"];
    let places = ["Quito", "Oslo", "Hanoi", "Dakar", "Riga", "Lima", "Perth", "Basra", "Osaka", "Turin"];
    let report = |(number, (goods, place)): (usize, (&str, &str))| Item {
        text: format!(
            "In {place} the ministry for {goods} gave number {number} of its reasons on {goods}, as seen from {place}."
        ),
        ..Item::new(number + 1, &format!("{place} puts {goods} under embargo"), now)
    };
    goods.into_iter().zip(places).enumerate().map(report).collect()
}

#[tokio::test]
async fn one_id_or_one_link_for_everything_loses_no_item_however_many_stand_in_a_document() {
    for window in [1, 2, 5, 10] {
        for (guid, link) in [("same", ""), ("same", "own"), ("", "https://news.example/"), ("same", "https://news.example/")] {
            let scene = quiet_scene().await;
            let mut items = matters(scene.time.now());
            for (number, item) in items.iter_mut().enumerate() {
                item.guid = guid.to_owned();
                item.link = if link == "own" { item.link.clone() } else { link.to_owned() };
                item.date = date(scene.time.now() + HOUR * number as i32 + SignedDuration::from_mins(-5));
            }
            for end in 0..10 + window {
                let start = (end + 1_usize).saturating_sub(window).min(10);
                let document: Vec<Item> = items[start..(end + 1).min(10)].iter().rev().cloned().collect();
                scene.bring("wire", &document).await;
            }
            let mut alerts = scene.alerts();
            alerts.sort();
            alerts.dedup();
            assert_eq!((alerts.len(), scene.alerts().len()), (10, 10), "{window} at a time, guid {guid:?}, link {link:?}");
        }
    }
}

#[tokio::test]
async fn an_edit_of_what_has_rung_rings_nobody_and_one_that_makes_it_news_does() {
    let scene = quiet_scene().await;
    let told = Item::new(1, "An embargo on coper is announced", scene.time.now());
    let plain = Item::new(2, "Ministry to speak at noon", scene.time.now());
    scene.bring("wire", &[plain.clone(), told.clone(), old(&scene)]).await;
    let later = date(scene.time.now());
    let edits = [
        Item { title: "An embargo on copper is announced".to_owned(), ..told.clone() },
        Item { text: "It says something else by now: the embargo is on copper and on zinc.".to_owned(), ..told.clone() },
        Item { date: later.clone(), ..told.clone() },
        Item { title: "Copper and zinc: embargo in force, what we know".to_owned(), date: later, ..told.clone() },
    ];
    for edit in edits {
        scene.bring("wire", &[plain.clone(), edit, old(&scene)]).await;
    }
    assert_eq!((scene.alerts().len(), scene.updates().len()), (1, 0));
    let news = Item { text: "The ministry has announced an embargo on tin.".to_owned(), ..plain };
    scene.bring("wire", &[news, told, old(&scene)]).await;
    assert_eq!(scene.alerts(), ["An embargo on coper is announced", "Ministry to speak at noon"]);
}

#[tokio::test]
async fn an_edit_of_an_undated_item_without_a_link_joins_its_own_story_for_ever() {
    let scene = quiet_scene().await;
    let told = Item { link: String::new(), date: String::new(), ..Item::new(1, "An embargo is announced", scene.time.now()) };
    for edit in 0..40 {
        let text = format!("Reading number {edit} of the embargo, which is another one at every poll: {}.", "x".repeat(edit));
        scene.bring("wire", &[Item { text, ..told.clone() }]).await;
        scene.time.set(scene.time.now() + HOUR * 11);
    }
    assert_eq!((scene.alerts().len(), scene.updates().len()), (1, 0));
}

#[tokio::test]
async fn an_item_that_leaves_and_comes_back_rings_no_second_time() {
    let scene = quiet_scene().await;
    let told = Item { date: String::new(), ..Item::new(1, "An embargo is announced", scene.time.now()) };
    scene.bring("wire", std::slice::from_ref(&told)).await;
    let mut number = 2;
    for others in [1_usize, 100, 10_000] {
        for _ in 0..others.div_ceil(1_000) {
            let batch: Vec<Item> =
                (number..number + others.min(1_000)).map(|n| Item::new(n, "Nothing", scene.time.now())).collect();
            number += batch.len();
            scene.bring("wire", &batch).await;
        }
        scene.bring("wire", &[told.clone(), Item::new(number - 1, "Nothing", scene.time.now())]).await;
    }
    assert_eq!(scene.alerts().len(), 1);
}

#[tokio::test]
async fn a_feed_in_another_order_at_each_poll_rings_for_nothing() {
    let scene = quiet_scene().await;
    let mut items = matters(scene.time.now());
    scene.bring("wire", &items).await;
    for _ in 0..20 {
        fastrand::shuffle(&mut items);
        scene.bring("wire", &items).await;
    }
    assert_eq!(scene.alerts().len(), 10);
}

#[tokio::test]
async fn a_feed_that_outruns_us_loses_nothing_of_what_it_shows_and_is_reported() {
    let scene = quiet_scene().await;
    for poll in 0..5_usize {
        let items: Vec<Item> =
            (0..20).map(|n| Item::new(1 + poll * 100 + n, &format!("Embargo {poll}-{n}"), scene.time.now())).collect();
        scene.bring("wire", &items).await;
        let gap = scene.desk.kept("wire", "$.gap.until");
        assert!(matches!(gap, rusqlite::types::Value::Text(_)), "{gap:?}");
    }
    assert_eq!(scene.desk.count("SELECT COUNT(*) FROM seen"), 101);
    assert_eq!(scene.desk.count("SELECT COUNT(*) FROM telling"), 100);
    let last: Vec<Item> = (15..35).map(|n| Item::new(401 + n, &format!("Embargo 4-{n}"), scene.time.now())).collect();
    scene.bring("wire", &last).await;
    assert_eq!(scene.desk.kept("wire", "$.gap"), rusqlite::types::Value::Null);
}

#[tokio::test]
async fn dates_from_nowhere_neither_make_nor_hide_news() {
    let scene = Scene::open(&["wire"], RULE).await;
    let days = |count: i64| date(scene.time.now() + HOUR * 24 * i32::try_from(count).unwrap());
    let dates = [
        String::new(),
        "Thu, 01 Jan 1970 00:00:00 GMT".to_owned(),
        "Fri, 31 Dec 9999 23:59:59 GMT".to_owned(),
        days(2),
        days(3_000),
    ];
    let items = |from: usize| -> Vec<Item> {
        let dated = |(item, date): (Item, &String)| Item { date: date.clone(), ..item };
        matters(scene.time.now()).into_iter().skip(from).zip(&dates).map(dated).collect()
    };
    scene.bring("wire", &items(0)).await;
    assert_eq!(scene.alerts(), [""; 0], "nothing says that it is fresh");
    let both: Vec<Item> = items(0).into_iter().chain(items(5)).collect();
    for _ in 0..3 {
        scene.bring("wire", &both).await;
    }
    assert_eq!(scene.alerts().len(), 5);
    let told = scene.desk.told();
    assert_eq!(
        told[3]["published"].as_str().map(|said| said.len()),
        Some(20),
        "a date in the future is kept as it is said: {told:?}"
    );
    let latest = scene.time.now().as_millisecond();
    assert_eq!(scene.desk.count(&format!("SELECT COUNT(*) FROM story WHERE opened_at > {latest}")), 0);
}

#[tokio::test]
async fn items_that_all_bear_one_date_are_told_apart_all_the_same() {
    let scene = quiet_scene().await;
    let items: Vec<Item> =
        matters(scene.time.now()).into_iter().map(|item| Item { date: date(scene.time.now()), ..item }).collect();
    scene.bring("wire", &items[..5]).await;
    scene.bring("wire", &items).await;
    assert_eq!(scene.alerts().len(), 10);
}

#[tokio::test]
async fn a_publisher_whose_clock_is_in_another_zone_is_believed_to_speak_of_now() {
    for hours in [-13, -5, 5, 13] {
        let scene = quiet_scene().await;
        let now = scene.time.now();
        let item = Item { date: date(now + HOUR * hours), ..Item::new(1, "An embargo is announced", now) };
        for _ in 0..30 {
            scene.bring("wire", &[item.clone(), old(&scene)]).await;
        }
        assert_eq!(scene.alerts().len(), 1, "{hours}");
    }
}
