//! Search statements of Factiva, read into our symbols.
//!
//! Words side by side are a phrase, operators have no capitals of their own, `*` and `$` stand for any ending and `?` for one
//! letter. `w/N` and `adjN` keep the order, `nearN` does not.

use super::lexer::{Lexer, is_number, until_delimiter};
use super::symbols::Symbol;
use crate::model::Field;
use crate::rules::query::{Closeness, Scope};

/// Fields that we have too, by what stands before their `=`.
const FIELDS: [(&str, Scope); 8] = [
    ("hd", Scope::Field(Field::Title)),
    ("hl", Scope::Field(Field::Title)),
    ("hlp", Scope::Top),
    ("lp", Scope::Lead),
    ("td", Scope::Field(Field::Body)),
    ("by", Scope::Field(Field::Author)),
    ("sn", Scope::Field(Field::Outlet)),
    ("la", Scope::Field(Field::Lang)),
];

/// Reads what comes next.
pub fn read(lexer: &mut Lexer<'_, '_>) {
    match lexer.rest().chars().next() {
        Some('[') => return lexer.push(Symbol::Open, 1),
        Some(']') => return lexer.push(Symbol::Close, 1),
        Some('/') => return read_slashed(lexer),
        _ => {}
    }
    let word = until_delimiter(lexer.rest()).split(['[', ']']).next().unwrap_or_default();
    let word = before_slashed(word);
    if let Some((field, _)) = word.split_once('=') {
        return read_field(lexer, field);
    }
    match word.to_lowercase().as_str() {
        "and" => lexer.push(Symbol::And, word.len()),
        "or" => lexer.push(Symbol::Or, word.len()),
        "not" => lexer.push(Symbol::AndNot, word.len()),
        "same" => lexer.push(Symbol::Within(Closeness::Paragraph), word.len()),
        "%" => lexer.refuse(1, "`%` for any one word cannot be carried over", "write w/2 between the words around it"),
        lower => read_word(lexer, word, lower),
    }
}

fn read_word(lexer: &mut Lexer<'_, '_>, word: &str, lower: &str) {
    let number_after = |operator: &str| lower.strip_prefix(operator).filter(|number| number.is_empty() || is_number(number));
    let or_one = |number: &'_ str| if number.is_empty() { "1".to_owned() } else { number.to_owned() };
    if let Some(number) = number_after("adj").or_else(|| number_after("w/")) {
        lexer.push_distance(Closeness::Pre, &or_one(number), word.len(), "w");
    } else if let Some(number) = number_after("near") {
        lexer.push_distance(Closeness::Near, &or_one(number), word.len(), "near");
    } else if let Some(times) = number_after("atleast").filter(|times| !times.is_empty()) {
        lexer.push_times(times, word.len(), "atleastN");
    } else if lower.starts_with("wc>") || lower.starts_with("wc<") {
        lexer.refuse(word.len(), "the length of an article cannot be asked for", "leave it out");
    } else if let Some((root, letters)) = word.rsplit_once('$').filter(|(_, letters)| is_number(letters)) {
        let message = format!("`${letters}` for up to {letters} letters cannot be carried over");
        lexer.refuse(word.len(), message, format!("write `{root}*` for any ending, or the forms that are meant with OR"));
    } else {
        let root = word.strip_suffix('$').map(|root| format!("{root}*"));
        lexer.push_word(root.as_deref().unwrap_or(word), word.len());
    }
}

fn read_field(lexer: &mut Lexer<'_, '_>, field: &str) {
    let length = field.len() + 1;
    let lower = field.to_lowercase();
    if let Some((_, scope)) = FIELDS.iter().find(|(name, _)| *name == lower) {
        return lexer.push(Symbol::Field(*scope), length);
    }
    let whole = until_delimiter(lexer.rest()).len().max(length);
    let hint = format!(
        "codes are added by Factiva and are not in the article; the fields that are carried over are {}",
        FIELDS.map(|(name, _)| format!("{name}=")).join(" ")
    );
    lexer.refuse(whole, format!("`{field}=` has no counterpart"), hint);
}

/// What stands before a `/N5/` or `/F50/` that is written without blanks.
fn before_slashed(word: &str) -> &str {
    let is_slashed = |rest: &str| slashed(rest).is_some();
    word.char_indices()
        .find(|(at, next)| *next == '/' && word.get(*at..).is_some_and(is_slashed))
        .map_or(word, |(at, _)| word.get(..at).unwrap_or_default())
}

/// The letter, the number and the length of a `/N5/` or `/F50/` that a text begins with.
fn slashed(text: &str) -> Option<(char, &str, usize)> {
    let inside = text.strip_prefix('/')?.split_once('/')?.0;
    let letter = inside.chars().next()?.to_ascii_lowercase();
    let number = inside.get(letter.len_utf8()..).filter(|number| is_number(number))?;
    matches!(letter, 'n' | 'f').then_some((letter, number, inside.len() + 2))
}

fn read_slashed(lexer: &mut Lexer<'_, '_>) {
    match slashed(lexer.rest()) {
        Some(('n', number, length)) => lexer.push_distance(Closeness::Near, number, length, "near"),
        Some((_, number, length)) => {
            let message = format!("a place among the first {number} words cannot be asked for");
            lexer.refuse(length, message, "write lp= for the first paragraph or hlp= for headline and first paragraph");
        }
        None => lexer.push_word(until_delimiter(lexer.rest()), until_delimiter(lexer.rest()).len()),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Dialect;
    use crate::rules::testing::{canonical, refusal};

    #[test]
    fn search_statements_of_factiva_bind_as_they_do_there() {
        let readings = [
            ("bill clinton or gore and george bush", "\"bill clinton\" OR (gore AND \"george bush\")"),
            ("world cup adj5 rugby", "\"world cup\" PRE/5 rugby"),
            ("president w/2 bush", "president PRE/2 bush"),
            ("carrefour near5 retail sales", "carrefour NEAR/5 \"retail sales\""),
            ("boeing 747/N30/british airways", "\"boeing 747\" NEAR/30 \"british airways\""),
            ("vodafone same telecommunications", "vodafone PARAGRAPH telecommunications"),
            ("hd=(steel or iron) and tariff$ not quiz", "title:(steel OR iron) AND (tariff* AND NOT quiz)"),
            ("hd=rare earths and china", "title:\"rare earths\" AND china"),
            ("atleast3 sanction* and la=en", "ATLEAST/3(sanction*) AND lang:en"),
            ("[a or b] and c", "(a OR b) AND c"),
        ];
        for (written, form) in readings {
            assert_eq!(canonical(written, Dialect::Factiva).as_deref(), Some(form), "{written}");
        }
    }

    #[test]
    fn what_cannot_be_carried_over_says_why() {
        let refusals = [
            ("fds=ibm and steel", "`fds=` has no counterpart"),
            ("steel/F50/", "a place among the first 50 words cannot be asked for"),
            ("engineer$3", "`$3` for up to 3 letters cannot be carried over"),
            ("steel and wc>500", "the length of an article cannot be asked for"),
        ];
        for (when, message) in refusals {
            assert_eq!(refusal(when, Dialect::Factiva), message);
        }
    }
}
