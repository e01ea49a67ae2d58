//! What the learnt rhythms are worth: the delay from publication to discovery, beside a fixed pause with as many requests.
//!
//! `cargo bench --bench schedule [FEEDS_OF_A_KIND] [DAYS]` publishes and visits in virtual time, learning included; the numbers
//! come out the same at every run.

#![allow(missing_docs, reason = "nobody links to a benchmark")]

#[path = "../tests/it/publishers.rs"]
mod publishers;

use std::time::Duration;

use fastrand::Rng;
use publishers::{HABITS, Visits, at_fixed_pause, by_rhythm, publish};
use wirewatch::schedule::forecast::{Bounds, PATIENCE};

const BOUNDS: Bounds = Bounds { min: Duration::from_secs(60), max: Duration::from_secs(3600) };

/// What each feed publishes, and over how many days.
struct Feeds {
    items: Vec<Vec<f64>>,
    days: f64,
}

fn main() {
    let numbers: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let (count, days) = (numbers.first().copied().unwrap_or(50), numbers.get(1).copied().unwrap_or(28) as f64);
    for patience in [PATIENCE / 4.0, PATIENCE, PATIENCE * 4.0] {
        println!("{count} feeds of each kind, {days} days, patience {patience} article-minutes");
        let (mut everybody, mut learnt) = (Feeds { items: Vec::new(), days }, Visits::default());
        for habit in HABITS {
            let mut rng = Rng::with_seed(habit as u64);
            let feeds = Feeds { items: (0..count).map(|_| publish(habit, days, &mut rng)).collect(), days };
            let visits = feeds.by_rhythm(patience, &mut rng);
            print(&format!("{habit:?} alone"), &visits, &feeds.at_fixed_pause(visits.requests));
            learnt.add(visits);
            everybody.items.extend(feeds.items);
        }
        print("all together", &learnt, &everybody.at_fixed_pause(learnt.requests));
    }
}

impl Feeds {
    fn by_rhythm(&self, patience: f64, rng: &mut Rng) -> Visits {
        let mut visits = Visits::default();
        self.items.iter().for_each(|items| visits.add(by_rhythm(items, self.days, BOUNDS, patience, rng)));
        visits
    }

    /// All at the one pause that comes to so many requests.
    fn at_fixed_pause(&self, requests: usize) -> Visits {
        let pause = Duration::from_secs_f64(self.items.len() as f64 * self.days * 86_400.0 / requests as f64);
        let (mut visits, mut rng) = (Visits::default(), Rng::with_seed(7));
        self.items.iter().for_each(|items| visits.add(at_fixed_pause(items, self.days, pause, &mut rng)));
        visits
    }
}

fn print(what: &str, learnt: &Visits, fixed: &Visits) {
    let (mean, p95) = (learnt.mean(), learnt.p95());
    println!(
        "{what:20} {:7} requests ({:7} fixed), {:6} items: mean {mean:5.2} min ({:5.2} fixed: {:4.2} x), p95 {p95:5.2} min ({:5.2} fixed)",
        learnt.requests,
        fixed.requests,
        learnt.delays.len(),
        fixed.mean(),
        mean / fixed.mean(),
        fixed.p95(),
    );
}
