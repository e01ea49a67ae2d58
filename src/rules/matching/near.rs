//! Places close to each other.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::Role;
use crate::rules::query::Closeness;

/// Words in a row that were found, by their positions in a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The position of the first word.
    pub first: u32,
    /// The position of the last word.
    pub last: u32,
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

/// Where the sentences and paragraphs of a reading are.
pub trait Layout {
    /// The positions of the sentence that holds a position.
    fn sentence(&self, position: u32) -> Range<u32>;
    /// The positions of the paragraph that holds a position.
    fn paragraph(&self, position: u32) -> Range<u32>;
}

/// The places on either side that have one of the other side close to them, each resting on the nearest.
///
/// The words themselves must be different ones: a place that overlaps another is not close to it. Texts are so far apart in a
/// reading that places of two are never close.
pub fn close(left: &[Place], how: Closeness, right: &[Place], layout: &impl Layout) -> Vec<Place> {
    let mut found: BTreeMap<Span, Vec<Span>> = BTreeMap::new();
    for (these, those, side) in [(left, right, Side::Left), (right, left, Side::Right)] {
        let neighbours = Neighbours::of(those);
        for place in these {
            if let Some((_, partner)) = neighbours.nearest(place.span, reach(place.span, how, side, layout)) {
                let proof = || place.proof.iter().chain(&partner.proof).copied().collect();
                found.entry(place.span).or_insert_with(proof);
            }
        }
    }
    found.into_iter().map(|(span, proof)| Place { span, proof }).collect()
}

/// The places on the left that have none of the right close to them.
pub fn alone(left: Vec<Place>, how: Closeness, right: &[Place], layout: &impl Layout) -> Vec<Place> {
    let neighbours = Neighbours::of(right);
    let is_alone = |place: &Place| neighbours.nearest(place.span, reach(place.span, how, Side::Left, layout)).is_none();
    left.into_iter().filter(is_alone).collect()
}

/// The smallest number of words from a place on the left to one on the right, if there are two in one text that do not overlap.
pub fn distance(left: &[Place], right: &[Place]) -> Option<u32> {
    let neighbours = Neighbours::of(right);
    let anywhere = |span: Span| Reach { before: 0..span.first, after: span.last.saturating_add(1)..u32::MAX };
    left.iter().filter_map(|place| Some(neighbours.nearest(place.span, anywhere(place.span))?.0)).min()
}

/// On which side of an operator a place stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// Where a partner may end before a place, and where it may begin after it.
struct Reach {
    before: Range<u32>,
    after: Range<u32>,
}

fn reach(span: Span, how: Closeness, side: Side, layout: &impl Layout) -> Reach {
    let words = |within: usize| u32::try_from(within).unwrap_or(u32::MAX);
    let around = |range: Range<u32>| Reach { before: range.start..span.first, after: span.last + 1..range.end };
    match how {
        Closeness::Near(within) => {
            let within = words(within);
            around(span.first.saturating_sub(within)..span.last.saturating_add(within).saturating_add(1))
        }
        Closeness::Pre(within) if side == Side::Left => {
            Reach { before: 0..0, after: span.last + 1..span.last.saturating_add(words(within)).saturating_add(1) }
        }
        Closeness::Pre(within) => Reach { before: span.first.saturating_sub(words(within))..span.first, after: 0..0 },
        Closeness::Sentence => around(layout.sentence(span.first)),
        Closeness::Paragraph => around(layout.paragraph(span.first)),
    }
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

    /// The nearest within reach, and how many words away its nearer end is.
    fn nearest(&self, span: Span, reach: Reach) -> Option<(u32, &'a Place)> {
        let after = self.by_first.get(self.by_first.partition_point(|place| place.span.first < reach.after.start));
        let after = after.filter(|place| reach.after.contains(&place.span.first));
        let end_before = self.by_last.partition_point(|place| place.span.last < reach.before.end);
        let before = end_before.checked_sub(1).and_then(|at| self.by_last.get(at));
        let before = before.filter(|place| reach.before.contains(&place.span.last));
        let after = after.map(|place| (place.span.first - span.last, *place));
        let before = before.map(|place| (span.first - place.span.last, *place));
        before.into_iter().chain(after).min_by_key(|(distance, _)| *distance)
    }
}
