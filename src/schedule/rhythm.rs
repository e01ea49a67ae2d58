//! A feed's own rhythm: what it has published tells when to expect more. Pure arithmetic.
//!
//! The rate at which articles are expected is a product of what was learnt: how often in all, in which hours of the day, on which
//! days of the week, in which minutes of the hour. Each shape counts only as far as it stands out from chance, and none until it
//! has been watched for a while. To that comes an echo: news draws news, so that whatever has just been published makes more
//! likely for an hour or so, to the degree that it has with this feed.

use jiff::{SignedDuration, Timestamp};

use crate::model::Rhythm;

/// After this time a count has half its weight: two weeks, so that a new timetable is learnt in about as long.
const HALF_LIFE_HOURS: f64 = 14.0 * 24.0;
/// Articles older than this tell nothing about the rhythm of today.
const LONGEST_MEMORY_HOURS: f64 = 28.0 * 24.0;
/// How fast the stir after an article dies down.
const ECHO_HOURS: f64 = 0.5;
/// What is believed of a feed before anything is known: this part of an occasion...
const PRIOR_OCCASIONS: f64 = 0.5;
/// ...in so many hours.
const PRIOR_HOURS: f64 = 12.0;
/// The share of occasions thought to be echoes, and how many occasions it takes to change one's mind.
const PRIOR_ECHOES: (f64, f64) = (0.2, 5.0);
/// Days of watching after which the hours of the day count for half of what they seem to tell.
const HALF_TRUST_DAYS: f64 = 1.0;
/// Weeks of watching after which the days of the week do.
const HALF_TRUST_WEEKS: f64 = 0.5;

/// What is known after a poll at `now` that brought articles published at these moments, none for one without a date; `last` is
/// the poll before.
///
/// The first answer is taken by its dates. Later articles have appeared since the last poll, whatever they say.
pub fn learn(known: Option<Rhythm>, published: &[Option<Timestamp>], last: Option<Timestamp>, now: Timestamp) -> Rhythm {
    let (mut rhythm, mut moments) = match (known, last) {
        (Some(rhythm), Some(last)) => (rhythm, published.iter().map(|moment| appeared(*moment, last, now)).collect()),
        _ => {
            let moments: Vec<_> = published.iter().copied().flatten().filter(|moment| is_recent(*moment, now)).collect();
            (Rhythm::new(moments.iter().min().copied().unwrap_or(now)), moments)
        }
    };
    moments.sort_unstable();
    moments.dedup_by_key(|moment: &mut Timestamp| moment.as_second().div_euclid(60));
    for moment in moments {
        notice(&mut rhythm, moment);
    }
    rhythm
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
    let expected = Expected::new(rhythm, moment);
    let (own, echo) = (expected.own(moment), expected.echo(moment));
    let is_echo = (echo / (own + echo)) as f32;
    let slots = Slots::of(moment);
    let counts = [rhythm.hours.get_mut(slots.hour), rhythm.days.get_mut(slots.day), rhythm.minutes.get_mut(slots.minute)];
    counts.into_iter().flatten().for_each(|count| *count += 1.0 - is_echo);
    rhythm.echoes += is_echo;
    rhythm.stir += 1.0;
}

/// Takes the counts forward to a moment.
fn fade(rhythm: &mut Rhythm, moment: Timestamp) {
    let hours = hours_between(rhythm.at, moment).max(0.0);
    let faded = (-hours / HALF_LIFE_HOURS).exp2() as f32;
    let counts = rhythm.hours.iter_mut().chain(&mut rhythm.days).chain(&mut rhythm.minutes);
    counts.for_each(|count| *count *= faded);
    rhythm.echoes *= faded;
    rhythm.stir *= (-hours / ECHO_HOURS).exp() as f32;
    rhythm.at = rhythm.at.max(moment);
}

/// What a feed of a rhythm is expected to bring, as things stand at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// Occasions an hour of their own accord, over the whole week.
    rate: f64,
    /// How much more than usual in each hour of the day, day of the week and twelfth of the hour.
    hours: [f64; 24],
    days: [f64; 7],
    minutes: [f64; 12],
    /// The share of occasions that follow from others.
    echoing: f64,
    /// Such occasions an hour, at `at`.
    echo: f64,
    at: Timestamp,
}

