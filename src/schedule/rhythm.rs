//! A feed's own rhythm: what it has published tells when to expect more, and that tells when to ask. Pure arithmetic.
//!
//! The rate at which articles are expected is a product of three things learnt (how often in all, in which hours of the day, on
//! which days of the week), drawn towards "any time" for as long as little is known, and an echo: news draws news, so that
//! whatever has just been published makes more likely for an hour or so, to the degree that it has with this feed.
//!
//! A poll is due when the articles that may be expected to wait have, all together, waited for as long as our patience lasts. For
//! a steady rate that is the pause sqrt(2 · patience / rate), which for a given number of polls makes the mean delay least.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::Rhythm;

/// How long all articles that wait in a feed may have waited together before it is asked, in article-minutes, unless a budget
/// says otherwise: one article an hour is asked for every five minutes, one a day every twenty-five.
pub const PATIENCE: f64 = 0.2;

/// After this time a count has half its weight: two weeks, so that a new timetable is learnt in about as long.
const HALF_LIFE_HOURS: f64 = 14.0 * 24.0;
/// Articles older than this tell nothing about the rhythm of today.
const LONGEST_MEMORY_HOURS: f64 = 28.0 * 24.0;
/// How fast the stir after an article dies down.
const ECHO_HOURS: f64 = 0.5;
/// What is believed of a feed before anything is known: an occasion in as many hours.
const PRIOR_OCCASIONS: f64 = 0.5;
/// The time in which they are thought to have been seen.
const PRIOR_HOURS: f64 = 12.0;
/// The share of occasions thought to be echoes, and how many occasions it takes to change one's mind.
const PRIOR_ECHOES: (f64, f64) = (0.2, 5.0);
/// Occasions, days and weeks after which what was learnt about hours and days counts for half.
const HALF_TRUST: (f64, f64, f64) = (4.0, 2.0, 1.0);
/// The steps into which the time until the next poll is cut for reckoning.
const STEPS: u32 = 64;

/// The shortest and the longest pause of a feed that follows its own rhythm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The shortest.
    pub min: Duration,
    /// The longest.
    pub max: Duration,
}

/// What is known after a poll at `now` that brought articles published at these moments, none for one without a date; `last` is
/// the poll before.
///
/// The first answer is taken by its dates. Later articles have appeared since the last poll, whatever they say.
pub fn learn(known: Option<Rhythm>, published: &[Option<Timestamp>], last: Option<Timestamp>, now: Timestamp) -> Rhythm {
    let (mut rhythm, mut moments) = match (known, last) {
        (Some(rhythm), Some(last)) => (rhythm, published.iter().map(|moment| appeared(*moment, last, now)).collect()),
        _ => {
            let moments: Vec<_> = published.iter().copied().flatten().filter(|moment| is_recent(*moment, now)).collect();
            (unknown(moments.iter().min().copied().unwrap_or(now)), moments)
        }
    };
    moments.sort_unstable();
    moments.dedup_by_key(|moment: &mut Timestamp| moment.as_second().div_euclid(60));
    for moment in moments {
        notice(&mut rhythm, moment);
    }
    rhythm
}

/// Articles an hour to be expected at a moment, as things stand now.
pub fn rate(rhythm: &Rhythm, at: Timestamp) -> f64 {
    own_rate(rhythm, at) + echo_rate(rhythm, at)
}

/// The pause after a poll at `now` until the next is worth its while.
pub fn pause(rhythm: Option<&Rhythm>, bounds: Bounds, patience: f64, now: Timestamp) -> Duration {
    let step = bounds.max.as_secs_f64() / f64::from(STEPS) / 3600.0;
    let (mut waiting, mut waited) = (0.0, 0.0);
    for number in 0..STEPS {
        let middle = now.saturating_add(hours((f64::from(number) + 0.5) * step)).unwrap_or(now);
        let rate = rhythm.map_or(PRIOR_OCCASIONS / PRIOR_HOURS, |rhythm| rate(rhythm, middle));
        let after = waited + waiting * step + rate * step * step / 2.0;
        if after >= patience / 60.0 {
            // where in the step: waited + waiting·x + rate·x²/2 = patience
            let missing = patience / 60.0 - waited;
            let x = 2.0 * missing / (waiting + (waiting * waiting + 2.0 * rate * missing).sqrt());
            return Duration::from_secs_f64((f64::from(number) * step + x).max(0.0) * 3600.0).clamp(bounds.min, bounds.max);
        }
        (waiting, waited) = (waiting + rate * step, after);
    }
    bounds.max
}

fn unknown(since: Timestamp) -> Rhythm {
    Rhythm { since, at: since, hours: [0.0; 24], days: [0.0; 7], echoes: 0.0, stir: 0.0 }
}

