//! What the learnt rhythms are worth, on a small scale; `benches/schedule.rs` is the large one.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use wirewatch::model::DueFeed;
use wirewatch::schedule::forecast::{Bounds, PATIENCE};

use wirewatch::schedule::{Clock, Round, Until, visit_due_feeds};
use wirewatch::store::{SqliteStore, Store};

use crate::publishers::{HABITS, Habit, Visits, at_fixed_pause, by_rhythm, publish};
use crate::support::Record;

const BOUNDS: Bounds = Bounds { min: Duration::from_secs(60), max: Duration::from_secs(3600) };
const DAYS: f64 = 14.0;

/// Feeds of these habits, visited by rhythm and at a fixed pause with as many requests.
fn compare(habits: &[Habit], feeds: usize) -> (Visits, Visits) {
    let mut rng = Rng::with_seed(1);
    let published: Vec<Vec<f64>> =
        habits.iter().flat_map(|habit| (0..feeds).map(|_| publish(*habit, DAYS, &mut rng)).collect::<Vec<_>>()).collect();
    let (mut learnt, mut fixed) = (Visits::default(), Visits::default());
    for items in &published {
        learnt.add(by_rhythm(items, DAYS, BOUNDS, PATIENCE * 8.0, &mut rng));
    }
    let pause = Duration::from_secs_f64(published.len() as f64 * DAYS * 86_400.0 / learnt.requests as f64);
    for items in &published {
        fixed.add(at_fixed_pause(items, DAYS, pause, &mut rng));
    }
    (learnt, fixed)
}

#[test]
fn news_is_found_in_less_than_half_the_time_with_no_more_requests() {
    let (learnt, fixed) = compare(&HABITS, 3);
    assert!(learnt.requests.abs_diff(fixed.requests) <= fixed.requests / 100, "{} {}", learnt.requests, fixed.requests);
    assert!(learnt.mean() * 2.0 <= fixed.mean(), "mean: {} against {}", learnt.mean(), fixed.mean());
    assert!(learnt.p95() < fixed.p95(), "95th percentile: {} against {}", learnt.p95(), fixed.p95());
}

#[test]
fn no_kind_of_feed_is_worse_off_alone() {
    for habit in HABITS.into_iter().filter(|habit| *habit != Habit::Dead) {
        let (learnt, fixed) = compare(&[habit], 6);
        assert!(learnt.mean() < fixed.mean(), "{habit:?}: {} against {}", learnt.mean(), fixed.mean());
    }
}

#[tokio::test]
async fn a_clock_that_jumps_while_the_daemon_runs_neither_hurries_nor_silences_its_feeds() {
    const TEN_MINUTES: SignedDuration = SignedDuration::from_mins(10);
    for jump in [SignedDuration::from_hours(8), SignedDuration::from_hours(-90_000)] {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&folder.path().join("state.db")).unwrap());
        let ahead = Arc::new(Mutex::new(SignedDuration::ZERO));
        let its_ahead = Arc::clone(&ahead);
        let clock: Clock = Arc::new(move || Timestamp::now() + *its_ahead.lock().unwrap());
        store.adopt_feeds(vec![("news".into(), "http://x.example/".into())], clock()).await.unwrap();
        let visits = Arc::new(Record::new());
        let visit = |due: DueFeed| {
            let (store, clock, visits, ahead) = (Arc::clone(&store), Arc::clone(&clock), Arc::clone(&visits), Arc::clone(&ahead));
            async move {
                store.postpone_feed(&due.name, clock() + TEN_MINUTES).await.unwrap();
                *ahead.lock().unwrap() = jump;
                visits.add(clock());
            }
        };
        let (round, stop) =
            (Round { clock: Arc::clone(&clock), until: Until::Stopped, polls_per_hour: None }, CancellationToken::new());
        let watching = async {
            visits.wait_for(1).await;
            let is_moved = |due: Timestamp| (due.duration_since(clock()) - TEN_MINUTES).abs() < SignedDuration::from_secs(30);
            while !store.next_feed_due().await.unwrap().is_some_and(is_moved) {
                tokio::task::yield_now().await;
            }
            stop.cancel();
        };
        let (ended, ()) = tokio::join!(visit_due_feeds(&store, &round, &stop, visit), watching);
        ended.unwrap();
        assert_eq!(visits.all().len(), 1, "{jump}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_on_polls_an_hour_is_kept_to_the_minute() {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&folder.path().join("state.db")).unwrap());
    let started = Instant::now();
    let clock: Clock =
        Arc::new(move || Timestamp::from_second(1_795_392_000).unwrap() + SignedDuration::try_from(started.elapsed()).unwrap());
    let feeds = (0..50).map(|number| (format!("f{number}"), "http://x.example/".to_owned())).collect();
    store.adopt_feeds(feeds, clock()).await.unwrap();
    let (visits, stop) = (Arc::new(Record::new()), CancellationToken::new());
    let visit = |_: DueFeed| {
        visits.add(started.elapsed().as_secs());
        if visits.all().len() == 20 {
            stop.cancel();
        }
        std::future::ready(())
    };
    let round = Round { clock: Arc::clone(&clock), until: Until::Stopped, polls_per_hour: Some(240) };
    visit_due_feeds(&store, &round, &stop, visit).await.unwrap();
    let times = visits.all();
    assert_eq!(times[..4], [0; 4], "a minute's worth at once");
    for (number, time) in times.iter().enumerate().skip(4) {
        let earliest = (number as u64 - 3) * 15;
        assert!((earliest..=earliest + 15).contains(time), "{times:?}");
    }
}