impl Expected {
    /// As things stand `now`.
    pub fn new(rhythm: &Rhythm, now: Timestamp) -> Self {
        let faded = (-hours_between(rhythm.at, now).max(0.0) / HALF_LIFE_HOURS).exp2();
        let kept: f64 = rhythm.hours.iter().map(|count| f64::from(*count)).sum();
        let watched = hours_between(rhythm.since, now).max(0.0);
        // the time watched, faded as the counts are
        let weight = HALF_LIFE_HOURS / std::f64::consts::LN_2 * (1.0 - (-watched / HALF_LIFE_HOURS).exp2());
        let (share, strength) = PRIOR_ECHOES;
        let echoes = (f64::from(rhythm.echoes) + share * strength) / (kept + f64::from(rhythm.echoes) + strength);
        let stir = f64::from(rhythm.stir) * (-hours_between(rhythm.at, now).max(0.0) / ECHO_HOURS).exp();
        Self {
            rate: (kept * faded + PRIOR_OCCASIONS) / (weight + PRIOR_HOURS),
            hours: shape(&rhythm.hours, trust(watched / 24.0, HALF_TRUST_DAYS)),
            days: shape(&rhythm.days, trust(watched / 168.0, HALF_TRUST_WEEKS)),
            minutes: shape(&rhythm.minutes, trust(watched / 24.0, HALF_TRUST_DAYS)),
            echoing: echoes,
            echo: echoes * stir / ECHO_HOURS,
            at: now,
        }
    }

    /// Articles an hour at a moment that is not far off.
    pub fn rate(&self, moment: Timestamp) -> f64 {
        self.own(moment) + self.echo(moment)
    }

    /// Occasions an hour over the whole week, those that follow from others included.
    pub fn in_all(&self) -> f64 {
        self.rate / (1.0 - self.echoing)
    }

    /// Occasions of their own accord in the hour in which a moment lies.
    pub fn of_the_hour(&self, moment: Timestamp) -> f64 {
        let Slots { hour, day, .. } = Slots::of(moment);
        self.rate * [self.hours.get(hour), self.days.get(day)].into_iter().flatten().product::<f64>()
    }

    fn own(&self, moment: Timestamp) -> f64 {
        let Slots { hour, day, minute } = Slots::of(moment);
        let factors = [self.hours.get(hour), self.days.get(day), self.minutes.get(minute)];
        self.rate * factors.into_iter().flatten().product::<f64>()
    }

    fn echo(&self, moment: Timestamp) -> f64 {
        self.echo * (-hours_between(self.at, moment).max(0.0) / ECHO_HOURS).exp()
    }
}

/// How much more than usual happens in each slot, drawn towards "any time" by what chance alone would make of so few counts
/// (James and Stein's estimator on the chi-square of the counts), and by how little it has been watched. Some of each slot's
/// count is its neighbours', for nobody is punctual to the minute.
fn shape<const SLOTS: usize>(counts: &[f32; SLOTS], watched: f64) -> [f64; SLOTS] {
    let mean = counts.iter().map(|count| f64::from(*count)).sum::<f64>() / SLOTS as f64;
    let chi_square: f64 = counts.iter().map(|count| (f64::from(*count) - mean).powi(2) / mean).sum();
    let trust = if chi_square > 0.0 { watched * (1.0 - (SLOTS as f64 - 3.0) / chi_square).max(0.0) } else { 0.0 };
    let count = |slot: usize| counts.get(slot % SLOTS).copied().map_or(0.0, f64::from);
    let near = |slot: usize| (count(slot + SLOTS - 1) + 6.0 * count(slot) + count(slot + 1)) / 8.0;
    std::array::from_fn(|slot| if trust > 0.0 { 1.0 + trust * (near(slot) / mean - 1.0) } else { 1.0 })
}

fn trust(seen: f64, half: f64) -> f64 {
    seen / (seen + half)
}