fn is_recent(moment: Timestamp, now: Timestamp) -> bool {
    moment <= now && hours_between(moment, now) <= LONGEST_MEMORY_HOURS
}

/// When an article appeared in a feed: when it says, if that lies between the polls, else somewhere between them.
fn appeared(published: Option<Timestamp>, last: Timestamp, now: Timestamp) -> Timestamp {
    let between = last.saturating_add(hours(hours_between(last, now) / 2.0)).unwrap_or(now);
    published.filter(|published| (last..=now).contains(published)).unwrap_or(between)
}

fn notice(rhythm: &mut Rhythm, moment: Timestamp) {
    fade(rhythm, moment);
    let (own, echo) = (own_rate(rhythm, moment), echo_rate(rhythm, moment));
    let is_echo = (echo / (own + echo)) as f32;
    let (hour, day) = slot(moment);
    if let (Some(hour), Some(day)) = (rhythm.hours.get_mut(hour), rhythm.days.get_mut(day)) {
        *hour += 1.0 - is_echo;
        *day += 1.0 - is_echo;
    }
    rhythm.echoes += is_echo;
    rhythm.stir += 1.0;
}

/// Takes the counts forward to a moment.
fn fade(rhythm: &mut Rhythm, moment: Timestamp) {
    let hours = hours_between(rhythm.at, moment).max(0.0);
    let faded = (-hours / HALF_LIFE_HOURS).exp2() as f32;
    rhythm.hours.iter_mut().chain(&mut rhythm.days).for_each(|count| *count *= faded);
    rhythm.echoes *= faded;
    rhythm.stir *= (-hours / ECHO_HOURS).exp() as f32;
    rhythm.at = rhythm.at.max(moment);
}

/// Articles an hour that come of their own accord.
fn own_rate(rhythm: &Rhythm, at: Timestamp) -> f64 {
    let faded = (-hours_between(rhythm.at, at).max(0.0) / HALF_LIFE_HOURS).exp2();
    let occasions = rhythm.hours.iter().map(|count| f64::from(*count)).sum::<f64>() * faded;
    let watched = hours_between(rhythm.since, at).max(0.0);
    // the time watched, faded as the counts are
    let weight = HALF_LIFE_HOURS / std::f64::consts::LN_2 * (1.0 - (-watched / HALF_LIFE_HOURS).exp2());
    let rate = (occasions + PRIOR_OCCASIONS) / (weight + PRIOR_HOURS);
    let seen = trust(occasions, HALF_TRUST.0);
    let (hour, day) = slot(at);
    rate * factor(near(&rhythm.hours, hour), 24.0, occasions, faded, seen * trust(watched / 24.0, HALF_TRUST.1))
        * factor(count(&rhythm.days, day), 7.0, occasions, faded, seen * trust(watched / 168.0, HALF_TRUST.2))
}

/// How much more than usual happens in a slot of `slots`, as far as it can be trusted.
fn factor(count: f64, slots: f64, occasions: f64, faded: f64, trust: f64) -> f64 {
    let share = if occasions > 0.0 { count * faded * slots / occasions } else { 1.0 };
    1.0 + trust * (share - 1.0)
}

fn trust(seen: f64, half: f64) -> f64 {
    seen / (seen + half)
}

/// Articles an hour that follow from those just published.
fn echo_rate(rhythm: &Rhythm, at: Timestamp) -> f64 {
    let own: f32 = rhythm.hours.iter().sum();
    let (share, strength) = PRIOR_ECHOES;
    let share = (f64::from(rhythm.echoes) + share * strength) / (f64::from(own + rhythm.echoes) + strength);
    let stir = f64::from(rhythm.stir) * (-hours_between(rhythm.at, at).max(0.0) / ECHO_HOURS).exp();
    share * stir / ECHO_HOURS
}

/// The count of an hour, with some of its neighbours', for nobody is punctual to the minute.
fn near(hours: &[f32; 24], hour: usize) -> f64 {
    (count(hours, (hour + 23) % 24) + 6.0 * count(hours, hour) + count(hours, (hour + 1) % 24)) / 8.0
}

fn count(counts: &[f32], slot: usize) -> f64 {
    counts.get(slot).copied().unwrap_or_default().into()
}

/// The hour of the day and the day of the week, from Monday.
fn slot(moment: Timestamp) -> (usize, usize) {
    let there = moment.to_zoned(TimeZone::UTC);
    (
        usize::try_from(there.hour()).unwrap_or_default(),
        usize::try_from(there.weekday().to_monday_zero_offset()).unwrap_or_default(),
    )
}

fn hours_between(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64() / 3600.0
}

fn hours(count: f64) -> jiff::SignedDuration {
    jiff::SignedDuration::from_secs_f64(count * 3600.0)
}
