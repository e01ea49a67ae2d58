//! Pages of articles: asked for where a rule could still fire and the site allows it, read, and never needed.

use std::fmt::Write;

use jiff::{Timestamp, ToSpan};
use tokio::net::TcpListener;

use crate::support::desk::{Desk, Scripted, Time, answer};
use crate::support::{FeedServer, Page, Record};
use crate::world::World;

/// What the feed says: one of the two things the rule asks for.
const TEASER: (&str, &str) = ("Minister speaks of metals", "The step raises questions, traders said.");

/// A feed of articles, each with its path, headline and text; the first is the newest.
fn feed(server: &FeedServer, articles: &[(&str, &str, &str)]) -> Page {
    let mut items = String::new();
    for (number, (path, title, text)) in (0_i64..).zip(articles) {
        let published = (Timestamp::now() - number.minutes()).to_zoned(jiff::tz::TimeZone::UTC);
        let date = jiff::fmt::rfc2822::to_string(&published).unwrap();
        let link = server.url(path);
        write!(
            items,
            "<item><title>{title}</title><description>{text}</description><link>{link}</link><pubDate>{date}</pubDate></item>"
        )
        .unwrap();
    }
    Page::feed(format!("<rss version=\"2.0\"><channel><title>News</title>{items}</channel></rss>"))
}

/// A page whose article says this, among what else stands on pages.
fn page(says: &str) -> Page {
    let filler =
        "The town has lived from metals for as long as anybody remembers, and its people, who are not easily moved, waited. ";
    let html = format!(
        "<!doctype html><html><head><title>News</title></head><body><div class=menu><a href=/>Home</a></div><article><p>{}</p><p>{says}</p>\
         <p>{}</p></article><footer><p>All rights reserved</p></footer></body></html>",
        filler.repeat(3),
        filler.repeat(4)
    );
    Page::feed(html).with("content-type", "text/html; charset=utf-8")
}

const TOLD: &str =
    "On Tuesday the ministry raised the import duty on steel to a quarter of its price, with effect from midnight.";

struct Scene {
    server: FeedServer,
    world: World,
}

/// One feed with one article, whose page tells what its teaser does not.
async fn scene(full_text: &str) -> Scene {
    let server = FeedServer::start().await;
    let world = World::new(&config(&server, full_text));
    server.publish("/feed.xml", feed(&server, &[("/metals", TEASER.0, TEASER.1)]));
    server.publish("/metals", page(TOLD));
    Scene { server, world }
}

fn config(server: &FeedServer, full_text: &str) -> String {
    let feed = server.url("/feed.xml");
    format!("[feeds.wire]\nurl = \"{feed}\"\n{full_text}\n[rules.duties]\nwhen = '\"import duty\" AND raise*'\n")
}

impl Scene {
    /// Visits the feed, and says how many stories there are.
    async fn stories(&self) -> u32 {
        let pass = self.world.run(&["run", "--once"]).await;
        assert_eq!(pass.code, Some(0), "{}", pass.stderr);
        let (_, told) = pass.stdout.split_once("stories: ").unwrap_or_else(|| panic!("{}", pass.stdout));
        told.split(' ').next().unwrap().parse().unwrap()
    }

    fn asked(&self, path: &str) -> usize {
        self.server.requests(path).len()
    }
}

#[tokio::test]
async fn what_only_the_page_tells_rings() {
    let scene = scene("").await;
    assert_eq!(scene.stories().await, 1);
    assert_eq!((scene.asked("/robots.txt"), scene.asked("/metals")), (1, 1));
    let asked = &scene.server.requests("/metals")[0];
    assert!(!asked.contains_key("referer") && !asked.contains_key("cookie"));
    assert!(asked["user-agent"].to_str().unwrap().starts_with("wirewatch/"));
    assert!(asked["accept"].to_str().unwrap().starts_with("text/html"));
    assert_eq!((scene.stories().await, scene.asked("/metals")), (0, 1));
}

#[tokio::test]
async fn a_page_is_asked_for_only_where_a_rule_could_still_fire_unless_all_or_none_are_wanted() {
    let told = [("/metals", "Rain expected", "Take an umbrella.")];
    for (full_text, asked) in [("", 0), ("full_text = \"auto\"", 0), ("full_text = \"never\"", 0), ("full_text = \"always\"", 1)]
    {
        let scene = scene(full_text).await;
        scene.server.publish("/feed.xml", feed(&scene.server, &told));
        assert_eq!(scene.stories().await, asked, "{full_text}");
        assert_eq!((scene.asked("/robots.txt"), scene.asked("/metals")), (asked as usize, asked as usize), "{full_text}");
    }
    let never = scene("full_text = \"never\"").await;
    assert_eq!((never.stories().await, never.asked("/metals")), (0, 0));
}

