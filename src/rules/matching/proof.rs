//! What in an article proves a query.

use super::eval::{narrowed, term};
use super::near::{Place, Span};
use super::reading::Reading;
use crate::model::Evidence;
use crate::rules::query::{Query, Scope};

/// The most places given as evidence for one rule: enough to see why, few enough to read.
pub const MAX_EVIDENCE: usize = 20;

/// Places that prove a query, each with how many of its operand's places come before it.
type Proof = Vec<(usize, Span)>;

impl Reading<'_> {
    /// The evidence for a query in order of place, or `None` where it does not hold. A query that rests on an event alone has
    /// the event's.
    pub fn evidence_for(&self, query: &Query) -> Option<Vec<Evidence>> {
        self.holds(query, None).then(|| self.evidence_in(query, None))
    }

    /// The evidence for a query that holds in a part of the article.
    pub fn evidence_in(&self, query: &Query, scope: Option<Scope>) -> Vec<Evidence> {
        let mut proof = Proof::new();
        self.prove(query, scope, &mut proof);
        proof.sort_unstable_by_key(|(rank, span)| (*span, *rank));
        proof.dedup_by_key(|(_, span)| *span);
        // The first places of every operand matter more than the last of one.
        if proof.len() > MAX_EVIDENCE {
            proof.sort_by_key(|(rank, _)| *rank);
            proof.truncate(MAX_EVIDENCE);
            proof.sort_by_key(|(_, span)| *span);
        }
        let mut evidence: Vec<Evidence> = proof.into_iter().filter_map(|(_, span)| self.evidence(span)).collect();
        if self.glossary().asks_for_events {
            evidence.extend(self.evidence_of_events(query));
            evidence.sort();
            evidence.dedup();
            evidence.truncate(MAX_EVIDENCE);
        }
        evidence
    }

    /// Adds what proves a query that holds; of OR every operand that does.
    fn prove(&self, query: &Query, scope: Option<Scope>, proof: &mut Proof) {
        match query {
            Query::Words(words) => {
                let rows = self.rows(words, scope).into_iter().take(MAX_EVIDENCE).enumerate();
                proof.extend(rows.map(|(rank, (first, next))| (rank, term(first, next))));
            }
            Query::Regex { .. } | Query::Mention { .. } | Query::Close { .. } => proof.extend(ranked(&self.places(query, scope))),
            Query::AtLeast { operand, .. } => proof.extend(ranked(&self.places(operand, scope))),
            Query::Event(_) | Query::Not(_) => {}
            Query::Rule { query, .. } => self.prove(query, scope, proof),
            Query::And(operands) => operands.iter().for_each(|operand| self.prove(operand, scope, proof)),
            Query::Or(operands) => {
                let holding = operands.iter().filter(|operand| self.holds(operand, scope));
                holding.for_each(|operand| self.prove(operand, scope, proof));
            }
            Query::Only(only, operand) => {
                if let Some(scope) = narrowed(*only, scope) {
                    self.prove(operand, Some(scope), proof);
                }
            }
        }
    }

    /// What the events of a query rest on.
    fn evidence_of_events(&self, query: &Query) -> Vec<Evidence> {
        match query {
            Query::Event(kind) => {
                let found = self.events().iter().filter(|found| found.event.kind == *kind);
                found.flat_map(|found| found.evidence.iter().cloned()).collect()
            }
            Query::Not(_) => Vec::new(),
            _ => query.operands().into_iter().flat_map(|operand| self.evidence_of_events(operand)).collect(),
        }
    }
}

fn ranked(places: &[Place]) -> impl Iterator<Item = (usize, Span)> {
    let kept = places.iter().take(MAX_EVIDENCE).enumerate();
    kept.flat_map(|(rank, place)| place.proof.iter().map(move |span| (rank, *span)))
}
