//! What the daemon serves over HTTP.

mod bounds;
mod metrics;
mod sockets;

use reqwest::{Client, Response, StatusCode};

use crate::support::{FeedServer, Page, enable_tls};
use crate::world::{Daemon, World, rss};

const TOKEN: &str = "u7Gq0-long-enough-to-be-a-token";

/// A configuration with one feed and a server on a free port.
fn config(feeds: &FeedServer, server: &str) -> String {
    format!(
        "[feeds.news]\nurl = \"{}\"\nevery = \"1s\"\n[rules.watch]\nwhen = 'embargo'\n[server]\n{server}\n",
        feeds.url("/feed.xml")
    )
}

/// A world whose feed has one article that rings.
async fn world(server: &str) -> (FeedServer, World) {
    enable_tls();
    let feeds = FeedServer::start().await;
    feeds.publish("/feed.xml", Page::feed(rss(&[("1", "An embargo is announced", "")])));
    let world = World::new(&config(&feeds, server));
    (feeds, world)
}

/// Where a daemon serves, by its own word.
async fn base(daemon: &Daemon) -> String {
    let said = daemon.says("serving on http://").await;
    let address = said.split("serving on ").nth(1).unwrap().trim();
    address.replace("0.0.0.0", "127.0.0.1")
}

async fn ask(base: &str, path: &str) -> Response {
    Client::new().get(format!("{base}{path}")).send().await.unwrap()
}

async fn text(mut response: Response) -> String {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.unwrap() {
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn a_daemon_says_that_it_is_alive_and_ready() {
    let (_feeds, world) = world("listen = \"127.0.0.1:0\"").await;
    let daemon = world.start();
    let base = base(&daemon).await;
    for (path, words) in [("/healthz", "alive\n"), ("/readyz", "ready\n")] {
        let answer = ask(&base, path).await;
        assert_eq!(
            (answer.status(), &answer.headers()["cache-control"]),
            (StatusCode::OK, &"no-store".parse().unwrap()),
            "{path}"
        );
        assert_eq!(text(answer).await, words);
    }
    let head = Client::new().head(format!("{base}/healthz")).send().await.unwrap();
    assert_eq!((head.status(), head.headers()["content-length"].to_str().unwrap()), (StatusCode::OK, "6"));
    daemon.signal("TERM").await;
    assert_eq!(daemon.end().await, Some(0));
}

#[tokio::test]
async fn other_paths_and_methods_are_refused_in_words() {
    let (_feeds, world) = world("listen = \"127.0.0.1:0\"").await;
    let daemon = world.start();
    let base = base(&daemon).await;
    for path in ["/", "/metrics/", "/healthz/x", "/.env", "/%2e%2e/etc/passwd", "/metrics%00"] {
        let answer = ask(&base, path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(text(answer).await.contains("nothing here"), "{path}");
    }
    for path in ["/metrics", "/healthz", "/readyz"] {
        let answer = Client::new().post(format!("{base}{path}")).body("x").send().await.unwrap();
        assert_eq!((answer.status(), &answer.headers()["allow"]), (StatusCode::METHOD_NOT_ALLOWED, &"GET,HEAD".parse().unwrap()));
        assert!(text(answer).await.contains("GET"), "{path}");
    }
}

#[tokio::test]
async fn nothing_but_its_health_is_told_without_the_token() {
    let (_feeds, world) = world("listen = \"0.0.0.0:0\"\ntoken_file = \"token\"").await;
    world.write("token", &format!("{TOKEN}\n"));
    let daemon = world.start();
    let base = base(&daemon).await;
    for path in ["/metrics", "/", "/api/v1/alerts"] {
        let answer = ask(&base, path).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
        let challenges: Vec<&str> =
            answer.headers().get_all("www-authenticate").iter().map(|field| field.to_str().unwrap()).collect();
        assert!(challenges[0].starts_with("Bearer ") && challenges[1].starts_with("Basic "), "{challenges:?}");
    }
    assert_eq!([ask(&base, "/healthz").await.status(), ask(&base, "/readyz").await.status()], [StatusCode::OK; 2]);
    let metrics = || Client::new().get(format!("{base}/metrics"));
    let statuses = [
        metrics().bearer_auth(TOKEN).send().await.unwrap().status(),
        metrics().basic_auth("prometheus", Some(TOKEN)).send().await.unwrap().status(),
        metrics().bearer_auth(&TOKEN[1..]).send().await.unwrap().status(),
        metrics().basic_auth(TOKEN, None::<&str>).send().await.unwrap().status(),
    ];
    assert_eq!(statuses.map(|status| status.as_u16()), [200, 200, 401, 401]);
}

#[tokio::test]
async fn a_page_that_leads_a_browser_here_under_its_own_name_learns_nothing() {
    let (_feeds, world) = world("listen = \"127.0.0.1:0\"").await;
    let daemon = world.start();
    let base = base(&daemon).await;
    let asked_as = |host: &'static str| Client::new().get(format!("{base}/metrics")).header("host", host).send();
    assert_eq!(asked_as("rebound.example").await.unwrap().status(), StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(asked_as("localhost:8420").await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn what_is_wrong_with_the_server_s_configuration_is_told_in_its_place() {
    let (_feeds, world) = world("").await;
    world.write("short", "secret");
    world.write("good", TOKEN);
    world.write("odd", "a token with blanks in it");
    for (server, words) in [
        ("", "[server] lacks `listen`"),
        ("listen = \":8420\"", "`:8420` is not an address to listen on"),
        ("listen = \"0.0.0.0:8420\"", "`0.0.0.0:8420` can be reached from elsewhere, which needs a token"),
        ("listen = \"[::]:8420\"", "which needs a token"),
        ("listen = \"0.0.0.0:8420\"\ntoken_file = \"absent\"", "cannot read absent"),
        ("listen = \"127.0.0.1:1\"\ntoken_file = \"short\"", "the token is shorter than 16 characters"),
        ("listen = \"127.0.0.1:1\"\ntoken_file = \"odd\"", "the token holds other characters"),
        ("listen = \"127.0.0.1:1\"\ntoken = \"plain\"", "a secret never stands in the file"),
        (
            "listen = \"127.0.0.1:1\"\ntoken_file = \"good\"\npublic_url = \"https://ww.example/?a=b\"",
            "only a host and a path belong here",
        ),
        ("listen = \"127.0.0.1:1\"\npublic_url = \"https://ww.example/\"", "what can be reached from elsewhere needs a token"),
        ("listen = \"127.0.0.1:1\"\nport = 3", "unknown key `port` in [server]"),
    ] {
        world.write("wirewatch.toml", &format!("[server]\n{server}\n"));
        let check = world.run(&["check"]).await;
        assert_eq!(check.code, Some(78), "{server}");
        assert!(check.stderr.contains(words) && check.stderr.contains("wirewatch.toml:"), "{server}: {}", check.stderr);
        assert_eq!(check.stderr.lines().filter(|line| line.starts_with("error")).count(), 1, "{}", check.stderr);
    }
}