#[tokio::test]
async fn what_a_site_forbids_is_not_asked_for_and_its_feed_is() {
    for (robots, asked) in [
        (Page::feed("User-agent: *\nDisallow: /"), 0),
        (Page::feed("User-agent: *\nDisallow: /\n\nUser-agent: Wirewatch\nDisallow: /sport/"), 1),
        (Page::feed("User-agent: wirewatch\nDisallow: /met*s$"), 0),
        (Page::status(403), 1),
        (Page::status(404), 1),
        (Page::status(500), 0),
        (Page::status(503), 0),
        (Page::status(429), 0),
    ] {
        let scene = scene("").await;
        scene.server.publish("/robots.txt", robots);
        assert_eq!(scene.stories().await as usize, asked);
        assert_eq!((scene.asked("/feed.xml"), scene.asked("/robots.txt"), scene.asked("/metals")), (1, 1, asked));
    }
}

#[tokio::test]
async fn a_site_may_keep_its_robots_txt_elsewhere_but_not_behind_endless_redirects() {
    let scene = scene("").await;
    scene.server.publish("/robots.txt", Page::status(301).with("location", "/1"));
    for hop in 1..5 {
        scene.server.publish(&format!("/{hop}"), Page::status(302).with("location", &format!("/{}", hop + 1)));
    }
    scene.server.publish("/5", Page::feed("User-agent: *\nDisallow: /metals"));
    assert_eq!((scene.stories().await, scene.asked("/metals")), (0, 0));

    let scene = self::scene("").await;
    scene.server.publish("/robots.txt", Page::status(301).with("location", "/robots.txt"));
    assert_eq!((scene.stories().await, scene.asked("/robots.txt")), (1, 6));
}

#[tokio::test]
async fn a_redirect_is_followed_as_far_as_the_site_it_leads_to_allows() {
    let scene = scene("").await;
    scene.server.publish("/metals", Page::status(302).with("location", "/closed/metals"));
    scene.server.publish("/closed/metals", page(TOLD));
    assert_eq!((scene.stories().await, scene.asked("/closed/metals")), (1, 1));

    let scene = self::scene("").await;
    scene.server.publish("/metals", Page::status(302).with("location", "/closed/metals"));
    scene.server.publish("/closed/metals", page(TOLD));
    scene.server.publish("/robots.txt", Page::feed("User-agent: *\nDisallow: /closed/"));
    assert_eq!((scene.stories().await, scene.asked("/closed/metals")), (0, 0));
}

#[tokio::test]
async fn a_private_address_is_refused_also_as_a_link_and_at_the_end_of_a_redirect() {
    let hidden = TcpListener::bind("127.0.0.2:0").await.unwrap();
    let (address, connected) = (hidden.local_addr().unwrap(), std::sync::Arc::new(Record::new()));
    let its_connected = std::sync::Arc::clone(&connected);
    tokio::spawn(async move {
        while let Ok((_, peer)) = hidden.accept().await {
            its_connected.add(peer);
        }
    });
    let server = FeedServer::start().await;
    let world = World::with_config(&format!("http = {{ allow_networks = [\"127.0.0.1\"] }}\n{}", config(&server, "")));
    let items = [("/metals", TEASER.0, TEASER.1)];
    server.publish("/metals", Page::status(302).with("location", &format!("http://{address}/metals")));
    server.publish("/feed.xml", feed(&server, &items));
    let scene = Scene { server, world };
    assert_eq!((scene.stories().await, scene.asked("/metals")), (0, 1));
    let direct = format!(
        "<rss version=\"2.0\"><channel><item><title>{}</title><link>http://{address}/metals</link></item></channel></rss>",
        "Minister raises it"
    );
    scene.server.publish("/feed.xml", Page::feed(direct));
    assert_eq!(scene.stories().await, 0);
    assert_eq!(connected.all(), []);
}

#[tokio::test]
async fn a_page_that_is_a_bomb_a_wall_or_no_page_loses_no_article() {
    let told = [
        ("/metals", "Ministry raises import duty on steel", "The new rate is due from midnight."),
        ("/other", TEASER.0, TEASER.1),
    ];
    for (name, page) in [
        ("too large", page(&"word ".repeat(2_000_000))),
        ("a million nodes", page(&"<b><p>x<table>".repeat(250_000))),
        ("deep", page(&"<div>".repeat(500_000))),
        ("no text", Page::feed("%PDF-1.7").with("content-type", "application/pdf")),
        ("nothing", Page::feed("").with("content-type", "text/html")),
        ("a wall", Page::feed("<p>Subscribe to read.</p>").with("content-type", "text/html")),
        ("gone", Page::status(410)),
        ("a failure", Page::status(500)),
    ] {
        let scene = scene("full_text = \"always\"").await;
        scene.server.publish("/feed.xml", feed(&scene.server, &told));
        scene.server.publish("/metals", page.clone());
        scene.server.publish("/other", page);
        assert_eq!(scene.stories().await, 1, "{name}");
        assert_eq!(scene.asked("/metals"), 1, "{name}");
    }
}

