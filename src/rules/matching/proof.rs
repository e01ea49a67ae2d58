//! What in an article proves a query.

use std::collections::BTreeMap;

use super::eval::narrowed;
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
        let mut ranks: BTreeMap<Span, usize> = BTreeMap::new();
        let mut proof = Proof::new();
        self.prove(query, scope, &mut proof);
        for (rank, span) in proof {
            let known = ranks.entry(span).or_insert(rank);
            *known = rank.min(*known);
        }
        // The first places of every operand matter more than the last of one.
        let mut spans: Vec<(Span, usize)> = ranks.into_iter().collect();
        spans.sort_by_key(|(_, rank)| *rank);
        spans.truncate(MAX_EVIDENCE);
        spans.sort();
        let found = spans.into_iter().filter_map(|(span, _)| self.evidence(span));
        let mut evidence: Vec<Evidence> = found.chain(self.evidence_of_events(query)).collect();
        evidence.sort();
        evidence.dedup();
        evidence.truncate(MAX_EVIDENCE);
        evidence
    }

    /// Adds what proves a query that holds; of OR every operand that does.
    fn prove(&self, query: &Query, scope: Option<Scope>, proof: &mut Proof) {
        match query {
            Query::Words(_) | Query::Regex { .. } | Query::Mention { .. } | Query::Close { .. } => {
                proof.extend(ranked(&self.places(query, scope)));
            }
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
                let found = self.events(Vec::new).iter().filter(|found| found.event.kind == *kind);
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
