//! What a sentence says of a measure: the form of its verb, its rate, the goods it is about.

use super::lexis::Class;
use super::scene::Sentence;
use crate::text::{Hit, Text};

/// The form of a verb, as far as English endings and the words before it tell.
pub(super) fn form(text: &Text, sentence: &Sentence, act: &Hit<Class>) -> &'static str {
    let before = |back: usize| {
        act.first
            .checked_sub(back)
            .filter(|place| *place >= sentence.first)
            .and_then(|place| text.word(place))
            .unwrap_or_default()
    };
    let word = text.word(act.first).unwrap_or_default();
    if ["to", "will", "would", "may", "might", "could", "shall", "should", "can", "must"].contains(&before(1)) {
        return "to-come";
    }
    if ["be", "been", "being", "is", "are", "was", "were", "get", "got"].contains(&before(1)) {
        return if ["to", "will", "would", "may", "might", "could", "should", "not"].contains(&before(2)) {
            "to-come"
        } else {
            "passive"
        };
    }
    match word {
        _ if ["have", "has", "had"].contains(&before(1)) => "perfect",
        _ if word.ends_with("ed") => "past",
        _ if word.ends_with("ing") => "going-on",
        _ if word.ends_with('s') && !word.ends_with("ss") => "present",
        _ => "plain",
    }
}

/// The highest percentage of a sentence.
pub(super) fn rate(sentence: &Sentence, text: &Text) -> Option<String> {
    let percentages =
        sentence.hits.iter().filter(|hit| hit.class == Class::Percent).filter_map(|hit| percentage(text, hit.first));
    percentages.max_by(f64::total_cmp).map(|highest| format!("{highest}%"))
}

/// The percentage that stands at a word, if one does.
pub(super) fn percentage(text: &Text, place: usize) -> Option<f64> {
    const PERCENT: [&str; 8] = ["percent", "per", "pc", "pct", "prozent", "процент", "процентов", "por"];
    let value: f64 = text.word(place)?.replace(',', ".").parse().ok()?;
    let after = text.plain().get(text.bytes(place, place).end..)?;
    let sign = after.trim_start_matches([' ', '\u{a0}']).starts_with(['%', '％']);
    (sign || text.word(place + 1).is_some_and(|next| PERCENT.contains(&next))).then_some(value)
}

/// What a measure is about, as it is written: the goods behind "on" or right before the object's word.
pub(super) fn goods(sentence: &Sentence, text: &Text, object: &Hit<Class>, is_goods: impl Fn(Class) -> bool) -> Option<String> {
    let word = |place: usize| text.word(place).unwrap_or_default();
    let names_goods = |places: &[usize]| {
        sentence.hits.iter().any(|hit| is_goods(hit.class) && places.contains(&hit.first) && places.contains(&hit.last))
    };
    let links = (object.last + 1..=sentence.last).take(2).take_while(|place| BEHIND.contains(&word(*place)));
    let behind = links.last().map_or(object.last + 1, |link| link + 1);
    let behind: Vec<usize> = (behind..=sentence.last).take(GOODS).take_while(|place| !ENDS.contains(&word(*place))).collect();
    let before: Vec<usize> = (object.first.saturating_sub(2).max(sentence.first)..object.first).collect();
    let places = [behind, before].into_iter().find(|places| names_goods(places))?;
    let named =
        sentence.hits.iter().filter(|hit| is_goods(hit.class) && places.contains(&hit.first) && places.contains(&hit.last));
    let (first, last) = named.fold((usize::MAX, 0), |(first, last), hit| (first.min(hit.first), last.max(hit.last)));
    text.plain().get(text.bytes(first, last)).map(str::to_owned)
}

/// Words behind a measure that may say what it is about.
const GOODS: usize = 6;
/// Words that lead from a measure to what it is about.
const BEHIND: [&str; 14] = ["on", "of", "for", "auf", "fur", "sur", "sobre", "a", "al", "на", "к", "pour", "against", "imports"];
/// Words at which the goods end.
const ENDS: [&str; 28] = [
    "from",
    "to",
    "by",
    "in",
    "after",
    "as",
    "effective",
    "starting",
    "with",
    "at",
    "that",
    "which",
    "who",
    "until",
    "over",
    "aus",
    "ab",
    "von",
    "depuis",
    "из",
    "с",
    "on",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "unless",
];
