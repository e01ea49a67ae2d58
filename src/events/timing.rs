//! When a sentence says that something happened, as far as the date expressions around a word tell.

use jiff::civil::Date;

use super::scene::{Scene, Sentence};
use crate::text::dates::{DateMention, Precision};

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

fn judge(date: &DateMention, today: Date, news_days: i64) -> When {
    let days = |day: Date| i64::from((today - day).get_days());
    let exact = date.precision == Precision::Day;
    match (days(date.from), days(date.to)) {
        (from, _) if from < 0 && exact => if from >= -1 && date.is_bare_day { When::Recent(date.from) } else { When::Ahead(date.from) },
        (from, _) if from < 0 => When::Ahead(date.from),
        (from, _) if exact && from <= news_days => When::Recent(date.from),
        (_, to) if !exact && to <= 0 => When::Unsaid,
        _ => When::Old(date.from),
    }
}
