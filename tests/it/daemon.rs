//! Starting, reloading and stopping.

use crate::support::{FeedServer, Hook, Page, Reply};
use crate::world::{World, rss};

fn config(feeds: &FeedServer, hook: &Hook, word: &str) -> String {
    format!(
        "[http]\nallow_private_addresses = true\n[feeds.news]\nurl = \"{}\"\nevery = \"1s\"\n[rules.watch]\nwhen = '{word}'\n[receivers.ops.webhook]\nurl = \"{}\"\n",
        feeds.url("/feed.xml"),
        hook.url()
    )
}

#[tokio::test]
async fn news_rings_while_the_daemon_runs_and_it_stops_when_told() {
    let (feeds, hook) = (FeedServer::start().await, Hook::start().await);
    feeds.publish("/feed.xml", Page::feed(rss(&[("1", "Nothing of note", "")])));
    let world = World::with_config(&config(&feeds, &hook, "embargo"));
    let daemon = world.start();
    daemon.says("at work: 0 actors, 1 feeds, 1 receivers, 1 rules").await;
    feeds.publish("/feed.xml", Page::feed(rss(&[("2", "An embargo is announced", ""), ("1", "Nothing of note", "")])));
    let calls = hook.wait_for(1).await;
    assert_eq!(calls[0].json()["data"]["title"], "An embargo is announced");
    daemon.signal("TERM").await;
    assert_eq!(daemon.end().await, Some(0));
}

#[tokio::test]
async fn a_reload_takes_over_new_rules_without_asking_for_what_was_seen() {
    let (feeds, hook) = (FeedServer::start().await, Hook::start().await);
    feeds.publish("/feed.xml", Page::feed(rss(&[("1", "A quota is announced", "")])));
    let world = World::with_config(&config(&feeds, &hook, "embargo"));
    let daemon = world.start();
    daemon.says("at work").await;
    world.write("wirewatch.toml", &config(&feeds, &hook, "tariff"));
    daemon.signal("HUP").await;
    daemon.says("configuration taken over").await;
    feeds.publish("/feed.xml", Page::feed(rss(&[("2", "A tariff is announced", ""), ("1", "A quota is announced", "")])));
    assert_eq!(hook.wait_for(1).await[0].json()["data"]["title"], "A tariff is announced");
    daemon.signal("INT").await;
    assert_eq!(daemon.end().await, Some(0));
}

#[tokio::test]
async fn a_reload_goes_on_while_a_receiver_takes_its_time() {
    let (feeds, hook) = (FeedServer::start().await, Hook::start().await);
    feeds.publish("/feed.xml", Page::feed(rss(&[("1", "Nothing of note", "")])));
    hook.answer_next([Reply::Silence]);
    let world = World::with_config(&config(&feeds, &hook, "embargo"));
    let daemon = world.start();
    daemon.says("at work").await;
    feeds.publish("/feed.xml", Page::feed(rss(&[("2", "An embargo is announced", "")])));
    hook.wait_for(1).await;
    world.write("wirewatch.toml", &config(&feeds, &hook, "tariff"));
    daemon.signal("HUP").await;
    daemon.says("configuration taken over").await;
    feeds.publish("/feed.xml", Page::feed(rss(&[("3", "A tariff is announced", "")])));
    let calls = hook.wait_for(2).await;
    assert_eq!(calls[1].json()["data"]["title"], "A tariff is announced");
}

#[tokio::test]
async fn a_reload_of_something_unusable_keeps_the_old_configuration_and_says_why() {
    let (feeds, hook) = (FeedServer::start().await, Hook::start().await);
    feeds.publish("/feed.xml", Page::feed(rss(&[("1", "Nothing of note", "")])));
    let world = World::with_config(&config(&feeds, &hook, "embargo"));
    let daemon = world.start();
    daemon.says("at work").await;
    world.write("wirewatch.toml", &config(&feeds, &hook, "embargo AND"));
    daemon.signal("HUP").await;
    daemon.says("the one before stays in force").await;
    feeds.publish("/feed.xml", Page::feed(rss(&[("2", "An embargo is announced", "")])));
    hook.wait_for(1).await;
}

#[tokio::test]
async fn a_second_daemon_on_the_same_state_is_refused() {
    let (feeds, hook) = (FeedServer::start().await, Hook::start().await);
    let world = World::with_config(&config(&feeds, &hook, "embargo"));
    let first = world.start();
    first.says("at work").await;
    let second = world.run(&["run", "--once"]).await;
    assert_eq!(second.code, Some(1));
    assert!(second.stderr.contains("another wirewatch is using wirewatch.db"), "{}", second.stderr);
}

#[tokio::test]
async fn a_server_that_does_not_answer_does_not_keep_the_daemon_from_stopping() {
    let (feeds, hook) = (Hook::start().await, Hook::start().await);
    feeds.answer_next([Reply::Silence]);
    let world = World::new(&format!(
        "[feeds.slow]\nurl = \"{}\"\n[rules.watch]\nwhen = 'embargo'\n[receivers.ops.webhook]\nurl = \"{}\"\n",
        feeds.url(),
        hook.url()
    ));
    let daemon = world.start();
    feeds.wait_for(1).await;
    daemon.signal("TERM").await;
    assert_eq!(daemon.end().await, Some(0));
}

#[tokio::test]
async fn a_feed_that_fails_is_reported_and_stops_nobody_else() {
    let (feeds, hook) = (FeedServer::start().await, Hook::start().await);
    feeds.publish("/feed.xml", Page::feed(rss(&[("1", "An embargo is announced", "")])));
    feeds.publish("/broken.xml", Page::feed("<html><body>log in</body></html>"));
    let world = World::with_config(&format!(
        "{}[feeds.broken]\nurl = \"{}\"\n",
        config(&feeds, &hook, "embargo"),
        feeds.url("/broken.xml")
    ));
    let pass = world.run(&["run", "--once"]).await;
    assert_eq!(pass.code, Some(0));
    assert!(pass.stdout.contains("1 answered, 0 unchanged, 1 failed"), "{}", pass.stdout);
    assert!(pass.stderr.contains("broken") && pass.stderr.contains("HTML"), "{}", pass.stderr);
    assert_eq!(hook.calls().len(), 1);
}

#[tokio::test]
async fn neither_a_kill_nor_a_reload_makes_a_feed_be_asked_early_or_for_all_of_itself() {
    let (feeds, hook) = (FeedServer::start().await, Hook::start().await);
    feeds.publish("/feed.xml", Page::feed(rss(&[("1", "Nothing of note", "")])).with("etag", "\"1\""));
    let adaptive = config(&feeds, &hook, "embargo").replace("every = \"1s\"\n", "");
    let world = World::with_config(&adaptive);
    world.run(&["run", "--once"]).await;
    for _ in 0..2 {
        let daemon = world.start();
        daemon.says("at work").await;
        daemon.signal("HUP").await;
        daemon.says("configuration taken over").await;
        daemon.kill().await;
    }
    assert_eq!(feeds.requests("/feed.xml").len(), 1);
    world.run(&["run", "--once"]).await;
    assert_eq!(feeds.requests("/feed.xml")[1]["if-none-match"], "\"1\"");
}
