//! How servers are treated over days and by many feeds at once, in virtual time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::response::Response;

use crate::support::desk::{Asked, Desk, Scripted, Time, answer, feed, tagged};

const HOUR: i64 = 3_600;
const DAYS: i64 = 7;

/// How the feed at `/N` answers: each by another habit, all with something to say every few hours.
fn by_number(asked: &Asked) -> Response {
    let number: i64 = asked.path.trim_start_matches('/').parse().unwrap();
    let edition = format!("\"{}\"", asked.at / (HOUR * (2 + number)));
    let cookie = ("set-cookie", "who=you; Max-Age=31536000");
    match number % 5 {
        0 => tagged(asked, &edition, &[cookie]),
        1 => tagged(asked, &edition, &[cookie, ("cache-control", "max-age=5400")]),
        2 if asked.at / HOUR % 24 == 7 => answer(503, &[("retry-after", "10800")], ""),
        3 if asked.at / HOUR % 12 == 3 => answer(500, &[cookie], ""),
        4 => dated(asked, &edition),
        _ => tagged(asked, &edition, &[("cache-control", "private, no-cache, max-age=600")]),
    }
}

/// A feed that knows no entity tags.
fn dated(asked: &Asked, edition: &str) -> Response {
    let fields = [("last-modified", edition), ("expires", "0")];
    match asked.header("if-modified-since") {
        Some(date) if date == edition.as_bytes() => answer(304, &fields, ""),
        _ => answer(200, &fields, feed(&[edition], "")),
    }
}

#[tokio::test]
async fn twenty_feeds_in_a_week_are_asked_conditionally_and_never_before_they_wish() {
    let time = Time::new();
    let (mut servers, mut config) = (Vec::new(), "[schedule]\nmin = \"45m\"\n".to_owned());
    for number in 0..20 {
        let server = Scripted::start(&format!("127.0.1.{}", number + 1), &time, by_number).await;
        config += &format!("[feeds.f{number}]\nurl = \"{}\"\n", server.url(&format!("/{number}")));
        servers.push(server);
    }
    let mut desk = Desk::open(&time, &config).await;
    for day in 1..=DAYS {
        desk.work_until(day * 24).await;
        desk.restart().await;
    }
    for (number, server) in servers.iter().enumerate() {
        let asked = server.asked();
        assert!(asked.len() >= 60, "{number}: {}", asked.len());
        assert_eq!(asked.iter().filter(|asked| !asked.is_conditional()).count(), 1, "{number}");
        for name in ["cookie", "referer", "pragma", "cache-control", "authorization", "from"] {
            assert!(asked.iter().all(|asked| asked.header(name).is_none()), "{number}: {name}");
        }
        assert!(asked.iter().all(|asked| asked.path == format!("/{number}")), "{number}: nothing is added to an address");
        for pair in asked.windows(2) {
            let wish = match number % 5 {
                1 => 5_400,
                2 if pair[0].at / HOUR % 24 == 7 => 10_800,
                _ => 2_700,
            };
            assert!(pair[1].at - pair[0].at >= wish, "{number}: asked at {} and again at {}", pair[0].at, pair[1].at);
        }
    }
}

#[tokio::test]
async fn a_thousand_feeds_on_ten_hosts_are_asked_one_at_a_time_a_host() {
    let time = Time::new();
    let (mut servers, mut config) = (Vec::new(), String::new());
    let crowds = Arc::new(AtomicUsize::new(0));
    for host in 0..10 {
        let listener = tokio::net::TcpListener::bind((format!("127.0.2.{}", host + 1), 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (inside, crowds) = (Arc::new(AtomicUsize::new(0)), Arc::clone(&crowds));
        let serve = move |uri: axum::http::Uri| async move {
            crowds.fetch_add(usize::from(inside.fetch_add(1, Ordering::SeqCst) > 0), Ordering::SeqCst);
            tokio::task::yield_now().await;
            inside.fetch_sub(1, Ordering::SeqCst);
            answer(200, &[], feed(&[uri.path()], ""))
        };
        tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(serve)).await });
        servers.push(address);
    }
    for number in 0..1_000 {
        config += &format!("[feeds.f{number}]\nurl = \"http://{}/{number}\"\nevery = \"1h\"\n", servers[number % 10]);
    }
    let desk = Desk::open(&time, &config).await;
    let counts = desk.visit().await;
    assert_eq!((counts.answered, counts.failed, crowds.load(Ordering::SeqCst)), (1_000, 0, 0));
    let due = (0..1_000).map(|number| match desk.kept(&format!("f{number}"), "due_at") {
        rusqlite::types::Value::Integer(millis) => millis / 60_000,
        other => panic!("{other:?}"),
    });
    let mut by_minute: HashMap<i64, usize> = HashMap::new();
    due.for_each(|minute| *by_minute.entry(minute).or_default() += 1);
    assert!(by_minute.len() >= 25 && by_minute.values().all(|feeds| *feeds < 100), "they have drifted apart: {by_minute:?}");
}

#[tokio::test]
async fn feeds_that_wait_for_a_host_are_not_asked_once_it_says_that_it_is_busy() {
    let time = Time::new();
    let asked = Arc::new(Mutex::new(0));
    let count = Arc::clone(&asked);
    let server = Scripted::start("127.0.0.1", &time, move |_| {
        *count.lock().unwrap() += 1;
        answer(429, &[("retry-after", "7200")], "")
    })
    .await;
    let feeds: String =
        (0..50).map(|number| format!("[feeds.f{number}]\nurl = \"{}\"\n", server.url(&format!("/{number}")))).collect();
    let mut desk = Desk::open(&time, &feeds).await;
    desk.visit().await;
    assert_eq!(*asked.lock().unwrap(), 1);
    desk.work_until(2).await;
    assert!(*asked.lock().unwrap() <= 2);
}

#[tokio::test]
async fn a_limit_on_polls_an_hour_holds_and_is_spent_where_something_happens() {
    let time = Time::new();
    let script = |asked: &Asked| match asked.path.as_str() {
        "/busy" => {
            let ids: Vec<String> = (0..10).map(|back| (asked.at / 300 - back).to_string()).collect();
            answer(200, &[], feed(&ids.iter().map(String::as_str).collect::<Vec<_>>(), ""))
        }
        _ => tagged(asked, "\"x\"", &[]),
    };
    let server = Scripted::start("127.0.0.1", &time, script).await;
    let quiet: String =
        (0..9).map(|number| format!("[feeds.f{number}]\nurl = \"{}\"\n", server.url(&format!("/{number}")))).collect();
    let config = format!("[schedule]\npolls_per_hour = 24\n[feeds.busy]\nurl = \"{}\"\n{quiet}", server.url("/busy"));
    let mut desk = Desk::open(&time, &config).await;
    desk.work_until(48).await;
    let later: Vec<Asked> = server.asked().into_iter().filter(|asked| asked.at >= 24 * HOUR).collect();
    let busy = later.iter().filter(|asked| asked.path == "/busy").count();
    assert!(later.len() <= 25 * 24 && later.len() > 15 * 24, "{} polls in a day", later.len());
    assert!(busy > 8 * 24, "{busy} of {} polls", later.len());
}
