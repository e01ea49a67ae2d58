//! What the learnt rhythms are worth: the delay from publication to discovery, beside a fixed pause with as many requests.
//!
//! `cargo bench --bench schedule [FEEDS_OF_A_KIND] [DAYS]` publishes and visits in virtual time; the numbers come out the same
//! at every run.

#![allow(missing_docs, reason = "nobody links to a benchmark")]
#![allow(clippy::print_stdout, reason = "its output is what a benchmark is for")]

#[path = "../tests/it/publishers.rs"]
mod publishers;

use std::time::Duration;

use fastrand::Rng;
use publishers::{HABITS, Visits, at_fixed_pause, by_rhythm, publish};
use wirewatch::schedule::forecast::{Bounds, PATIENCE};

const BOUNDS: Bounds = Bounds { min: Duration::from_secs(60), max: Duration::from_secs(3600) };

fn main() {
    let numbers: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let feeds = numbers.first().copied().unwrap_or(50);
    let days = numbers.get(1).copied().unwrap_or(28) as f64;
    for patience in [PATIENCE / 4.0, PATIENCE, PATIENCE * 4.0] {
        compare(feeds, days, patience);
    }
}

/// One patience: all kinds of publishers together and apart.
fn compare(feeds: usize, days: f64, patience: f64) {
    println!("{feeds} feeds of each kind, {days} days, patience {patience} article-minutes");
    let (mut learnt, mut published) = (Vec::new(), Vec::new());
    for habit in HABITS {
        let mut rng = Rng::with_seed(habit as u64);
        let items: Vec<Vec<f64>> = (0..feeds).map(|_| publish(habit, days, &mut rng)).collect();
        let mut visits = Visits::default();
        items.iter().for_each(|items| visits.add(by_rhythm(items, days, BOUNDS, patience, &mut rng)));
        learnt.push(visits);
        published.push(items);
    }
    let all_learnt = sum(&learnt);
    let pause = Duration::from_secs_f64((feeds * HABITS.len()) as f64 * days * 86_400.0 / all_learnt.requests as f64);
    let fixed: Vec<Visits> = published
        .iter()
        .map(|items| {
            let mut visits = Visits::default();
            let mut rng = Rng::with_seed(7);
            items.iter().for_each(|items| visits.add(at_fixed_pause(items, days, pause, &mut rng)));
            visits
        })
        .collect();
    for (number, habit) in HABITS.iter().enumerate() {
        print(&format!("{habit:?}"), &learnt[number], &fixed[number]);
        // the kind alone, at the same number of requests
        let own = Duration::from_secs_f64(feeds as f64 * days * 86_400.0 / learnt[number].requests as f64);
        let mut visits = Visits::default();
        let mut rng = Rng::with_seed(7);
        published[number].iter().for_each(|items| visits.add(at_fixed_pause(items, days, own, &mut rng)));
        print("  same requests", &learnt[number], &visits);
    }
    print("all", &all_learnt, &sum(&fixed));
}

fn sum(visits: &[Visits]) -> Visits {
    let mut all = Visits::default();
    visits.iter().for_each(|visits| all.add(visits.clone()));
    all
}

fn print(what: &str, learnt: &Visits, fixed: &Visits) {
    println!(
        "{what:16} requests {:8} (fixed {:8})  mean {:6.2} min (fixed {:6.2}, {:4.2} x)  p95 {:6.2} min (fixed {:6.2})  items {}",
        learnt.requests,
        fixed.requests,
        learnt.mean(),
        fixed.mean(),
        learnt.mean() / fixed.mean(),
        learnt.p95(),
        fixed.p95(),
        learnt.delays.len()
    );
}
