//! What must never come out: files of this machine that a document names, and anything behind a scheme that is not HTTP.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::net::TcpListener;

use crate::support::{FeedServer, Page};
use crate::world::World;

/// What stands in a file nobody may read.
const CANARY: &str = "canary-7f3a";

/// Documents that would draw another one in, each by another way.
fn documents(other: &str) -> Vec<String> {
    let feed = |doctype: &str, title: &str| {
        format!(
            "<?xml version=\"1.0\"?>{doctype}<rss version=\"2.0\" xmlns:xi=\"http://www.w3.org/2001/XInclude\"><channel><title>News</title>\
             <item><guid>1</guid><title>An embargo {title}</title></item></channel></rss>"
        )
    };
    let doctype = |subset: &str| format!("<!DOCTYPE rss [{subset}]>");
    vec![
        feed(&doctype(&format!("<!ENTITY e SYSTEM \"{other}\">")), "&e;"),
        feed(&doctype(&format!("<!ENTITY e PUBLIC \"-//X//Y//EN\" '{other}'>")), "&e;"),
        feed(&doctype(&format!("<!ENTITY a SYSTEM \"{other}\"><!ENTITY e \"b &a; c\">")), "&e;"),
        feed(&doctype(&format!("<!ENTITY % p SYSTEM \"{other}\"> %p;")), "&e;"),
        feed(
            &doctype(&format!(
                "<!ENTITY % p SYSTEM \"{other}\"><!ENTITY % q \"<!ENTITY &#x25; r SYSTEM 'http://127.0.0.1/?%p;'>\"> %q; %r;"
            )),
            "",
        ),
        feed(&doctype(&format!("<!NOTATION n SYSTEM \"{other}\"><!ENTITY e SYSTEM \"{other}\" NDATA n>")), "&e;"),
        feed(&format!("<!DOCTYPE rss SYSTEM \"{other}\">"), "&e;"),
        feed(&format!("<!DOCTYPE rss PUBLIC \"-//X//Y//EN\" \"{other}\" [<!ENTITY e SYSTEM \"{other}\">]>"), "&e;"),
        feed("", &format!("<xi:include href=\"{other}\" parse=\"text\"/>")),
        feed("", &format!("<xi:include href=\"{other}\" parse=\"xml\"><xi:fallback/></xi:include>")),
        feed("", &format!("</title><xi:include href=\"{other}\" parse=\"text\"/><title>")),
        format!("<?xml-stylesheet href=\"{other}\" type=\"text/xsl\"?>{}", feed("", "")),
    ]
}

#[tokio::test]
async fn no_entity_and_no_inclusion_draws_in_a_file_or_an_address() {
    let door = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, visitors) = (door.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&visitors);
    tokio::spawn(async move {
        while door.accept().await.is_ok() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    let (server, world) = (FeedServer::start().await, World::with_config(""));
    world.write("canary.txt", CANARY);
    let path = world.path().join("canary.txt");
    let others =
        [format!("file://{}", path.display()), path.display().to_string(), "canary.txt".into(), format!("http://{address}/")];
    let mut config =
        "[http]\nallow_private_addresses = true\nmax_connections_per_host = 9\n[rules.watch]\nwhen = 'embargo'\n".to_owned();
    let mut count = 0;
    for document in others.iter().flat_map(|other| documents(other)) {
        world.write("feed.xml", &document);
        let parsed = world.run(&["parse", "--json", "feed.xml"]).await;
        assert!(parsed.stdout.contains("An embargo"), "{document}: {}", parsed.stderr);
        assert!(!parsed.stdout.contains(CANARY) && !parsed.stderr.contains(CANARY), "{document}");
        server.publish(&format!("/{count}"), Page::feed(document));
        config += &format!("[feeds.f{count}]\nurl = \"{}\"\n", server.url(&format!("/{count}")));
        count += 1;
    }
    world.write("wirewatch.toml", &config);
    let pass = world.run(&["run", "--once"]).await;
    assert!(pass.stdout.contains(&format!("{count} answered")), "{}{}", pass.stdout, pass.stderr);
    assert!(!pass.stdout.contains(CANARY) && !pass.stderr.contains(CANARY));
    assert!(!String::from_utf8_lossy(&std::fs::read(world.path().join("wirewatch.db")).unwrap()).contains(CANARY));
    assert_eq!(visitors.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn nothing_but_http_is_an_address_of_a_feed_or_a_webhook() {
    let world = World::with_config("");
    world.write("canary.txt", CANARY);
    let path = world.path().join("canary.txt");
    let path = path.display();
    for address in [
        format!("file://{path}"),
        format!("file:{path}"),
        format!("FILE://localhost{path}"),
        path.to_string(),
        format!("data:text/plain,{CANARY}"),
        "gopher://127.0.0.1:70/1".into(),
        "ftp://127.0.0.1/feed.xml".into(),
        "dict://127.0.0.1:2628/d:x".into(),
        "ldap://127.0.0.1/".into(),
        "unix:/run/x.sock".into(),
        "javascript:1".into(),
        "view-source:http://example.org/".into(),
        "feed:http://example.org/".into(),
        "http:///".into(),
        "http://".into(),
        "https://:80/".into(),
        "http://[/".into(),
        "http://a b/".into(),
    ] {
        for table in ["[feeds.news]", "[receivers.ops.webhook]"] {
            world.write("wirewatch.toml", &format!("{table}\nurl = \"{address}\"\n"));
            let checked = world.run(&["check"]).await;
            assert_eq!(checked.code, Some(78), "{table} {address}: {}", checked.stdout);
        }
        if !address.starts_with('/') {
            let parsed = world.run(&["parse", "--json", &address]).await;
            assert_ne!(parsed.code, Some(0), "{address}");
            assert!(!parsed.stdout.contains(CANARY), "{address}");
        }
    }
}
