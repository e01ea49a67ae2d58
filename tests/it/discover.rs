//! Finding the feeds of a site, and what is said of one that came where a feed was expected.

use axum::response::Response;
use rusqlite::types::Value as Column;
use serde_json::Value;

use crate::support::desk::{Asked, Desk, Scripted, Time, answer, feed};
use crate::support::{FeedServer, Page};
use crate::world::{Finished, World, rss};

fn html(body: &str) -> Page {
    Page::feed(format!("<!DOCTYPE html><html><head>{body}</head><body>News</body></html>")).with("content-type", "text/html")
}

fn atom(titles: &[&str]) -> String {
    let entry =
        |title: &&str| format!("<entry><id>{title}</id><title>{title}</title><updated>2026-11-20T10:00:00Z</updated></entry>");
    let entries: String = titles.iter().map(entry).collect();
    format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>An Atom feed</title>{entries}</feed>")
}

async fn discover(url: &str) -> (Finished, Vec<Value>) {
    let done = World::new("").run(&["feeds", "discover", "--json", url]).await;
    let lines = done.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (done, lines)
}

#[tokio::test]
async fn every_feed_that_a_page_names_is_read_before_it_is_shown() {
    let site = FeedServer::start().await;
    let page = html(
        "<link rel=alternate type=application/rss+xml href=/dead.rss title=Dead><a href=world.rss>World</a>\
         <link rel=alternate type=application/rss+xml href=/page.rss><link rel=alternate type=application/rss+xml href=/good.rss title=x>\
         <link rel=alternate type=application/rss+xml href=/again>",
    );
    site.publish("/news/", page.with("link", "</api>; rel=alternate; type=\"application/atom+xml\""));
    site.publish("/api", Page::feed(atom(&["One", "Two"])));
    site.publish("/good.rss", Page::feed(rss(&[("1", "One", "")])));
    site.publish("/again", Page::status(302).with("location", "/good.rss"));
    site.publish("/page.rss", html(""));
    site.publish("/news/world.rss", Page::feed(rss(&[])));

    let (done, found) = discover(site.url("/news/").as_str()).await;
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let urls: Vec<_> = found.iter().map(|feed| feed["url"].as_str().unwrap().to_owned()).collect();
    assert_eq!(urls, ["/api", "/good.rss", "/news/world.rss"].map(|path| String::from(site.url(path))));
    assert_eq!(
        (&found[0]["title"], &found[0]["format"], &found[0]["entries"]),
        (&"An Atom feed".into(), &"atom".into(), &2.into())
    );
    assert_eq!((&found[0]["newest"], &found[0]["found"]), (&"2026-11-20T10:00:00Z".into(), &"declared".into()));
    assert_eq!((&found[1]["title"], &found[2]["found"], &found[2]["newest"]), (&"News".into(), &"linked".into(), &Value::Null));
    assert!(done.stderr.contains("/dead.rss: answered 404 Not Found"), "{}", done.stderr);
    assert!(done.stderr.contains("/page.rss: this is an HTML page, not a feed"), "{}", done.stderr);
    assert!(site.requests("/rss.xml").is_empty(), "usual places are left alone where the page names feeds");
    assert_eq!(site.requests("/good.rss").len(), 2, "once itself, once behind the redirect");
}

#[tokio::test]
async fn an_address_that_is_a_feed_itself_is_said_to_be_one_and_nothing_else_is_asked() {
    let site = FeedServer::start().await;
    site.publish("/feed", Page::feed(rss(&[("1", "One", "")])));
    let done = World::new("").run(&["feeds", "discover", site.url("/feed").as_str()]).await;
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(done.stdout.starts_with(site.url("/feed").as_str()) && done.stdout.contains("the address itself is a feed"));
    assert!(site.requests("/robots.txt").is_empty());
}

