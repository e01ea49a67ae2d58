//! What of an expression holds in an article and what does not, part by part, and how near it came.

use super::canonical::canonical;
use super::matching::{Place, Reading, distance, is_one_text, narrowed};
use super::query::{Closeness, Element, Form, Link, Query, Scope};
use crate::model::Evidence;

/// A part of an expression, judged by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// As the canonical form writes it.
    pub expression: String,
    /// Whether it holds.
    pub holds: bool,
    /// What proves it, if it holds.
    pub evidence: Vec<Evidence>,
    /// If it does not, how near it came, in words.
    pub miss: Option<String>,
    /// What it is joined of; nothing for a word.
    pub parts: Vec<Trace>,
}

impl Trace {
    /// Judges a query and all its parts.
    pub fn of(query: &Query, scope: Option<Scope>, reading: &Reading<'_>) -> Self {
        let holds = reading.holds(query, scope);
        let inner = match query {
            Query::Only(only, _) => narrowed(*only, scope),
            _ => scope,
        };
        let parts = query.operands().into_iter().map(|operand| Self::of(operand, inner, reading)).collect();
        Self {
            expression: canonical(query, &reading.glossary().vocabulary),
            holds,
            evidence: if holds { reading.evidence_in(query, scope) } else { Vec::new() },
            miss: if holds { None } else { miss(query, scope, reading) },
            parts,
        }
    }

    /// The innermost part that keeps the whole from holding.
    pub fn failing(&self) -> Option<&Self> {
        if self.holds {
            return None;
        }
        match self.parts.as_slice() {
            [] => Some(self),
            parts if self.miss.is_none() => parts.iter().find_map(Self::failing).or(Some(self)),
            _ => Some(self),
        }
    }
}

fn miss(query: &Query, scope: Option<Scope>, reading: &Reading<'_>) -> Option<String> {
    match query {
        Query::Words(words) => words_miss(words, reading),
        Query::Close { first, then } => close_miss(first, then, scope, reading),
        Query::AtLeast { times, operand } => {
            let found = reading.count(operand, scope);
            (found > 0).then(|| format!("found {found} of {times} times"))
        }
        Query::Only(only, operand) => {
            let elsewhere = only.is_text() && scope.is_none() && reading.holds(operand, None);
            elsewhere.then(|| format!("it holds, but not in {}:", only.prefix()))
        }
        Query::Not(operand) => {
            let found: Vec<String> = reading.evidence_in(operand, scope).into_iter().map(|place| place.text).collect();
            found.first().map(|text| format!("“{text}” is there"))
        }
        _ => None,
    }
}

fn words_miss(words: &[Element], reading: &Reading<'_>) -> Option<String> {
    let spelled = |element: &Element| reading.glossary().vocabulary.spelled(element.word).to_owned();
    let missing: Vec<String> = words.iter().filter(|element| !reading.positions().has(element.word)).map(spelled).collect();
    match (missing.as_slice(), words) {
        ([], [Element { word, form }]) => {
            let at = reading.positions().of(*word).next()?;
            let (_, text, position) = reading.locate(at)?;
            let found = text.written(position);
            Some(match form {
                Form::Written(_) => format!("written “{found}” in the article"),
                Form::Percent => format!("“{found}” is there, but not as per cent"),
                Form::Any | Form::Exact => format!("“{found}” stands elsewhere"),
            })
        }
        ([], _) => Some("all its words are there, but not in a row".to_owned()),
        (_, [_]) => None,
        (missing, _) if missing.len() < words.len() => Some(format!("{} is not there", quoted(missing))),
        _ => None,
    }
}

fn quoted(words: &[String]) -> String {
    words.iter().map(|word| format!("“{word}”")).collect::<Vec<_>>().join(", ")
}

/// Why the first link that fails does: its operands are there, but not so close.
fn close_miss(first: &Query, then: &[Link], scope: Option<Scope>, reading: &Reading<'_>) -> Option<String> {
    let mut left = reading.places(first, scope);
    for (number, link) in then.iter().enumerate() {
        let upto = Query::Close { first: Box::new(first.clone()), then: then.get(..=number)?.to_vec() };
        let right = reading.places(&link.operand, scope);
        let reached = reading.places(&upto, scope);
        if reached.is_empty() {
            return nearest(&left, link, &right);
        }
        left = reached;
    }
    None
}

fn nearest(left: &[Place], link: &Link, right: &[Place]) -> Option<String> {
    let apart = distance(left, right).filter(|apart| is_one_text(*apart));
    match (apart, link.how) {
        (Some(_), _) if link.negated => Some(format!("every place has the other close to it ({})", link.how)),
        (Some(1), Closeness::Pre(_)) => Some(format!("{}: the nearest pair stands side by side, in the other order", link.how)),
        (Some(apart), Closeness::Pre(within)) if apart as usize <= within => {
            Some(format!("{}: the nearest pair is {apart} words apart, in the other order", link.how))
        }
        (Some(apart), how) => Some(format!("{how}: the nearest pair is {apart} words apart")),
        (None, how) if !left.is_empty() && !right.is_empty() => Some(format!("{how}: they stand in different texts")),
        (None, _) => None,
    }
}
