//! Feeds whose hubs send what is new: a scripted hub on loopback, and the command as hubs see it.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, Response};
use rusqlite::Connection;
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};
use url::form_urlencoded;

use crate::support::{FeedServer, Hook, Page, Record, enable_tls};
use crate::world::{Daemon, World, rss};

const TOKEN: &str = "u7Gq0-long-enough-to-be-a-token";
const QUIET: (&str, &str, &str) = ("1", "Nothing of note", "");
const EMBARGO: (&str, &str, &str) = ("2", "An embargo is announced", "");

type Form = BTreeMap<String, String>;

/// A hub that answers every request alike, repeats it and remembers it.
struct Hub {
    url: String,
    asked: Arc<Record<Form>>,
}

impl Hub {
    async fn start(address: &str, status: u16) -> Self {
        let asked = Arc::new(Record::new());
        let its_asked = Arc::clone(&asked);
        let take = move |body: String| {
            its_asked.add(form_urlencoded::parse(body.as_bytes()).into_owned().collect());
            async move { (StatusCode::from_u16(status).unwrap(), format!("says the hub to {body}")) }
        };
        let listener = tokio::net::TcpListener::bind((address, 0)).await.unwrap();
        let url = format!("http://{}/hub", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/hub", post(take))).await });
        Self { url, asked }
    }
}

struct Scene {
    feeds: FeedServer,
    hub: Hub,
    hook: Hook,
    world: World,
}

impl Scene {
    /// A feed that names a hub at this address, with this in the rest of its configuration.
    async fn new(hub: Hub, http: &str, feed: &str) -> Self {
        enable_tls();
        let (feeds, hook) = (FeedServer::start().await, Hook::start().await);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let world = World::with_config(&format!(
            "[http]\n{http}\n[feeds.news]\nurl = \"{}\"\n{feed}\n[rules.watch]\nwhen = 'embargo'\n[receivers.ops.webhook]\nurl = \"{}\"\n\
             [server]\nlisten = \"127.0.0.1:{port}\"\ntoken_file = \"token\"\npublic_url = \"http://127.0.0.1:{port}/ww\"\n",
            feeds.url("/feed.xml"),
            hook.url(),
        ));
        world.write("token", TOKEN);
        let scene = Self { feeds, hub, hook, world };
        scene.publish(&[QUIET]);
        scene
    }

    async fn usual() -> Self {
        Self::new(Hub::start("127.0.0.1", 202).await, "allow_private_addresses = true", "").await
    }

    fn publish(&self, items: &[(&str, &str, &str)]) {
        let links = format!("<{}>; rel=\"hub\", <{}>; rel=\"self\"", self.hub.url, self.topic());
        self.feeds.publish("/feed.xml", Page::feed(rss(items)).with("link", &links));
    }

    fn topic(&self) -> String {
        self.feeds.url("/canonical.xml").into()
    }

    /// The first request that the hub gets, once it is there.
    async fn asked(&self) -> Form {
        self.hub.asked.wait_for(1).await[0].clone()
    }

    /// A daemon whose subscription the hub has verified.
    async fn subscribed(&self) -> (Daemon, Form) {
        let daemon = self.world.start();
        let asked = self.asked().await;
        let verified = visit(
            &asked,
            &[
                ("hub.mode", "subscribe"),
                ("hub.topic", &self.topic()),
                ("hub.challenge", "c4a11e"),
                ("hub.lease_seconds", "86400"),
            ],
        )
        .await;
        assert_eq!((verified.status().as_u16(), body(verified).await.as_str()), (200, "c4a11e"));
        (daemon, asked)
    }

    /// One number out of the state.
    fn number(&self, query: &str) -> i64 {
        Connection::open(self.world.path().join("wirewatch.db")).unwrap().query_row(query, [], |row| row.get(0)).unwrap()
    }

