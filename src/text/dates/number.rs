//! What a word of digits can be in a date.

use super::grammar::Sense;
use super::pattern::{Class, Symbol};
use crate::text::Text;

/// The endings of ordinals: `5th`, `1er`, `1º`, folded.
const ORDINAL_ENDINGS: [&str; 8] = ["", "st", "nd", "rd", "th", "er", "o", "e"];

/// Every sense that a word has for its digits.
pub fn senses(text: &Text, word: &str, position: usize) -> impl Iterator<Item = Sense> + use<> {
    let digits = word.len() - word.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let (number, ending) = word.split_at(digits);
    let found = match number.parse::<i32>() {
        Ok(value) if digits <= 4 && !is_percentage(text, position) => classes(value, digits, ending),
        _ => [None; 4],
    };
    let dotted = || dotted(word).map(|value| (Class::Dotted, value));
    let dotted = if ending.starts_with('.') { dotted() } else { None };
    found.into_iter().chain([dotted]).flatten().map(|(class, value)| Sense {
        symbol: Symbol::Class(class),
        value,
        needs_capital: false,
    })
}

fn classes(value: i32, digits: usize, ending: &str) -> [Option<(Class, i32)>; 4] {
    let is_plain = ending.is_empty();
    let day = ORDINAL_ENDINGS.contains(&ending) && digits <= 2 && (1..=31).contains(&value);
    let month = is_plain && digits <= 2 && (1..=12).contains(&value);
    let year = is_plain && (1900..2100).contains(&value);
    let number = is_plain && (1..1000).contains(&value);
    [
        day.then_some((Class::Day, value)),
        month.then_some((Class::MonthNumber, value)),
        year.then_some((Class::Year, value)),
        number.then_some((Class::Number, value)),
    ]
}

/// Reads `05.06.2025` as 20250605.
fn dotted(word: &str) -> Option<i32> {
    let mut parts = word.split('.').map(str::parse::<i32>);
    let (day, month, year) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let is_date = (1..=31).contains(&day) && (1..=12).contains(&month) && (1900..2100).contains(&year);
    (is_date && parts.next().is_none()).then_some(year * 10_000 + month * 100 + day)
}

fn is_percentage(text: &Text, position: usize) -> bool {
    text.gap(position + 1).starts_with(['%', '％'])
}
