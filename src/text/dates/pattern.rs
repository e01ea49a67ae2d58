//! Patterns: how the tables write down the forms a date expression may take.
//!
//! A pattern is words, `<classes>` of words, `,` and `-` where the text must have them, `{one|another}` and `[optional]`.
//! Words are read as texts are, so case, accents and apostrophes do not count.

use crate::text::tokens::Tokens;

/// A set of words with a value each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A month by name: 1 to 12.
    Month,
    /// A month whose name is no other word in the same place: 1 to 12.
    ClearMonth,
    /// A day of the week: 1 for Monday to 7.
    Weekday,
    /// The same in one ideograph.
    WeekdaySign,
    /// 1 to 31 in digits, perhaps with an ordinal's ending.
    Day,
    /// A part of 1 to 31 in ideographs, ten (十) among them.
    DaySign,
    /// 1 to 12 in digits; in ideographs 十 and the sign after it are two parts of one.
    MonthNumber,
    /// Four digits, 1900 to 2099.
    Year,
    /// A number of days, weeks, months or years.
    Number,
    /// A week, month or year.
    Unit,
    /// The same, or an hour or a day.
    Span,
    /// A whole date written as one word (`05.06.2025`): the digits of year, month and day, as in 20250605.
    Dotted,
}

/// One step of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Symbol {
    /// A word, by its number in the lexicon.
    Word(u32),
    /// Any word of a class.
    Class(Class),
    /// A comma before the next word.
    Comma,
    /// A hyphen or dash before the next word.
    Hyphen,
}

/// One step of a pattern whose words have no numbers yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A folded word.
    Word(String),
    /// Anything else.
    Symbol(Symbol),
}

/// Every sequence of steps that a pattern stands for.
pub fn sequences(pattern: &str) -> impl Iterator<Item = Vec<Step>> {
    expand(pattern).into_iter().map(|form| steps(&form))
}

/// Writes out the alternatives of a pattern, the first group first.
fn expand(pattern: &str) -> Vec<String> {
    let Some(open) = pattern.find(['{', '[']) else { return vec![pattern.to_owned()] };
    let (before, group) = pattern.split_at(open);
    let Some(close) = matching_bracket(group) else { return Vec::new() };
    let inside = group.get(1..close).unwrap_or_default();
    let after = group.get(close + 1..).unwrap_or_default();
    let nothing = group.starts_with('[').then_some("");
    alternatives(inside)
        .into_iter()
        .chain(nothing)
        .flat_map(|alternative| expand(&format!("{before}{alternative}{after}")))
        .collect()
}

/// Where the bracket closes that a text begins with.
fn matching_bracket(text: &str) -> Option<usize> {
    let mut depth = 0;
    text.char_indices().find_map(|(at, mark)| {
        depth += nesting(mark);
        (depth == 0).then_some(at)
    })
}

/// Splits at the bars that stand in no inner group.
fn alternatives(inside: &str) -> Vec<&str> {
    let mut depth = 0;
    inside
        .split(|mark: char| {
            depth += nesting(mark);
            depth == 0 && mark == '|'
        })
        .collect()
}

fn nesting(mark: char) -> i32 {
    match mark {
        '{' | '[' => 1,
        '}' | ']' => -1,
        _ => 0,
    }
}

fn steps(form: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = form;
    while let Some(at) = rest.find(['<', ',', '-']) {
        let (words, mark) = rest.split_at(at);
        add_words(words, &mut steps);
        let (symbol, after) = read_mark(mark);
        steps.extend(symbol.map(Step::Symbol));
        rest = after;
    }
    add_words(rest, &mut steps);
    steps
}

fn add_words(words: &str, steps: &mut Vec<Step>) {
    steps.extend(Tokens::of(words).words().map(|word| Step::Word(word.to_owned())));
}

fn read_mark(text: &str) -> (Option<Symbol>, &str) {
    if let Some(rest) = text.strip_prefix(',') {
        return (Some(Symbol::Comma), rest);
    }
    if let Some(rest) = text.strip_prefix('-') {
        return (Some(Symbol::Hyphen), rest);
    }
    let (name, rest) = text.split_once('>').unwrap_or((text, ""));
    (class(name.trim_start_matches('<')).map(Symbol::Class), rest)
}

fn class(name: &str) -> Option<Class> {
    Some(match name {
        "month" => Class::Month,
        "clear month" => Class::ClearMonth,
        "weekday" => Class::Weekday,
        "weekday sign" => Class::WeekdaySign,
        "day" => Class::Day,
        "day sign" => Class::DaySign,
        "month number" => Class::MonthNumber,
        "year" => Class::Year,
        "number" => Class::Number,
        "unit" => Class::Unit,
        "span" => Class::Span,
        "dotted" => Class::Dotted,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_and_options_are_written_out() {
        assert_eq!(expand("a {b|c [d]} e"), ["a b e", "a c d e", "a c  e"]);
        assert_eq!(expand("{a|b}[c]"), ["ac", "a", "bc", "b"]);
    }

    #[test]
    fn words_of_a_pattern_are_those_of_a_text() {
        let written: Vec<_> = sequences("l'Année <month>, avant-hier").collect();
        let word = |word: &str| Step::Word(word.to_owned());
        let symbol = Step::Symbol;
        let steps = vec![
            word("l"),
            word("annee"),
            symbol(Symbol::Class(Class::Month)),
            symbol(Symbol::Comma),
            word("avant"),
            symbol(Symbol::Hyphen),
            word("hier"),
        ];
        assert_eq!(written, [steps]);
    }
}
