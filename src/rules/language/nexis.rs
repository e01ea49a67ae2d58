//! Terms and connectors of LexisNexis, read into our symbols.
//!
//! Words side by side are a phrase, connectors have no capitals of their own, `!` stands for any ending and `*` or `?` for one
//! letter. Plurals are not added: what is meant with any ending says so by `!`.

use super::lexer::{Lexer, is_number, until_delimiter};
use super::symbols::{Capitals, Symbol};
use crate::model::Field;
use crate::rules::query::{Closeness, Scope};

/// Segments that we have too, by their names.
const SEGMENTS: [(&str, Scope); 10] = [
    ("headline", Scope::Field(Field::Title)),
    ("title", Scope::Field(Field::Title)),
    ("hlead", Scope::Top),
    ("lead", Scope::Lead),
    ("body", Scope::Field(Field::Body)),
    ("byline", Scope::Field(Field::Author)),
    ("author", Scope::Field(Field::Author)),
    ("publication", Scope::Field(Field::Outlet)),
    ("source", Scope::Field(Field::Outlet)),
    ("language", Scope::Field(Field::Lang)),
];

/// What cannot be carried over, and what to do instead.
const FOREIGN: [(&str, &str); 12] = [
    ("caps", "there is no way to ask for any capital; `CASE(Word)` in our own language asks for these capitals"),
    ("singular", "forms of a word are told by its ending: write the word itself"),
    ("plural", "forms of a word are told by its ending: write the plural itself"),
    ("term", "index terms are added by LexisNexis and are not in the article"),
    ("subject", "index terms are added by LexisNexis and are not in the article"),
    ("company", "index terms are added by LexisNexis and are not in the article: name the company"),
    ("geographic", "index terms are added by LexisNexis and are not in the article: name the place"),
    ("section", "sections of a newspaper are not told by feeds; choose `feeds` or `tag:` instead"),
    ("length", "the length of an article cannot be asked for"),
    ("date", "every article is judged when it comes in; leave the date out"),
    ("load-date", "every article is judged when it comes in; leave the date out"),
    ("cite", "citations are not known of news articles"),
];

/// Reads what comes next.
pub fn read(lexer: &mut Lexer<'_, '_>) {
    let word = until_delimiter(lexer.rest());
    let lower = word.to_lowercase();
    let (after, gap) = following(lexer, word.len());
    let opens = after.starts_with('(');
    let next = until_delimiter(after).to_lowercase();
    if let Some((connector, number)) = numbered(&lower) {
        return read_numbered(lexer, connector, number, word.len());
    }
    match lower.as_str() {
        "and" | "but" if next == "not" => lexer.push(Symbol::AndNot, word.len() + gap + next.len()),
        "and" | "&" => lexer.push(Symbol::And, word.len()),
        "or" => lexer.push(Symbol::Or, word.len()),
        "not" if numbered(&next).is_some() || ["w/s", "w/p", "/s", "/p"].contains(&next.as_str()) => {
            lexer.push(Symbol::Not, word.len());
        }
        "not" | "andnot" | "butnot" => lexer.push(Symbol::AndNot, word.len()),
        "w/s" | "/s" | "w/sent" => lexer.push(Symbol::Within(Closeness::Sentence), word.len()),
        "w/p" | "/p" | "w/para" => lexer.push(Symbol::Within(Closeness::Paragraph), word.len()),
        "w/seg" | "/seg" => {
            lexer.refuse(
                word.len(),
                format!("`{word}` has no counterpart"),
                "write `and`, or a segment such as headline(…) around both",
            );
        }
        "+s" | "+p" | "pre/s" | "pre/p" => {
            lexer.refuse(word.len(), format!("`{word}` has no counterpart"), "write w/s or w/p, or pre/n for the order");
        }
        "allcaps" if opens => lexer.push(Symbol::Case(Capitals::All), word.len()),
        "nocaps" if opens => lexer.push(Symbol::Case(Capitals::None), word.len()),
        _ => read_term(lexer, word, &lower, opens),
    }
}

