//! Why an expression does not hold: which of its parts do, and which do not.

use super::eval::Reading;
use super::query::Query;
use crate::model::Evidence;

/// A part of an expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The part, written as an expression.
    pub expression: String,
    /// Where it holds; `None` if it does not.
    pub evidence: Option<Vec<Evidence>>,
}

/// The operands of AND, or of NEAR where these alone hold but are not near each other; an expression of neither is one part.
pub fn parts(reading: &Reading<'_>, query: &Query) -> Vec<Part> {
    match query {
        Query::And(operands) => operands.iter().flat_map(|operand| failing_or_whole(reading, operand)).collect(),
        Query::Near { first, then } => {
            let operands = std::iter::once(first.as_ref()).chain(then.iter().map(|(_, operand)| operand));
            let mut parts: Vec<Part> = operands.map(|operand| part(reading, operand)).collect();
            if parts.iter().all(|part| part.evidence.is_some()) {
                parts.push(part(reading, query));
            }
            parts
        }
        _ => vec![part(reading, query)],
    }
}

/// A part that holds stays whole; one that does not is looked into.
fn failing_or_whole(reading: &Reading<'_>, query: &Query) -> Vec<Part> {
    let whole = part(reading, query);
    if whole.evidence.is_some() { vec![whole] } else { parts(reading, query) }
}

fn part(reading: &Reading<'_>, query: &Query) -> Part {
    Part { expression: query.to_string(), evidence: reading.evidence(query) }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Setup, article};
    use crate::text::Analysis;

    fn said(when: &str, text: &str) -> Vec<String> {
        let rules = Setup::new().rule("a", when).compile();
        let article = article("", text);
        let parts = rules.parts("a", &article, &Analysis::of(&article));
        parts.iter().map(|part| format!("{}{}", if part.evidence.is_some() { "+" } else { "-" }, part.expression)).collect()
    }

    #[test]
    fn each_operand_of_and_holds_or_does_not() {
        assert_eq!(said("steel AND quota AND NOT quiz", "steel and a quiz"), ["+steel", "-quota", "-NOT quiz"]);
    }

    #[test]
    fn what_is_there_but_too_far_apart_says_so() {
        assert_eq!(said("a NEAR/1 b", "a x x b"), ["+a", "+b", "-a NEAR/1 b"]);
        assert_eq!(said("c AND (a NEAR/1 b)", "a c"), ["+c", "+a", "-b"]);
    }
}
