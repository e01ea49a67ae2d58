//! What the learnt rhythms are worth, on a small scale; `benches/schedule.rs` is the large one.

use std::time::Duration;

use fastrand::Rng;
use wirewatch::schedule::forecast::{Bounds, PATIENCE};

use crate::publishers::{HABITS, Habit, Visits, at_fixed_pause, by_rhythm, publish};

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