fn read_term(lexer: &mut Lexer<'_, '_>, word: &str, lower: &str, opens: bool) {
    if let Some(times) = lower.strip_prefix("atleast").filter(|times| is_number(times)) {
        return lexer.push_times(times, word.len(), "atleastN");
    }
    if opens && let Some((_, scope)) = SEGMENTS.iter().find(|(segment, _)| *segment == lower) {
        return lexer.push(Symbol::Field(*scope), word.len());
    }
    let asks_elsewhere =
        |(name, _): &&(&str, &str)| *name == lower && (opens || matches!(*name, "length" | "date" | "load-date"));
    match FOREIGN.iter().find(asks_elsewhere) {
        Some((name, why)) => lexer.refuse(word.len(), format!("`{name}` of LexisNexis cannot be carried over"), *why),
        None => lexer.push_word(&carried_over(word), word.len()),
    }
}

/// Our wildcards for theirs.
fn carried_over(word: &str) -> String {
    match word.strip_suffix('!') {
        Some(root) => root.replace('*', "?") + "*",
        None => word.replace('*', "?"),
    }
}

/// What follows a word and the blanks after it, and how many bytes these take.
fn following<'a>(lexer: &Lexer<'a, '_>, length: usize) -> (&'a str, usize) {
    let rest = lexer.rest().get(length..).unwrap_or_default();
    let after = rest.trim_start();
    (after, rest.len() - after.len())
}

/// A connector with a number: `w/5` `/5` `near/5` `pre/5` `+5` `onear/5` `not/5`.
fn numbered(lower: &str) -> Option<(&str, &str)> {
    let (connector, number) = match lower.strip_prefix('+') {
        Some(number) => ("pre", number),
        None => lower.split_once('/')?,
    };
    let is_connector = ["", "w", "near", "pre", "onear", "not"].contains(&connector);
    (is_connector && is_number(number)).then_some((connector, number))
}

fn read_numbered(lexer: &mut Lexer<'_, '_>, connector: &str, number: &str, length: usize) {
    match connector {
        "pre" | "onear" => lexer.push_distance(Closeness::Pre, number, length, "pre"),
        "not" => {
            lexer.push(Symbol::Not, "not".len());
            lexer.push_distance(Closeness::Near, number, length - "not".len(), "w");
        }
        _ => lexer.push_distance(Closeness::Near, number, length, "w"),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Dialect;
    use crate::rules::testing::{canonical, refusal};

    #[test]
    fn terms_and_connectors_of_lexisnexis_bind_as_they_do_there() {
        let readings = [
            (
                "bankrupt! w/25 discharg! and not student or college or education! w/5 loan",
                "(bankrupt* NEAR/25 discharg*) AND NOT ((student OR college OR education*) NEAR/5 loan)",
            ),
            (
                "school w/25 liab! and rugby or football w/10 injur!",
                "(school NEAR/25 liab*) AND ((rugby OR football) NEAR/10 injur*)",
            ),
            ("rare earth w/s export control!", "\"rare earth\" SENTENCE \"export control*\""),
            ("hlead(tariff! or dut!) and steel", "hlead:(tariff* OR dut*) AND steel"),
            ("atleast5(sanction!)", "ATLEAST/5(sanction*)"),
            ("allcaps(aids) or nocaps(Apple)", "CASE(AIDS) OR CASE(apple)"),
            ("rico not w/5 puerto", "rico NOT NEAR/5 puerto"),
            ("wom*n pre/3 leader", "wom?n PRE/3 leader"),
            ("export (ban or control!)", "export PRE/1 (ban OR control*)"),
            ("a & b but not c", "a AND b AND NOT c"),
            ("a /5 b +3 c", "a NEAR/5 (b PRE/3 c)"),
        ];
        for (written, form) in readings {
            assert_eq!(canonical(written, Dialect::Nexis).as_deref(), Some(form), "{written}");
        }
    }

    #[test]
    fn what_cannot_be_carried_over_says_why() {
        let refusals = [
            ("caps(apple)", "`caps` of LexisNexis cannot be carried over"),
            ("a w/seg b", "`w/seg` has no counterpart"),
            ("steel and length > 500", "`length` of LexisNexis cannot be carried over"),
            ("a +s b", "`+s` has no counterpart"),
        ];
        for (when, message) in refusals {
            assert_eq!(refusal(when, Dialect::Nexis), message);
        }
    }
}