#[tokio::test]
async fn usual_places_are_tried_one_after_another_where_a_page_names_nothing() {
    let site = FeedServer::start().await;
    site.publish("/", html(""));
    site.publish("/feed", html("not found, sorry"));
    site.publish("/feed.xml", Page::feed(atom(&["One"])));
    site.publish("/atom.xml", Page::feed(atom(&["One"])));
    let (_, found) = discover(site.url("/").as_str()).await;
    assert_eq!(
        (found.len(), &found[0]["url"], &found[0]["found"]),
        (1, &site.url("/feed.xml").as_str().into(), &"usual-place".into())
    );
    assert!(site.requests("/atom.xml").is_empty(), "one is enough");
}

#[tokio::test]
async fn news_sitemaps_are_found_through_robots_and_lists_and_other_sitemaps_are_not_news() {
    let site = FeedServer::start().await;
    let list = format!(
        "<sitemapindex><sitemap><loc>{}</loc></sitemap><sitemap><loc>/old.xml</loc></sitemap></sitemapindex>",
        site.url("/news.xml")
    );
    site.publish("/", html(""));
    site.publish("/robots.txt", Page::feed("User-agent: *\nDisallow:\nSitemap: /list.xml\nSitemap: /pages.xml\n"));
    site.publish("/list.xml", Page::feed(list));
    site.publish("/pages.xml", Page::feed("<urlset><url><loc>https://a.example/1</loc></url></urlset>"));
    site.publish(
        "/news.xml",
        Page::feed(
            "<urlset><url><loc>https://a.example/1</loc><news:news><news:title>One</news:title></news:news></url></urlset>",
        ),
    );
    let (done, found) = discover(site.url("/").as_str()).await;
    assert_eq!(
        (found.len(), &found[0]["format"], &found[0]["found"]),
        (1, &"sitemap".into(), &"sitemap".into()),
        "{}",
        done.stderr
    );
    assert!(site.requests("/old.xml").is_empty());
}

#[tokio::test]
async fn a_site_without_feeds_costs_it_few_requests_and_is_a_failure() {
    let site = FeedServer::start().await;
    let links: String = (0..500).map(|number| format!("<a href=/{number}.rss>x</a>")).collect();
    site.publish("/", html(&links));
    let (done, found) = discover(site.url("/").as_str()).await;
    assert_eq!((done.code, found.len()), (Some(1), 0));
    assert!(done.stderr.contains("no feed was found"));
    let asked: usize = (0..500).map(|number| site.requests(&format!("/{number}.rss")).len()).sum();
    assert!(asked <= 50, "{asked}");
}

#[tokio::test]
async fn a_server_that_refuses_its_page_may_still_have_a_feed_which_is_shown_and_not_added_unasked() {
    let site = FeedServer::start().await;
    site.publish("/", Page::status(403));
    site.publish("/feed", Page::feed(rss(&[("1", "One", "")])));
    let (done, found) = discover(site.url("/").as_str()).await;
    assert_eq!((done.code, &found[0]["url"]), (Some(0), &site.url("/feed").as_str().into()));
    let world = World::new("[rules.never]\nwhen = 'zxqj'\n");
    let added = world.run(&["feeds", "add", site.url("/").as_str()]).await;
    assert!(added.code == Some(1) && added.stdout.contains("/feed") && !added.stdout.contains("added"), "{}", added.stdout);
}

#[tokio::test]
async fn private_addresses_are_asked_neither_by_name_nor_by_link_nor_by_redirect() {
    let site = FeedServer::start().await;
    let port = site.url("/").port().unwrap();
    site.publish("/secret", Page::feed(rss(&[("1", "One", "")])));
    let world = World::with_config("");
    for url in [
        site.url("/secret").to_string(),
        format!("http://localhost:{port}/secret"),
        format!("http://[::ffff:127.0.0.1]:{port}/secret"),
    ] {
        let done = world.run(&["feeds", "discover", &url]).await;
        assert_eq!(done.code, Some(1));
        assert!(done.stderr.contains("loopback address"), "{}", done.stderr);
    }
    assert!(site.requests("/secret").is_empty());

    // only 127.0.0.1 is allowed: what its page names elsewhere on this machine is refused
    let hole = World::with_config("[http]\nallow_networks = [\"127.0.0.1\"]\n");
    let elsewhere = format!("http://127.0.0.2:{port}/secret");
    let link = |address: &str| format!("<link rel=alternate type=application/rss+xml href={address}>");
    site.publish("/", html(&[link(&elsewhere), link("file:///etc/passwd"), link("/to")].concat()));
    site.publish("/to", Page::status(302).with("location", &elsewhere));
    let done = hole.run(&["feeds", "discover", site.url("/").as_str()]).await;
    assert_eq!((done.code, done.stderr.matches("127.0.0.2 is a loopback address").count()), (Some(1), 2), "{}", done.stderr);
    assert!(!done.stderr.contains("root:"));
}