/// The hour of the day, the day of the week from Monday, and the twelfth of the hour, in UTC.
struct Slots {
    hour: usize,
    day: usize,
    minute: usize,
}

impl Slots {
    fn of(moment: Timestamp) -> Self {
        /// 1970-01-01 was a Thursday.
        const FIRST_DAY: i64 = 3;
        let slot = |length: i64, first: i64, slots: i64| {
            usize::try_from((moment.as_second().div_euclid(length) + first).rem_euclid(slots)).unwrap_or_default()
        };
        Self { hour: slot(3_600, 0, 24), day: slot(86_400, FIRST_DAY, 7), minute: slot(300, 0, 12) }
    }
}

fn hours_between(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64() / 3600.0
}

fn hours(count: f64) -> SignedDuration {
    SignedDuration::from_secs_f64(count * 3600.0)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A moment so many hours after a Monday, midnight.
    pub fn at(hours_since: f64) -> Timestamp {
        Timestamp::from_second(1_762_128_000).unwrap() + hours(hours_since)
    }

    /// What is known of a feed that was polled every hour for so many days and had an article, at any minute, in these hours.
    pub fn watched(days: i64, items: impl Fn(i64) -> bool) -> Rhythm {
        let first = learn(None, &[], None, at(0.0));
        (1..days * 24).fold(first, |rhythm, hour| {
            let item = items(hour - 1).then(|| Some(at(hour as f64 - 0.01 - 0.98 * (hour as f64 * 0.618).fract())));
            learn(Some(rhythm), item.as_slice(), Some(at(hour as f64 - 1.0)), at(hour as f64))
        })
    }

    fn rate(rhythm: &Rhythm, moment: Timestamp) -> f64 {
        Expected::new(rhythm, moment).rate(moment)
    }

    #[test]
    fn articles_without_a_credible_date_have_appeared_between_the_polls() {
        let rhythm = watched(7, |_| false);
        for date in [None, Some(at(-5_000.0)), Some(at(9_000.0))] {
            let learnt = learn(Some(rhythm.clone()), &[date], Some(at(168.0)), at(170.0));
            assert_eq!(learnt.at, at(169.0), "{date:?}");
        }
    }

    #[test]
    fn a_hundred_articles_of_one_minute_are_one_occasion() {
        let rhythm = watched(7, |_| false);
        let pile = vec![Some(at(168.5)); 100];
        let learnt = learn(Some(rhythm), &pile, Some(at(168.0)), at(169.0));
        assert!((0.99..=1.01).contains(&(learnt.hours.iter().sum::<f32>() + learnt.echoes)), "{learnt:?}");
    }

    #[test]
    fn a_new_timetable_replaces_the_old_one() {
        let both = watched(70, |hour| if hour < 28 * 24 { hour % 24 == 6 } else { hour % 24 == 18 });
        let day = 70.0 * 24.0;
        assert!(rate(&both, at(day + 18.5)) > 4.0 * rate(&both, at(day + 6.5)));
    }

    #[test]
    fn chance_is_no_shape_and_a_habit_is() {
        let even = [5.0, 6.0, 4.0, 5.0, 7.0, 3.0, 5.0];
        assert_eq!(shape(&even, 1.0), [1.0; 7]);
        let fridays = shape(&[0.0, 0.0, 0.0, 0.0, 9.0, 0.0, 0.0], 1.0);
        assert!(fridays[4] > 4.0 && fridays[1] < 0.3, "{fridays:?}");
        assert_eq!(shape(&[0.0; 7], 1.0), [1.0; 7]);
    }

    #[test]
    fn the_minute_of_the_hour_is_learnt_as_well() {
        let on_the_hour = (1..240).fold(Rhythm::new(at(0.0)), |rhythm, hour| {
            let (last, now) = (f64::from(hour) - 0.5, f64::from(hour) + 0.5);
            learn(Some(rhythm), &[Some(at(f64::from(hour) + 0.02))], Some(at(last)), at(now))
        });
        assert!(rate(&on_the_hour, at(250.02)) > 8.0 * rate(&on_the_hour, at(250.5)));
    }
}
