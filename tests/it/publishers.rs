//! Made-up publishers with the rhythms of real ones, and collectors that visit them in virtual time. Shared by a test and a
//! benchmark.

use std::time::Duration;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use wirewatch::model::Rhythm;
use wirewatch::schedule::forecast::{self, Bounds};
use wirewatch::schedule::rhythm;

/// When everything begins: a Monday at midnight, UTC.
const START: Timestamp = Timestamp::constant(1_762_128_000, 0);
const MINUTE: f64 = 1.0 / 60.0;
/// Items a feed shows; older ones have rolled off.
const WINDOW: usize = 30;
/// Days of publishing before the first visit, so that feeds have something to show.
const BEFORE: f64 = 7.0;

/// How a publisher goes about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Habit {
    /// An agency: day and night, fewer in the night.
    AroundTheClock,
    /// An authority: in office hours of its own zone, now and then at other times.
    OfficeHours,
    /// A newsletter: once a day at its hour, on all days or on weekdays.
    Daily,
    /// A small desk: long silence, then a dozen pieces in an hour or two.
    Bursts,
    /// A bulletin on the hour in the waking hours.
    Hourly,
    /// Abandoned: one notice a month or none.
    Dead,
}

/// All of them.
pub const HABITS: [Habit; 6] =
    [Habit::AroundTheClock, Habit::OfficeHours, Habit::Daily, Habit::Bursts, Habit::Hourly, Habit::Dead];

/// A publisher's items over some days, as hours since the start, in order.
pub fn publish(habit: Habit, days: f64, rng: &mut Rng) -> Vec<f64> {
    let zone = rng.i32(-8..=9);
    let (scale, chance) = (rng.f64(), rng.f64());
    let mut items = match habit {
        Habit::AroundTheClock => {
            let busiest = 1.0 + 8.0 * scale;
            thinned(days, busiest, rng, |hour, _| if (local(hour, zone) as i64 % 24) < 6 { 0.35 } else { 1.0 })
        }
        Habit::OfficeHours => {
            let busiest = 0.2 + 1.2 * scale;
            thinned(days, busiest, rng, |hour, weekday| {
                let at_work = (9.0..18.0).contains(&(local(hour, zone).rem_euclid(24.0))) && weekday < 5;
                if at_work { 1.0 } else { 0.02 }
            })
        }
        Habit::Daily => {
            let at = 24.0 * scale;
            let each_day = |day: i64| chance < 0.5 || day.rem_euclid(7) < 5;
            let days = (-BEFORE as i64..days as i64).filter(|day| each_day(*day));
            days.map(|day| day as f64 * 24.0 + at + 6.0 * MINUTE * normal(rng)).collect()
        }
        Habit::Bursts => {
            let starts = thinned(days, 1.0 / (20.0 + 60.0 * scale), rng, |_, _| 1.0);
            starts.into_iter().flat_map(|start| burst(start, rng)).collect()
        }
        Habit::Hourly => {
            let hours = (-BEFORE * 24.0) as i64..(days * 24.0) as i64;
            let awake = hours.filter(|hour| (6..22).contains(&(hour + i64::from(zone)).rem_euclid(24)));
            awake.map(|hour| hour as f64 + 2.0 * MINUTE * rng.f64()).collect()
        }
        Habit::Dead => thinned(days, 1.0 / (24.0 * 40.0), rng, |_, _| 1.0),
    };
    items.sort_by(f64::total_cmp);
    items.retain(|item| *item < days * 24.0);
    items
}

/// A random process whose rate varies: at most `busiest` an hour, at each moment the given share of it.
fn thinned(days: f64, busiest: f64, rng: &mut Rng, share: impl Fn(f64, i64) -> f64) -> Vec<f64> {
    let (mut items, mut at) = (Vec::new(), -BEFORE * 24.0);
    loop {
        at += waiting(1.0 / busiest, rng);
        if at >= days * 24.0 {
            return items;
        }
        if rng.f64() < share(at, (at / 24.0).floor() as i64 % 7) {
            items.push(at);
        }
    }
}

fn burst(start: f64, rng: &mut Rng) -> Vec<f64> {
    let mut at = start;
    let pieces = rng.usize(4..=16);
    std::iter::repeat_with(|| {
        at += waiting(8.0 * MINUTE, rng);
        at
    })
    .take(pieces)
    .collect()
}

fn waiting(mean: f64, rng: &mut Rng) -> f64 {
    -(1.0 - rng.f64()).ln() * mean
}

fn normal(rng: &mut Rng) -> f64 {
    (0..12).map(|_| rng.f64()).sum::<f64>() - 6.0
}

fn local(hour: f64, zone: i32) -> f64 {
    hour + f64::from(zone)
}

/// What visiting some publishers came to.
#[derive(Debug, Clone, Default)]
pub struct Visits {
    /// Requests made.
    pub requests: usize,
    /// Hours from publication to discovery, one for each item.
    pub delays: Vec<f64>,
}

impl Visits {
    /// The mean delay in minutes.
    pub fn mean(&self) -> f64 {
        self.delays.iter().sum::<f64>() / self.delays.len().max(1) as f64 * 60.0
    }

    /// The delay in minutes that 95 of 100 items do not exceed.
    pub fn p95(&self) -> f64 {
        let mut delays = self.delays.clone();
        delays.sort_by(f64::total_cmp);
        delays.get(delays.len() * 95 / 100).copied().unwrap_or_default() * 60.0
    }

    /// Adds another publisher's.
    pub fn add(&mut self, other: Visits) {
        self.requests += other.requests;
        self.delays.extend(other.delays);
    }
}

/// Visits a publisher by its rhythm, which is learnt on the way from nothing but what the visits bring.
pub fn by_rhythm(items: &[f64], days: f64, bounds: Bounds, patience: f64, rng: &mut Rng) -> Visits {
    let (mut visits, mut at, mut seen) = (Visits::default(), rng.f64() * 0.1, 0);
    let (mut rhythm, mut last): (Option<Rhythm>, Option<Timestamp>) = (None, None);
    while at < days * 24.0 {
        let published = items.partition_point(|item| *item <= at);
        let new = items.get(seen.max(published.saturating_sub(WINDOW))..published).unwrap_or_default();
        if last.is_some() {
            visits.delays.extend(new.iter().map(|item| at - item));
        }
        let new: Vec<Option<Timestamp>> = new.iter().map(|item| Some(moment(*item))).collect();
        if last.is_none() || !new.is_empty() {
            rhythm = Some(rhythm::learn(rhythm, &new, last, moment(at)));
        }
        (seen, last) = (published, Some(moment(at)));
        visits.requests += 1;
        at += forecast::pause(rhythm.as_ref(), bounds, patience, moment(at)).as_secs_f64() / 3600.0 * (1.0 + 0.1 * rng.f64());
    }
    visits
}

/// Visits a publisher at a fixed pause.
pub fn at_fixed_pause(items: &[f64], days: f64, pause: Duration, rng: &mut Rng) -> Visits {
    let pause = pause.as_secs_f64() / 3600.0;
    let first = rng.f64() * pause;
    let later = items.iter().filter(|item| **item > first && **item < days * 24.0);
    let delay = |item: &f64| pause - (item - first).rem_euclid(pause);
    Visits { requests: ((days * 24.0 - first) / pause) as usize + 1, delays: later.map(delay).collect() }
}

fn moment(hours: f64) -> Timestamp {
    START + SignedDuration::from_secs_f64(hours * 3600.0)
}
