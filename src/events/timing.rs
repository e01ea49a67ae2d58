//! When a sentence says that something happened, as far as the date expressions around a word tell.

use jiff::civil::Date;

use super::scene::{Scene, Sentence};
use crate::text::dates::{Bound, DateMention, Direction};

/// Sentences back to which a day still counts.
const LOOK_BACK: usize = 2;

/// When something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// On a day that is still news.
    Recent(Date),
    /// Longer ago.
    Old(Date),
    /// On a day to come.
    Ahead(Date),
    /// Nothing is said of it.
    Unsaid,
}

impl When {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Recent(_) => "recent",
            Self::Old(_) => "old",
            Self::Ahead(_) => "ahead",
            Self::Unsaid => "unsaid",
        }
    }
}

/// What the date expression nearest to a word of a sentence says of it.
pub(super) fn when(scene: &Scene<'_>, sentence: &Sentence, word: usize, news_days: i64) -> When {
    let distance = |date: &&DateMention| {
        // what stands before another expression's clause belongs to it less than what follows directly
        let (start, end) = (date.words.start, date.words.end);
        if end <= word { (word - end) * 2 } else { start.saturating_sub(word) }
    };
    match sentence.dates.iter().min_by_key(distance) {
        None => When::Unsaid,
        Some(date) => judge(date, scene.today, news_days),
    }
}

/// The recent day named last, in a sentence or shortly before it: what is told without a day is told of the same one.
pub(super) fn told_on(scene: &Scene<'_>, place: usize, news_days: i64) -> Option<Date> {
    let own = &scene.sentences[place];
    let sentences = (0..=LOOK_BACK).filter_map(|back| scene.sentences.get(place.checked_sub(back)?));
    let dates = sentences.filter(|sentence| sentence.field == own.field).flat_map(|sentence| sentence.dates.iter().rev());
    dates
        .filter_map(|date| match judge(date, scene.today, news_days) {
            When::Recent(day) => Some(day),
            _ => None,
        })
        .next()
}

/// What one date expression says.
pub(super) fn judge(mention: &DateMention, today: Date, news_days: i64) -> When {
    let date = &mention.date;
    let age = |day: Date| i64::from((today - day).get_days());
    match (date.day(), date.direction) {
        // "until Friday" says nothing of when it happened, and "from Friday" something only if Friday is over
        _ if date.bound == Bound::Until => When::Unsaid,
        (Some(day), _) if age(day) < 0 => When::Ahead(day),
        (Some(day), _) if age(day) <= news_days => When::Recent(day),
        (Some(day), _) => When::Old(day),
        (None, Direction::Future) => When::Ahead(date.from),
        (None, _) if age(date.from) <= news_days && age(date.to) >= 0 => When::Recent(date.to),
        (None, Direction::Past) if age(date.to) > news_days => When::Old(date.from),
        _ => When::Unsaid,
    }
}