#[tokio::test]
async fn one_link_in_two_feeds_is_asked_for_once() {
    let scene = scene("").await;
    let other = [("/metals?utm_source=other", "Minister raises questions", TEASER.1)];
    scene.server.publish("/other.xml", feed(&scene.server, &other));
    let config = config(&scene.server, "") + &format!("[feeds.other]\nurl = \"{}\"\n", scene.server.url("/other.xml"));
    scene.world.write("wirewatch.toml", &format!("[http]\nallow_private_addresses = true\n{config}"));
    scene.stories().await;
    assert_eq!((scene.asked("/feed.xml"), scene.asked("/other.xml"), scene.asked("/metals")), (1, 1, 1));
}

#[tokio::test]
async fn of_many_articles_the_pages_of_the_newest_are_asked_for() {
    let scene = scene("full_text = \"always\"").await;
    let paths: Vec<String> = (0..14).map(|number| format!("/{number}")).collect();
    let articles: Vec<_> = paths.iter().map(|path| (path.as_str(), path.as_str(), "")).collect();
    scene.server.publish("/feed.xml", feed(&scene.server, &articles));
    paths.iter().for_each(|path| scene.server.publish(path, page("")));
    scene.stories().await;
    let asked: Vec<usize> = paths.iter().map(|path| scene.asked(path)).collect();
    assert_eq!(asked, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
}

#[tokio::test]
async fn a_site_that_is_busy_is_left_alone_with_its_other_pages_and_never_with_its_feed() {
    let scene = scene("full_text = \"always\"").await;
    let paths = ["/1", "/2", "/3", "/4"];
    scene.server.publish("/feed.xml", feed(&scene.server, &paths.map(|path| (path, path, ""))));
    paths.iter().for_each(|path| scene.server.publish(path, Page::status(429).with("retry-after", "604800")));
    scene.stories().await;
    assert_eq!(paths.iter().map(|path| scene.asked(path)).sum::<usize>(), 1);
    let listed = scene.world.run(&["feeds", "list", "--json"]).await;
    let feed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    let due: Timestamp = feed["next_due"].as_str().unwrap().parse().unwrap();
    assert!(due.duration_since(Timestamp::now()).as_secs() < 86_400, "{feed}");
}

#[tokio::test]
async fn through_a_day_each_page_and_the_rules_of_its_site_are_asked_for_once() {
    let time = Time::new();
    let server = Scripted::start("127.0.0.1", &time, |asked| match asked.path.as_str() {
        "/robots.txt" => answer(200, &[("content-type", "text/plain")], "User-agent: *\nDisallow: /private"),
        "/feed.xml" => {
            // an article an hour; the last one is told anew each time
            let item =
                |hour: i64| format!("<item><guid>{hour}</guid><title>Minister raises it</title><link>/news/{hour}</link></item>");
            let items: String = (0..=asked.at / 3_600).map(item).collect();
            answer(200, &[], format!("<rss version=\"2.0\"><channel>{items}<ttl>{}</ttl></channel></rss>", asked.at))
        }
        _ => answer(200, &[("content-type", "text/html")], format!("<p>{TOLD}</p>")),
    })
    .await;
    let feed = server.url("/feed.xml");
    let config = format!(
        "[feeds.wire]\nurl = '{feed}'\nevery = '30m'\nhints = false\n[rules.duties]\nwhen = '\"import duty\" AND raise*'"
    );
    let mut desk = Desk::open(&time, &config).await;
    desk.work_until(24).await;
    let asked = |path: &str| server.times(path).len();
    assert!(asked("/feed.xml") > 40);
    assert_eq!(asked("/robots.txt"), 1);
    let pages: Vec<usize> = (1..=23).map(|hour| asked(&format!("/news/{hour}"))).collect();
    assert_eq!(pages, [1; 23], "the first article was there when the feed was first seen");
}

#[tokio::test]
async fn told_to_stop_while_a_page_is_awaited_it_loses_nothing() {
    let scene = scene("").await;
    let silent = TcpListener::bind("127.0.0.3:0").await.unwrap();
    let link = format!("http://{}/metals", silent.local_addr().unwrap());
    let feed = |link: &str| {
        let now = jiff::fmt::rfc2822::to_string(&Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC)).unwrap();
        let item = format!("<title>{}</title><description>{}</description><link>{link}</link>", TEASER.0, TEASER.1);
        Page::feed(format!(
            "<rss version=\"2.0\"><channel><item><guid>1</guid>{item}<pubDate>{now}</pubDate></item></channel></rss>"
        ))
    };
    scene.server.publish("/feed.xml", feed(&link));
    let daemon = scene.world.start();
    let (_connection, _) = silent.accept().await.unwrap();
    daemon.signal("TERM").await;
    assert_eq!(daemon.end().await, Some(0));
    scene.server.publish("/feed.xml", feed(scene.server.url("/metals").as_str()));
    assert_eq!(scene.stories().await, 1);
}
