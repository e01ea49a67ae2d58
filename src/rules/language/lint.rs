//! What a rule says is well-formed and probably not what was meant.

use std::collections::HashMap;

use crate::config::{Diagnostics, Spot};
use crate::rules::canonical::canonical;
use crate::rules::query::{Closeness, Query};
use crate::text::is_small_word;
use crate::text::vocabulary::Vocabulary;

/// The most steps that one article may cost a rule before it is told: a tenth of a millisecond or so.
const MAX_COST: u64 = 20_000;

/// How many steps the search for a regular expression takes in an article of usual length.
const REGEX: u64 = 4_000;

/// A rule to be looked at.
pub struct Linted<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it asks.
    pub query: &'a Query,
    /// Where that stands.
    pub spot: &'a Spot,
    /// The feeds it listens to.
    pub feeds: Option<&'a [String]>,
}

/// Warns of rules that can never hold, that hold wherever something is said at all, that ask what another does, and that cost
/// much.
pub fn lint(rules: &[Linted<'_>], vocabulary: &Vocabulary, diagnostics: &mut Diagnostics) {
    let mut known: HashMap<(String, Option<&[String]>), &str> = HashMap::new();
    for rule in rules {
        if never(rule.query) {
            diagnostics
                .warning(rule.spot, format!("rule `{}` can never fire", rule.name))
                .hint("it asks for something and for its absence, for nobody, or for one text in the place of another");
        } else if always(rule.query) {
            diagnostics
                .warning(rule.spot, format!("rule `{}` fires for every article", rule.name))
                .hint("one side of an OR holds wherever the other does not");
        } else if is_commonplace(rule.query, vocabulary) {
            diagnostics
                .warning(rule.spot, format!("rule `{}` fires for nearly every article of a language", rule.name))
                .hint("it rests on words that hold sentences together; ask for a word that tells what they are about");
        }
        let cost = cost(rule.query);
        if cost > MAX_COST {
            let message =
                format!("rule `{}` is dear: about {cost} steps an article it may fire on (the bound is {MAX_COST})", rule.name);
            diagnostics
                .warning(rule.spot, message)
                .hint("replace regular expressions by words with wildcards, or split the rule");
        }
        let key = (normal(rule.query, vocabulary), rule.feeds);
        if let Some(before) = known.insert(key, rule.name) {
            let message = format!("rule `{}` asks the same as rule `{before}`", rule.name);
            diagnostics.warning(rule.spot, message).hint("both would ring; remove one, or let it ask `rule:NAME` and more");
        }
    }
}

/// Whether a query can hold nowhere. Cautious: what is not seen through counts as possible.
fn never(query: &Query) -> bool {
    match query {
        Query::Mention { target, .. } => target.is_none(),
        Query::Or(operands) => operands.iter().all(never),
        Query::And(operands) => operands.iter().any(never) || contradicts(operands),
        Query::Close { first, then } => never(first) || then.iter().any(|link| !link.negated && never(&link.operand)),
        Query::AtLeast { operand, .. } | Query::Only(_, operand) => never(operand),
        Query::Rule { query, .. } => never(query),
        Query::Not(operand) => always(operand),
        Query::Words(_) | Query::Regex { .. } | Query::Event(_) => false,
    }
}

/// Whether a query holds everywhere.
fn always(query: &Query) -> bool {
    match query {
        Query::Not(operand) => never(operand),
        Query::And(operands) => !operands.is_empty() && operands.iter().all(always),
        Query::Or(operands) => operands.iter().any(always) || contradicts(operands),
        Query::Rule { query, .. } => always(query),
        _ => false,
    }
}

/// Whether a query rests on the commonest words of a language alone.
fn is_commonplace(query: &Query, vocabulary: &Vocabulary) -> bool {
    match query {
        Query::Words(words) => words.len() == 1 && words.iter().all(|element| is_small_word(vocabulary.spelled(element.word))),
        Query::Or(operands) => operands.iter().any(|operand| is_commonplace(operand, vocabulary)),
        Query::And(operands) => !operands.is_empty() && operands.iter().all(|operand| is_commonplace(operand, vocabulary)),
        Query::Rule { query, .. } => is_commonplace(query, vocabulary),
        _ => false,
    }
}

/// Whether one operand is the negation of another.
fn contradicts(operands: &[Query]) -> bool {
    let denied = operands.iter().filter_map(|operand| if let Query::Not(denied) = operand { Some(denied) } else { None });
    denied.into_iter().any(|denied| operands.iter().any(|operand| same(operand, denied)))
}

fn same(one: &Query, other: &Query) -> bool {
    match (one, other) {
        (Query::Words(one), Query::Words(other)) => one == other,
        (Query::Mention { name: one, .. }, Query::Mention { name: other, .. })
        | (Query::Event(one), Query::Event(other))
        | (Query::Rule { name: one, .. }, Query::Rule { name: other, .. }) => one == other,
        (Query::Only(here, one), Query::Only(there, other)) => here == there && same(one, other),
        (Query::And(one), Query::And(other)) | (Query::Or(one), Query::Or(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        _ => false,
    }
}

/// About how many steps a query takes in an article that has what it hangs on.
fn cost(query: &Query) -> u64 {
    let inside: u64 = query.operands().into_iter().map(cost).sum();
    let own = match query {
        Query::Regex { .. } => REGEX,
        Query::Close { then, .. } => {
            let layout = then.iter().filter(|link| matches!(link.how, Closeness::Sentence | Closeness::Paragraph)).count();
            10 * then.len() as u64 + 100 * layout as u64
        }
        Query::Words(words) => words.len() as u64,
        Query::Mention { .. } => 20,
        _ => 1,
    };
    own + inside
}

/// The canonical form with operands whose order does not matter in one order.
fn normal(query: &Query, vocabulary: &Vocabulary) -> String {
    let joined = |operands: &[Query], operator: &str| {
        let mut parts: Vec<String> = operands.iter().map(|operand| normal(operand, vocabulary)).collect();
        parts.sort();
        format!("({})", parts.join(operator))
    };
    match query {
        Query::And(operands) => joined(operands, " AND "),
        Query::Or(operands) => joined(operands, " OR "),
        Query::Not(operand) => format!("NOT {}", normal(operand, vocabulary)),
        Query::Only(scope, operand) => format!("{}:{}", scope.prefix(), normal(operand, vocabulary)),
        other => canonical(other, vocabulary),
    }
}