    fn change(&self, statement: &str) {
        Connection::open(self.world.path().join("wirewatch.db")).unwrap().execute_batch(statement).unwrap();
    }
}

/// Where the callback of a request is really to be reached: the test stands in for the proxy that knows of `/ww`.
fn callback(asked: &Form) -> String {
    asked["hub.callback"].replace("/ww/", "/")
}

async fn visit(asked: &Form, query: &[(&str, &str)]) -> Response {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    Client::new().get(format!("{}?{query}", callback(asked))).send().await.unwrap()
}

async fn body(mut response: Response) -> String {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.unwrap() {
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).unwrap()
}

fn sign<M: Mac + KeyInit>(method: &str, secret: &str, content: &str) -> String {
    let mac = <M as KeyInit>::new_from_slice(secret.as_bytes()).unwrap().chain_update(content).finalize();
    let digits: String = mac.into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{method}={digits}")
}

/// Sends content as the hub would.
async fn send(asked: &Form, content: &str) -> u16 {
    send_signed(asked, content, &sign::<Hmac<Sha256>>("sha256", &asked["hub.secret"], content)).await
}

async fn send_signed(asked: &Form, content: &str, signature: &str) -> u16 {
    let request =
        Client::new().post(callback(asked)).header("content-type", "application/rss+xml").header("x-hub-signature", signature);
    request.body(content.to_owned()).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn what_a_hub_sends_rings_once_and_goes_the_way_of_what_is_polled() {
    let scene = Scene::usual().await;
    let (_daemon, asked) = scene.subscribed().await;
    assert_eq!((asked["hub.mode"].as_str(), &asked["hub.topic"]), ("subscribe", &scene.topic()));
    assert_eq!(asked["hub.lease_seconds"], "864000");
    assert!((40..200).contains(&asked["hub.secret"].len()) && asked["hub.secret"] != asked["hub.callback"]);
    assert!(asked["hub.callback"].contains("/ww/websub/") && asked["hub.callback"].len() > 60, "{}", asked["hub.callback"]);

    // hubs send what is new, not all that there is
    assert_eq!(send(&asked, &rss(&[EMBARGO])).await, 202);
    let calls = scene.hook.wait_for(1).await;
    assert_eq!(calls[0].json()["data"]["title"], EMBARGO.1);
    assert_eq!(send(&asked, &rss(&[EMBARGO, QUIET])).await, 202);
    assert_eq!(scene.number("SELECT COUNT(*) FROM seen"), 2);
    assert_eq!(scene.number("SELECT COUNT(*) FROM outbox"), 1);
}

#[tokio::test]
async fn a_hub_that_asks_after_something_else_is_told_that_it_is_not_there() {
    let scene = Scene::usual().await;
    let _daemon = scene.world.start();
    let asked = scene.asked().await;
    let topic = scene.topic();
    let other = Form::from([("hub.callback".to_owned(), format!("{}x", asked["hub.callback"]))]);
    let right = [("hub.mode", "subscribe"), ("hub.topic", topic.as_str()), ("hub.challenge", "c"), ("hub.lease_seconds", "60")];
    assert_eq!(visit(&other, &right).await.status().as_u16(), 404);
    for wrong in [
        &[("hub.mode", "subscribe"), ("hub.topic", "https://else.example/"), ("hub.challenge", "c"), ("hub.lease_seconds", "60")]
            [..],
        &[("hub.mode", "unsubscribe"), ("hub.topic", &topic), ("hub.challenge", "c")],
        &[("hub.mode", "subscribe"), ("hub.topic", &topic), ("hub.lease_seconds", "60")],
        &[],
    ] {
        assert_eq!(visit(&asked, wrong).await.status().as_u16(), 404, "{wrong:?}");
    }
    assert_eq!(scene.number("SELECT COUNT(*) FROM subscription WHERE lease_until IS NOT NULL"), 0);
    // nor is anybody believed who comes when nothing was asked for lately
    scene.change("UPDATE subscription SET asked_until = 1");
    assert_eq!(visit(&asked, &right).await.status().as_u16(), 404);
    scene.change("UPDATE subscription SET asked_until = 9000000000000");
    assert_eq!(visit(&asked, &right).await.status().as_u16(), 200);
}

#[tokio::test]
async fn what_is_not_signed_as_agreed_is_thanked_for_and_ignored() {
    let scene = Scene::usual().await;
    let (_daemon, asked) = scene.subscribed().await;
    let (content, secret) = (rss(&[EMBARGO]), &asked["hub.secret"]);
    let good = sign::<Hmac<Sha256>>("sha256", secret, &content);
    for signature in [
        "",
        "sha256=00",
        &good[..good.len() - 2],
        &sign::<Hmac<Sha256>>("sha256", "guess", &content),
        &good.replace("sha256", "md5"),
    ] {
        assert_eq!(send_signed(&asked, &content, signature).await, 202, "{signature}");
    }
    assert_eq!(scene.number("SELECT COUNT(*) FROM seen"), 1);
    let methods = [
        sign::<Hmac<Sha1>>("sha1", secret, &content),
        good,
        sign::<Hmac<Sha384>>("sha384", secret, &content),
        sign::<Hmac<Sha512>>("sha512", secret, &content),
    ];
    for (number, signature) in methods.iter().enumerate() {
        assert_eq!(send_signed(&asked, &content, signature).await, 202, "{number}");
        assert_eq!(scene.number("SELECT COUNT(*) FROM seen"), 2, "{number}");
        scene.change("DELETE FROM seen WHERE key LIKE '%2'");
    }
    let base = callback(&asked).split("/websub/").next().unwrap().to_owned();
    let metrics = Client::new().get(format!("{base}/metrics")).bearer_auth(TOKEN).send().await.unwrap();
    let metrics = body(metrics).await;
    assert!(metrics.contains("wirewatch_pushes_total{outcome=\"unsigned\"} 5\n"), "{metrics}");
    assert!(metrics.contains("wirewatch_pushes_total{outcome=\"taken\"} 4\n"), "{metrics}");
    assert!(metrics.contains("wirewatch_subscriptions{state=\"confirmed\"} 1\n"), "{metrics}");
}

#[tokio::test]
async fn a_subscription_outlives_a_kill_and_is_renewed_under_the_same_address() {
    let scene = Scene::usual().await;
    let (daemon, asked) = scene.subscribed().await;
    daemon.kill().await;
    let daemon = scene.world.start();
    daemon.says("at work").await;
    assert_eq!(send(&asked, &rss(&[EMBARGO])).await, 202);
    scene.hook.wait_for(1).await;
    assert_eq!(scene.hub.asked.all().len(), 1, "a lease that holds is not asked for again");
    daemon.kill().await;
    scene.change("UPDATE subscription SET due_at = 0");
    let _daemon = scene.world.start();
    let again = scene.hub.asked.wait_for(2).await[1].clone();
    assert_eq!(again, asked);
}

#[tokio::test]
async fn a_hub_that_is_down_changes_nothing() {
    let hub = Hub::start("127.0.0.1", 503).await;
    let scene = Scene::new(hub, "allow_private_addresses = true", "every = \"1s\"").await;
    let daemon = scene.world.start();
    let said = daemon.says("the hub cannot be asked; polling goes on").await;
    assert!(said.contains("503") && said.contains("says the hub"), "{said}");
    let secret = scene.asked().await["hub.secret"].clone();
    assert!(said.contains("hub.secret=[secret]") && !said.contains(&secret), "{said}");
    scene.publish(&[EMBARGO, QUIET]);
    scene.hook.wait_for(1).await;
    let wait = scene.number("SELECT due_at FROM subscription") / 1_000 - jiff::Timestamp::now().as_second();
    assert!((30..=90).contains(&wait), "{wait}");
    assert_eq!(scene.number("SELECT instr(last_error, secret) + instr(last_error, callback) FROM subscription"), 0);
}

#[tokio::test]
async fn a_hub_that_denies_is_left_alone_for_a_day() {
    let scene = Scene::usual().await;
    let (daemon, asked) = scene.subscribed().await;
    let denial = [
        ("hub.mode", "denied"),
        ("hub.topic", &scene.topic()),
        ("hub.reason", &format!("for members, not {}", asked["hub.secret"])),
    ];
    assert_eq!(visit(&asked, &denial).await.status().as_u16(), 200);
    let said = daemon.says("the hub denies the subscription").await;
    assert!(said.contains("for members, not [secret]"), "{said}");
    assert_eq!(scene.number("SELECT COUNT(*) FROM subscription WHERE lease_until IS NULL AND NOT delivers"), 1);
    let wait = scene.number("SELECT due_at FROM subscription") / 1_000 - jiff::Timestamp::now().as_second();
    assert!((86_000..=86_400).contains(&wait), "{wait}");
}

#[tokio::test]
async fn a_hub_at_a_private_address_is_never_connected_to() {
    let hub = Hub::start("127.0.0.2", 202).await;
    let scene = Scene::new(hub, "allow_networks = [\"127.0.0.1/32\"]", "").await;
    let daemon = scene.world.start();
    let said = daemon.says("the hub cannot be asked; polling goes on").await;
    assert!(said.contains("127.0.0.2 is a loopback address"), "{said}");
    assert!(scene.hub.asked.all().is_empty());
}

#[tokio::test]
async fn polls_become_rare_while_the_hub_delivers_and_as_before_when_it_does_not() {
    let scene = Scene::usual().await;
    let (daemon, asked) = scene.subscribed().await;
    assert_eq!(send(&asked, &rss(&[EMBARGO])).await, 202);
    let due_before = scene.number("SELECT due_at FROM feed");
    assert_eq!(send(&asked, &rss(&[("3", "More", "")])).await, 202);
    assert_eq!(scene.number("SELECT due_at FROM feed"), due_before, "what is sent puts off no poll");
    daemon.kill().await;

    let poll = async |items: &[(&str, &str, &str)]| {
        scene.publish(items);
        scene.change("UPDATE feed SET due_at = 0, not_before = 0, interval_ms = 0");
        let daemon = scene.world.start();
        while scene.number("SELECT interval_ms FROM feed") == 0 {
            tokio::task::yield_now().await;
        }
        daemon.kill().await;
        scene.number("SELECT interval_ms FROM feed")
    };
    assert_eq!(poll(&[("3", "More", ""), EMBARGO, QUIET]).await, 3_600_000);
    let as_before = poll(&[("4", "The hub has lost this", ""), EMBARGO]).await;
    assert!(as_before < 3_600_000, "{as_before}");
    assert_eq!(scene.number("SELECT delivers FROM subscription"), 0);
}

#[tokio::test]
async fn what_nobody_awaits_or_is_beyond_measure_is_not_taken() {
    let scene = Scene::new(Hub::start("127.0.0.1", 202).await, "allow_private_addresses = true\nmax_body = \"64KiB\"", "").await;
    let (_daemon, asked) = scene.subscribed().await;
    let other = Form::from([
        ("hub.callback".to_owned(), format!("{}x", asked["hub.callback"])),
        ("hub.secret".to_owned(), "s".to_owned()),
    ]);
    assert_eq!(send(&other, &rss(&[EMBARGO])).await, 410);
    assert_eq!(send(&asked, &"a".repeat(70_000)).await, 413);
    let coded = Client::new().post(callback(&asked)).header("content-encoding", "gzip").body("x").send().await.unwrap();
    assert_eq!(coded.status().as_u16(), 415);
    assert_eq!(send(&asked, "<html><body>log in</body></html>").await, 202);
    assert_eq!(scene.number("SELECT failures FROM feed"), 0, "that the hub sends nonsense is not the feed's fault");
    assert_eq!(send(&asked, &rss(&[EMBARGO])).await, 202);
    scene.hook.wait_for(1).await;
}

#[tokio::test]
async fn a_feed_that_names_its_hub_no_more_is_subscribed_to_no_more() {
    let scene = Scene::usual().await;
    let (daemon, asked) = scene.subscribed().await;
    daemon.kill().await;
    scene.feeds.publish("/feed.xml", Page::feed(rss(&[QUIET, EMBARGO])));
    scene.change("UPDATE feed SET due_at = 0, not_before = 0");
    let _daemon = scene.world.start();
    scene.hook.wait_for(1).await;
    assert_eq!(scene.number("SELECT COUNT(*) FROM subscription"), 0);
    assert_eq!(send(&asked, &rss(&[EMBARGO])).await, 410);
}

#[tokio::test]
async fn what_comes_while_the_feed_is_being_asked_waits_until_it_has_answered() {
    let scene = Scene::usual().await;
    let (_daemon, asked) = scene.subscribed().await;
    scene.change("UPDATE feed SET leased_until = 9000000000000");
    let base = callback(&asked).split("/websub/").next().unwrap().to_owned();
    let content = rss(&[EMBARGO]);
    let poll_ends = async {
        // by the time that so many were answered, what was sent before them is there
        for _ in 0..20 {
            assert!(Client::new().get(format!("{base}/healthz")).send().await.unwrap().status().is_success());
        }
        assert_eq!(scene.number("SELECT COUNT(*) FROM seen"), 1);
        scene.change("UPDATE feed SET leased_until = 0");
    };
    let (status, ()) = tokio::join!(send(&asked, &content), poll_ends);
    assert_eq!(status, 202);
    scene.hook.wait_for(1).await;
}

#[tokio::test]
async fn a_feed_that_names_ever_other_hubs_does_not_make_us_knock_at_all_of_them() {
    let scene = Scene::new(Hub::start("127.0.0.1", 202).await, "allow_private_addresses = true", "every = \"1s\"").await;
    let _daemon = scene.world.start();
    scene.asked().await;
    let other = Hub::start("127.0.0.1", 202).await;
    let links = format!("<{}>; rel=hub, <{}>; rel=self", other.url, scene.topic());
    scene.feeds.publish("/feed.xml", Page::feed(rss(&[EMBARGO, QUIET])).with("link", &links));
    scene.hook.wait_for(1).await;
    let wait = scene.number("SELECT due_at FROM subscription") / 1_000 - jiff::Timestamp::now().as_second();
    assert!((800..=900).contains(&wait), "{wait}");
    assert!(other.asked.all().is_empty());
}

#[tokio::test]
async fn another_public_address_is_told_to_the_hub_at_the_next_reload() {
    let scene = Scene::usual().await;
    let (daemon, before) = scene.subscribed().await;
    let config = std::fs::read_to_string(scene.world.path().join("wirewatch.toml")).unwrap();
    scene.world.write("wirewatch.toml", &config.replace("/ww\"", "/elsewhere/\""));
    daemon.signal("HUP").await;
    let after = scene.hub.asked.wait_for(2).await[1].clone();
    assert_eq!(after["hub.callback"], before["hub.callback"].replace("/ww/", "/elsewhere/"));
    assert_eq!(after["hub.secret"], before["hub.secret"]);
    assert_eq!(scene.number("SELECT COUNT(*) FROM subscription WHERE lease_until IS NULL"), 1);
}

#[tokio::test]
async fn what_is_sent_leaves_alone_what_the_host_has_asked_for_meanwhile() {
    let scene = Scene::usual().await;
    let (_daemon, asked) = scene.subscribed().await;
    scene.change("INSERT INTO busy_host VALUES ('127.0.0.1', 9000000000000)");
    assert_eq!(send(&asked, &rss(&[EMBARGO])).await, 202);
    assert_eq!(scene.number("SELECT MIN(due_at, not_before) FROM feed"), 9_000_000_000_000);
}

#[tokio::test]
async fn many_new_articles_from_the_hub_and_nothing_else_are_no_sign_that_the_feed_has_moved() {
    let scene = Scene::usual().await;
    let (_daemon, asked) = scene.subscribed().await;
    scene.change("UPDATE feed SET last_success = last_success - 3 * 86400000");
    let news: Vec<String> = (10..20).map(|id| id.to_string()).collect();
    let news: Vec<_> = news.iter().map(|id| (id.as_str(), EMBARGO.1, "")).collect();
    let undated = rss(&news).replace("pubDate>", "category>");
    assert_eq!(send(&asked, &undated).await, 202);
    assert_eq!(scene.number("SELECT COUNT(*) FROM seen"), 11);
    assert_eq!(scene.number("SELECT COUNT(*) FROM seen WHERE silent"), 0);
    scene.hook.wait_for(1).await;
}

#[tokio::test]
async fn a_feed_that_cannot_be_polled_goes_on_failing_whatever_its_hub_sends() {
    let scene = Scene::usual().await;
    let (_daemon, asked) = scene.subscribed().await;
    scene.change("UPDATE feed SET failures = 7, last_error = 'answered 404 Not Found', last_checked = 5");
    assert_eq!(send(&asked, &rss(&[EMBARGO])).await, 202);
    let failing = "failures = 7 AND last_error = 'answered 404 Not Found' AND last_checked = 5";
    assert_eq!(scene.number(&format!("SELECT COUNT(*) FROM feed WHERE {failing}")), 1);
    assert_eq!(scene.number("SELECT COUNT(*) FROM seen"), 2);
}

#[tokio::test]
async fn a_feed_is_given_back_whatever_becomes_of_what_was_sent() {
    let scene = Scene::usual().await;
    let (_daemon, asked) = scene.subscribed().await;
    let content = rss(&[EMBARGO]);
    for (change, undo, status) in [
        ("UPDATE subscription SET topic = 'nowhere'", "SELECT 1", 202),
        ("ALTER TABLE seen RENAME TO lost", "ALTER TABLE lost RENAME TO seen", 503),
    ] {
        scene.change(change);
        assert_eq!(send(&asked, &content).await, status, "{change}");
        assert_eq!(scene.number("SELECT leased_until FROM feed"), 0, "{change}");
        scene.change(undo);
        scene.change(&format!("UPDATE subscription SET topic = '{}'", scene.topic()));
    }
    assert_eq!(send(&asked, &content).await, 202);
    scene.hook.wait_for(1).await;
}

#[tokio::test]
async fn a_hub_that_sends_more_than_any_feed_has_is_told_to_come_later() {
    let scene = Scene::usual().await;
    let (_daemon, asked) = scene.subscribed().await;
    let document = |first: usize| {
        let ids: Vec<String> = (first..first + 800).map(|id| id.to_string()).collect();
        rss(&ids.iter().map(|id| (id.as_str(), "Nothing of note", "")).collect::<Vec<_>>())
    };
    assert_eq!(send(&asked, &document(1_000)).await, 202);
    assert_eq!(send(&asked, &document(2_000)).await, 202);
    let known = scene.number("SELECT COUNT(*) FROM seen");
    assert_eq!(send(&asked, &document(3_000)).await, 429);
    assert_eq!(scene.number("SELECT COUNT(*) FROM seen"), known);
}
