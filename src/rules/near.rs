//! Places near each other.

use std::collections::BTreeMap;

use crate::model::{Field, Role};

/// Words in a row that were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// In which text.
    pub field: Field,
    /// The position of the first word.
    pub first: usize,
    /// The position of the last word.
    pub last: usize,
    /// What they stand for.
    pub role: Role,
}

/// A place that distance can be measured from, and all places that had to be there for it to count, itself included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The place.
    pub span: Span,
    /// What it rests on.
    pub proof: Vec<Span>,
}

impl Place {
    /// A place that counts on its own.
    pub fn of(span: Span) -> Self {
        Self { span, proof: vec![span] }
    }
}

/// The places on either side that have one of the other side within so many words of them, each resting on the nearest.
///
/// The words between do not matter, and neither does the order; the words themselves must be different ones: a place that
/// overlaps another is not near it. Both sides are places of one text.
pub fn near(left: &[Place], within: usize, right: &[Place]) -> Vec<Place> {
    let mut found: BTreeMap<Span, Vec<Span>> = BTreeMap::new();
    for (these, those) in [(left, right), (right, left)] {
        let neighbours = Neighbours::of(those);
        for place in these {
            if let Some(partner) = neighbours.nearest(place.span, within) {
                let proof: Vec<Span> = place.proof.iter().chain(&partner.proof).copied().collect();
                for span in &proof {
                    found.entry(*span).or_insert_with(|| proof.clone());
                }
            }
        }
    }
    found.into_iter().map(|(span, proof)| Place { span, proof }).collect()
}

/// Places sorted for finding the nearest before and after another. Phrases differ in length, so there are two orders.
struct Neighbours<'a> {
    by_first: Vec<&'a Place>,
    by_last: Vec<&'a Place>,
}

impl<'a> Neighbours<'a> {
    fn of(places: &'a [Place]) -> Self {
        let (mut by_first, mut by_last): (Vec<&Place>, Vec<&Place>) = (places.iter().collect(), places.iter().collect());
        by_first.sort_by_key(|place| place.span.first);
        by_last.sort_by_key(|place| place.span.last);
        Self { by_first, by_last }
    }

    /// A phrase counts from its nearer end.
    fn nearest(&self, span: Span, within: usize) -> Option<&'a Place> {
        let after = self.by_first.get(self.by_first.partition_point(|place| place.span.first <= span.last));
        let end_before = self.by_last.partition_point(|place| place.span.last < span.first);
        let before = end_before.checked_sub(1).and_then(|at| self.by_last.get(at));
        let after = after.map(|place| (place.span.first - span.last, *place));
        let before = before.map(|place| (span.first - place.span.last, *place));
        let nearest = before.into_iter().chain(after).min_by_key(|(distance, _)| *distance);
        nearest.filter(|(distance, _)| *distance <= within).map(|(_, place)| place)
    }
}
