//! A daemon told to stop in the middle of its work: what was answered is kept, and nobody is asked for it again.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::http::{Uri, header};
use tokio::net::TcpListener;

use crate::support::Record;
use crate::world::{World, rss};

/// Servers of as many feeds as anybody asks for, with a record of every request; each is a host of its own.
async fn servers(count: usize) -> (Vec<String>, Arc<Record<String>>) {
    let (mut addresses, asked) = (Vec::new(), Arc::new(Record::new()));
    for number in 1..=count {
        let listener = TcpListener::bind(format!("127.0.5.{number}:0")).await.unwrap();
        addresses.push(format!("http://{}", listener.local_addr().unwrap()));
        let asked = Arc::clone(&asked);
        let router = Router::new().fallback(move |uri: Uri| {
            let path = uri.path().to_owned();
            asked.add(path.clone());
            let items: Vec<(String, String)> =
                (0..5).map(|item| (format!("{path}-{item}"), format!("Item {item} of {path}"))).collect();
            let items: Vec<_> = items.iter().map(|(id, title)| (id.as_str(), title.as_str(), "")).collect();
            let answer = ([(header::ETAG, "\"1\"")], rss(&items));
            async move { answer }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
    }
    (addresses, asked)
}

/// How often each path was asked for.
fn counts(asked: &Record<String>) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    asked.all().into_iter().for_each(|path| *counts.entry(path).or_default() += 1);
    counts
}

/// Runs a daemon until so many requests have been made in all.
async fn run_until(world: &World, asked: &Record<String>, requests: usize) {
    let daemon = world.start();
    daemon.says("at work").await;
    asked.wait_for(requests).await;
    daemon.signal("TERM").await;
    assert_eq!(daemon.end().await, Some(0));
}

/// Stops a daemon whenever a tenth of its feeds has been asked, until none is left to ask.
async fn stop_and_go(feeds: usize) {
    let (addresses, asked) = servers(20).await;
    let feed = |number: usize| format!("[feeds.f{number}]\nurl = \"{}/{number}\"\n", addresses[number % addresses.len()]);
    let tables: String = (0..feeds).map(feed).collect();
    let world = World::with_config(&format!(
        "[http]\nallow_private_addresses = true\nmax_connections_per_host = 4\n{tables}[rules.never]\nwhen = 'zxqj'\n"
    ));
    let mut wanted = feeds / 10;
    while wanted < feeds {
        run_until(&world, &asked, wanted).await;
        wanted = asked.all().len() + feeds / 10;
    }
    run_until(&world, &asked, feeds).await;
    let counts = counts(&asked);
    let twice: Vec<_> = counts.iter().filter(|(_, count)| **count != 1).collect();
    assert!(twice.is_empty(), "asked again: {twice:?}");
    let state = rusqlite::Connection::open(world.path().join("wirewatch.db")).unwrap();
    let count = |what: &str| state.query_row(&format!("SELECT COUNT(*) FROM {what}"), [], |row| row.get::<_, u32>(0)).unwrap();
    let all = u32::try_from(feeds).unwrap();
    assert_eq!((counts.len(), count("feed WHERE answered"), count("seen")), (feeds, all, all * 5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_before_a_stop_is_kept_and_not_asked_for_again() {
    let feeds = std::env::var("WIREWATCH_TEST_FEEDS").map_or(500, |count| count.parse().unwrap());
    stop_and_go(feeds).await;
}
