//! How servers are treated, one situation at a time, in virtual time.

use axum::response::Response;
use rusqlite::types::Value;

use crate::support::desk::{Asked, Desk, Scripted, Time, answer, feed, http_date, tagged};

const HOUR: i64 = 3_600;

/// A collector of one feed, `news`, at `/feed` of a scripted server, with further configuration for it.
async fn one_feed(more: &str, script: impl Fn(&Asked) -> Response + Send + Sync + 'static) -> (Desk, Scripted) {
    let time = Time::new();
    let server = Scripted::start("127.0.0.1", &time, script).await;
    let desk = Desk::open(&time, &format!("[feeds.news]\nurl = \"{}\"\n{more}", server.url("/feed"))).await;
    (desk, server)
}

/// The pauses between requests, in seconds.
fn pauses(times: &[i64]) -> Vec<i64> {
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

fn unconditional(server: &Scripted) -> usize {
    server.asked().iter().filter(|asked| !asked.is_conditional()).count()
}

#[tokio::test]
async fn a_feed_is_asked_for_all_of_itself_once_however_often_the_power_is_cut() {
    let (mut desk, server) = one_feed("every = \"30m\"", |asked| tagged(asked, "\"one\"", &[])).await;
    desk.work_restlessly_until(12).await;
    assert_eq!(unconditional(&server), 1);
    let pauses = pauses(&server.times("/feed"));
    assert!(pauses.len() >= 22 && pauses.iter().all(|pause| (1_800..=2_700).contains(pause)), "{pauses:?}");
}

#[tokio::test]
async fn what_was_not_changed_brings_nothing_but_a_new_due_time() {
    let (mut desk, _server) = one_feed("every = \"30m\"", |asked| tagged(asked, "\"one\"", &[])).await;
    desk.work_until(1).await;
    let keep = ["etag", "habits", "answered", "failures", "interval_ms"];
    let before = keep.map(|what| desk.kept("news", what));
    desk.work_until(4).await;
    assert_eq!(keep.map(|what| desk.kept("news", what)), before);
}

#[tokio::test]
async fn a_validator_that_comes_with_not_modified_replaces_the_one_before() {
    let (mut desk, server) = one_feed("every = \"1h\"", |asked| match asked.header("if-none-match") {
        None => answer(200, &[("etag", "\"a\""), ("last-modified", "some day")], feed(&["1"], "")),
        Some(_) => answer(304, &[("etag", "W/\"b\"")], ""),
    })
    .await;
    desk.work_until(6).await;
    let asked = server.asked();
    let tags: Vec<_> = asked[1..4].iter().map(|asked| asked.header("if-none-match").unwrap()).collect();
    assert_eq!(tags, [b"\"a\"".as_slice(), b"W/\"b\"", b"W/\"b\""]);
    assert!(asked[3].header("if-modified-since") == Some(b"some day"), "what did not come anew stays");
}

#[tokio::test]
async fn validators_of_a_body_that_is_broken_cut_or_too_large_are_not_kept() {
    let broken = "<rss><channel><item><title>1</ti";
    let too_large = feed(&["2"], &" ".repeat(9 << 20));
    for body in [broken.to_owned(), too_large, String::new(), "<html><body>log in</body></html>".into()] {
        let (mut desk, server) = one_feed("every = \"1h\"", move |asked| match asked.at {
            0 => answer(200, &[("etag", "\"good\"")], feed(&["1"], "")),
            1..10_000 => answer(200, &[("etag", "\"bad\"")], body.clone()),
            _ => tagged(asked, "\"better\"", &[]),
        })
        .await;
        desk.work_until(9).await;
        let asked = server.asked();
        let tags: Vec<_> = asked[1..].iter().map(|asked| asked.header("if-none-match").unwrap()).collect();
        assert!(tags.contains(&b"\"good\"".as_slice()) && !tags.contains(&b"\"bad\"".as_slice()));
        assert_eq!(tags.last(), Some(&b"\"better\"".as_slice()), "the whole body came as soon as it was sound");
    }
}

#[tokio::test]
async fn not_modified_without_a_condition_is_a_failed_poll() {
    let (mut desk, server) = one_feed("every = \"1h\"", |_| answer(304, &[], "")).await;
    desk.work_until(4).await;
    assert_eq!(desk.kept("news", "last_error"), Value::Text("answered 304 Not Modified".into()));
    assert!(server.asked().iter().all(|asked| !asked.is_conditional()));
}

#[tokio::test]
async fn the_same_body_again_is_not_read_again_and_a_server_that_ignores_conditions_is_noticed() {
    let (mut desk, server) = one_feed("every = \"1h\"", |_| answer(200, &[("etag", "\"x\"")], feed(&["1"], ""))).await;
    desk.work_until(20).await;
    let polls = i64::try_from(server.asked().len()).unwrap();
    assert_eq!(desk.kept("news", "$.repeats"), Value::Integer(polls - 1));
    let rhythm = desk.kept("news", "$.rhythm.at");
    desk.work_until(30).await;
    assert_eq!(desk.kept("news", "$.rhythm.at"), rhythm);
}

#[tokio::test]
async fn a_permanent_move_is_believed_after_a_day_and_the_new_address_is_asked_from_then_on() {
    for status in [301, 308] {
        let (mut desk, server) = one_feed("every = \"6h\"", move |asked| match asked.path.as_str() {
            "/feed" => answer(status, &[("location", "/new")], ""),
            _ => tagged(asked, "\"x\"", &[]),
        })
        .await;
        desk.work_until(20).await;
        assert_eq!(desk.kept("news", "$.address"), Value::Null);
        desk.work_restlessly_until(72).await;
        let old = server.times("/feed");
        assert!(old.len() <= 6 && old.last() > Some(&(24 * HOUR)), "{old:?}");
        assert!(server.times("/new").len() >= 11);
        assert_eq!(unconditional(&server), 2, "the old address and the new one, once each");
    }
}

#[tokio::test]
async fn a_temporary_redirect_and_what_lies_behind_one_is_never_remembered() {
    for status in [302, 303, 307] {
        let (mut desk, server) = one_feed("every = \"6h\"", move |asked| match asked.path.as_str() {
            "/feed" => answer(status, &[("location", "/today")], ""),
            "/today" => answer(301, &[("location", "/there")], ""),
            _ => tagged(asked, "\"x\"", &[]),
        })
        .await;
        desk.work_until(72).await;
        assert_eq!(server.times("/feed"), server.times("/there"));
        assert_eq!(desk.kept("news", "$.address"), Value::Null);
    }
}

#[tokio::test]
async fn a_move_is_taken_back_when_the_new_address_fails() {
    let (mut desk, server) = one_feed("every = \"6h\"", |asked| match (asked.path.as_str(), asked.at) {
        ("/feed", ..200_000) => answer(301, &[("location", "/new")], ""),
        ("/new", 200_000..) => answer(410, &[], ""),
        _ => tagged(asked, "\"x\"", &[]),
    })
    .await;
    desk.work_until(240).await;
    let times = server.times("/feed");
    assert!(times.last() > Some(&(220 * HOUR)), "{times:?}");
    assert_eq!(desk.kept("news", "retired"), Value::Integer(0));
}

#[tokio::test]
async fn gone_retires_a_feed_for_good() {
    let (mut desk, server) = one_feed("every = \"1h\"", |asked| match asked.at {
        0 => tagged(asked, "\"x\"", &[]),
        _ => answer(410, &[], ""),
    })
    .await;
    desk.work_restlessly_until(100).await;
    assert_eq!(server.asked().len(), 2);
    assert_eq!(desk.kept("news", "retired"), Value::Integer(1));
}

#[tokio::test]
async fn other_refusals_make_the_pauses_longer_up_to_six_hours_and_one_success_ends_that() {
    for status in [401, 403, 404, 451, 500, 502] {
        let (mut desk, server) = one_feed("every = \"1h\"", move |asked| match asked.at {
            ..180_000 => answer(status, &[], ""),
            _ => tagged(asked, "\"x\"", &[]),
        })
        .await;
        desk.work_until(64).await;
        let pauses = pauses(&server.times("/feed"));
        let hours: Vec<f64> = pauses.iter().map(|pause| *pause as f64 / 3_600.0).collect();
        assert!(
            (1.0..=1.1).contains(&hours[0]) && (2.0..=2.2).contains(&hours[1]) && (4.0..=4.4).contains(&hours[2]),
            "{hours:?}"
        );
        assert!(hours.iter().all(|pause| *pause <= 6.6) && hours.last() == Some(&1.0), "{hours:?}");
    }
}

#[tokio::test]
async fn a_busy_host_is_left_alone_with_all_its_feeds_also_after_a_restart_and_others_are_not() {
    for (status, fields) in [
        (429, vec![("retry-after", "14400")]),
        (503, vec![("date", "Mon, 23 Nov 2026 01:00:00 GMT"), ("retry-after", "Mon, 23 Nov 2026 05:00:00 GMT")]),
        (403, vec![("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "14400")]),
    ] {
        let time = Time::new();
        let script = move |asked: &Asked| match (asked.path.as_str(), asked.at) {
            ("/a", 1..10_000) => answer(status, &fields, ""),
            _ => tagged(asked, "\"x\"", &[]),
        };
        let busy = Scripted::start("127.0.0.2", &time, script).await;
        let calm = Scripted::start("127.0.0.3", &time, |asked| tagged(asked, "\"x\"", &[])).await;
        let (a, b, c) = (busy.url("/a"), busy.url("/b"), calm.url("/c"));
        let config = format!(
            "[feeds]\na = {{ url = \"{a}\", every = \"1h\" }}\nb = {{ url = \"{b}\", every = \"10m\" }}\nc = {{ url = \"{c}\", every = \"10m\" }}"
        );
        let mut desk = Desk::open(&time, &config).await;
        desk.work_restlessly_until(5).await;
        let refused = busy.times("/a")[1];
        let silence = refused + 1..refused + 4 * HOUR;
        assert!(!busy.asked().iter().any(|asked| silence.contains(&asked.at)), "{status}: {:?}", busy.times("/b"));
        assert!(calm.times("/c").len() > 25);
        desk.work_until(7).await;
        assert!(busy.times("/b").last() > Some(&(6 * HOUR)));
    }
}

#[tokio::test]
async fn a_wish_for_ten_years_is_granted_for_a_week_and_one_for_yesterday_not_at_all() {
    for (wish, least, most) in [
        ("315360000", 7 * 24 * HOUR, 8 * 24 * HOUR),
        ("Thu, 20 Nov 2036 00:00:00 GMT", 7 * 24 * HOUR, 8 * 24 * HOUR),
        ("Sun, 22 Nov 2026 00:00:00 GMT", HOUR, 2 * HOUR),
        ("when you like", HOUR, 2 * HOUR),
    ] {
        let (mut desk, server) = one_feed("every = \"1h\"", move |_| answer(500, &[("retry-after", wish)], "")).await;
        desk.work_until(8 * 24).await;
        let times = server.times("/feed");
        assert!((least..=most).contains(&(times[1] - times[0])), "{wish}: {times:?}");
    }
}

#[tokio::test]
async fn nobody_is_asked_before_an_answer_is_stale_or_its_feed_says_so() {
    for (fields, channel, pause) in [
        (vec![("cache-control", "max-age=7200")], "", 2 * HOUR),
        (vec![("cache-control", "max-age=7200"), ("age", "3600")], "", HOUR),
        (vec![("cache-control", "no-cache, max-age=7200")], "", 600),
        (vec![("expires", "Mon, 23 Nov 2026 03:00:00 GMT"), ("date", "Mon, 23 Nov 2026 00:00:00 GMT")], "", 3 * HOUR),
        (vec![("cache-control", "max-age=31536000")], "", 24 * HOUR),
        (vec![], "<ttl>180</ttl>", 3 * HOUR),
        (vec![], "<sy:updatePeriod xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">daily</sy:updatePeriod>", 24 * HOUR),
        (vec![("cache-control", "max-age=7200")], "<ttl>180</ttl>", 3 * HOUR),
        (vec![], "<skipHours><hour>0</hour><hour>1</hour><hour>2</hour></skipHours>", 3 * HOUR),
        (vec![], "<skipDays><day>Monday</day></skipDays>", 24 * HOUR),
        (vec![], "<ttl>1</ttl>", 600),
    ] {
        let body = feed(&["1"], channel);
        let (mut desk, server) = one_feed("every = \"10m\"", move |_| answer(200, &fields, body.clone())).await;
        desk.work_until(25).await;
        let times = server.times("/feed");
        assert!((pause..=pause + 600).contains(&(times[1] - times[0])), "{channel} {pause}: {times:?}");
    }
}

#[tokio::test]
async fn what_a_feed_says_of_itself_is_not_heeded_where_the_configuration_says_so() {
    let body = feed(&["1"], "<ttl>180</ttl>");
    let (mut desk, server) = one_feed("every = \"10m\"\nhints = false", move |_| answer(200, &[], body.clone())).await;
    desk.work_until(2).await;
    assert!(server.asked().len() > 10);
}

#[tokio::test]
async fn a_clock_that_goes_back_by_years_or_runs_ahead_silences_nobody_and_hurries_nobody() {
    for years in [-10, 10] {
        let time = Time::new();
        let server = Scripted::start("127.0.0.1", &time, |asked| tagged(asked, "\"x\"", &[])).await;
        let mut desk = Desk::open(&time, &format!("[feeds.news]\nurl = \"{}\"\nevery = \"1h\"", server.url("/feed"))).await;
        desk.work_until(3).await;
        let before = server.asked().len();
        time.set(time.now() + jiff::SignedDuration::from_hours(years * 365 * 24));
        desk.restart().await;
        desk.visit().await;
        let at_once = server.asked().len() - before;
        assert_eq!(at_once, usize::from(years > 0), "{years}");
        time.set(time.now() + jiff::SignedDuration::from_mins(61));
        desk.visit().await;
        assert_eq!(server.asked().len() - before, at_once + 1, "{years}");
    }
}

#[tokio::test]
async fn whatever_is_no_feed_is_named_and_a_feed_under_any_name_is_read() {
    let page = "<!DOCTYPE html><html><body>Please log in</body></html>";
    for (status, content_type, body, error) in [
        (200, "text/html", page.to_owned(), Some("HTML")),
        (200, "application/rss+xml", page.to_owned(), Some("HTML")),
        (511, "text/html", page.to_owned(), Some("511")),
        (200, "application/rss+xml", String::new(), Some("empty")),
        (204, "application/rss+xml", String::new(), Some("204")),
        (200, "application/json", "{\"error\":\"token\"}".to_owned(), Some("")),
        (200, "text/html; charset=utf-8", feed(&["1"], ""), None),
        (200, "application/octet-stream", feed(&["1"], ""), None),
        (200, "image/png", feed(&["1"], ""), None),
        (
            200,
            "application/rss+xml; charset=iso-8859-1",
            format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>{}", feed(&["1"], "")),
            None,
        ),
    ] {
        let what = format!("{status} {content_type} {body:.20}");
        let (desk, _server) = one_feed("", move |_| answer(status, &[("content-type", content_type)], body.clone())).await;
        let counts = desk.visit().await;
        assert_eq!((counts.answered, counts.recorded.articles), if error.is_some() { (0, 0) } else { (1, 1) }, "{what}");
        if let (Some(words), Value::Text(kept)) = (error, desk.kept("news", "last_error")) {
            assert!(kept.contains(words), "{what}: {kept}");
        }
    }
}

#[tokio::test]
async fn a_server_whose_clock_is_wrong_is_asked_when_it_wishes_all_the_same() {
    const YEARS: i64 = 10 * 365 * 24 * HOUR;
    for skew in [-YEARS, -HOUR, HOUR, YEARS] {
        for (status, field, wish) in [(200, "expires", 2 * HOUR), (500, "retry-after", 5 * HOUR), (200, "last-modified", 1_800)] {
            let its_clock = move |at: i64| {
                let moment = Time::new().now() + jiff::SignedDuration::from_secs(at + skew);
                http_date(moment).to_str().unwrap().to_owned()
            };
            let (mut desk, server) = one_feed("every = \"30m\"", move |asked| {
                answer(status, &[("date", &its_clock(asked.at)), (field, &its_clock(asked.at + wish))], feed(&["1"], ""))
            })
            .await;
            desk.work_until(12).await;
            let pauses = pauses(&server.times("/feed"));
            assert!((wish..=wish + 1_000).contains(&pauses[0]), "{skew} {field}: {pauses:?}");
        }
    }
}