/// What the state says of a feed, `news`, whose first answer was a feed and whose later ones are what a script gives.
async fn later(script: impl Fn(&Asked) -> Response + Send + Sync + 'static) -> (Desk, Scripted) {
    let time = Time::new();
    let first =
        move |asked: &Asked| if asked.at == 0 { answer(200, &[("etag", "\"a\"")], feed(&["1"], "")) } else { script(asked) };
    let server = Scripted::start("127.0.0.1", &time, first).await;
    let mut desk = Desk::open(&time, &format!("[feeds.news]\nevery = \"1h\"\nurl = \"{}\"\n", server.url("/feed"))).await;
    desk.work_until(3).await;
    (desk, server)
}

#[tokio::test]
async fn a_page_where_a_feed_was_is_told_with_the_feed_it_offers_and_nothing_else_is_asked() {
    let page = "<!DOCTYPE html><html><link rel=alternate type=application/rss+xml href=/new/rss.xml></html>";
    let (desk, server) = later(move |_| answer(200, &[("content-type", "text/html"), ("etag", "\"b\"")], page)).await;
    let told = format!("this is an HTML page, not a feed; it offers the feed {}", server.url("/new/rss.xml"));
    assert_eq!(desk.kept("news", "last_error"), Column::Text(told));
    assert_eq!(desk.kept("news", "etag"), Column::Blob(b"\"a\"".to_vec()));
    assert!(server.asked().iter().all(|asked| asked.path == "/feed"), "the address is nobody's to change but the owner's");
}

#[tokio::test]
async fn logins_portals_and_wrong_answers_are_no_feeds_and_leave_what_is_known_alone() {
    let login = "<html><body><form><input type=\"password\"></form>";
    for (status, body, told) in [
        (200, login, "this is a login page, not a feed"),
        (200, "<html>Welcome to our free network", "this is an HTML page, not a feed"),
        (511, login, "answered 511 Network Authentication Required"),
        (200, "", "it is empty"),
        (200, "Service temporarily unavailable", "this is no feed: it is neither XML nor JSON"),
        (200, "{\"error\":\"token\"}", "this JSON is no feed: it has neither a version nor items"),
    ] {
        let (mut desk, _server) = later(move |asked| match asked.at {
            0..10_000 => answer(status, &[("content-type", "application/rss+xml")], body),
            _ => answer(200, &[("content-type", "text/html")], feed(&["1", "2"], "")),
        })
        .await;
        assert_eq!(desk.kept("news", "last_error"), Column::Text(told.to_owned()));
        assert_eq!(desk.kept("news", "etag"), Column::Blob(b"\"a\"".to_vec()));
        desk.work_until(24).await;
        assert_eq!(desk.kept("news", "last_error"), Column::Null, "a feed is one by whatever media type it comes");
    }
}

#[tokio::test]
async fn a_portal_behind_a_redirect_is_told_by_its_host_and_its_address_is_not_believed() {
    let time = Time::new();
    let portal = Scripted::start("127.0.0.2", &time, |_| answer(200, &[], "<html>Log in to go on")).await;
    let to = portal.url("/login");
    let (mut desk, _server) = later(move |_| answer(301, &[("location", to.as_str())], "")).await;
    desk.work_until(72).await;
    assert_eq!(desk.kept("news", "last_error"), Column::Text("this is an HTML page of 127.0.0.2, not a feed".to_owned()));
    assert_eq!((desk.kept("news", "$.address"), desk.kept("news", "$.moving")), (Column::Null, Column::Null));
}
