//! Whether a query holds for an article, and what proves it.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::actors::{Actors, Mention, Target};
use super::index::Index;
use super::near::{Place, Span, near};
use super::query::Query;
use crate::model::{Article, Evidence, Field, Role};
use crate::text::Analysis;

/// The most places given as evidence for one rule: enough to see why, few enough to read.
pub const MAX_EVIDENCE: usize = 20;

const BOTH: [Field; 2] = [Field::Title, Field::Body];

/// Places that prove a query, each with how many of its operand's places come before it.
type Proof = Vec<(usize, Span)>;

/// An article prepared once for all rules.
pub struct Reading<'a> {
    title: Index<'a>,
    body: Index<'a>,
    actors: &'a Actors,
    day: Date,
    mentions: OnceCell<[Vec<Mention>; 2]>,
}

impl<'a> Reading<'a> {
    /// Prepares an article. Offices are judged by its day in UTC.
    pub fn of(article: &Article, analysis: &'a Analysis, actors: &'a Actors) -> Self {
        let day = article.when().to_zoned(TimeZone::UTC).date();
        let (title, body) = (Index::of(&analysis.title), Index::of(&analysis.body));
        Self { title, body, actors, day, mentions: OnceCell::new() }
    }

    /// The evidence for a query in order of place, or `None` where it does not hold.
    pub fn evidence(&self, query: &Query) -> Option<Vec<Evidence>> {
        let mut ranks: BTreeMap<Span, usize> = BTreeMap::new();
        for (rank, span) in self.proof(query, &BOTH)? {
            let known = ranks.entry(span).or_insert(rank);
            *known = rank.min(*known);
        }
        // The first places of every operand matter more than the last of one.
        let mut spans: Vec<(Span, usize)> = ranks.into_iter().collect();
        spans.sort_by_key(|(_, rank)| *rank);
        spans.truncate(MAX_EVIDENCE);
        spans.sort();
        Some(spans.into_iter().map(|(span, _)| self.evidence_at(span)).collect())
    }

    fn proof(&self, query: &Query, fields: &[Field]) -> Option<Proof> {
        match query {
            Query::Words(_) | Query::Mention { .. } | Query::Near { .. } => {
                let places: Vec<Place> = fields.iter().flat_map(|field| self.places(query, *field)).collect();
                (!places.is_empty()).then(|| ranked(&places))
            }
            Query::Not(operand) => self.proof(operand, fields).is_none().then(Vec::new),
            Query::And(operands) => {
                let proofs: Option<Vec<Proof>> = operands.iter().map(|operand| self.proof(operand, fields)).collect();
                proofs.map(|proofs| proofs.concat())
            }
            Query::Or(operands) => {
                let proofs: Vec<Proof> = operands.iter().filter_map(|operand| self.proof(operand, fields)).collect();
                (!proofs.is_empty()).then(|| proofs.concat())
            }
            Query::Only(field, operand) => fields.contains(field).then(|| self.proof(operand, &[*field])).flatten(),
        }
    }

    /// Where in one text a query holds. AND and NOT have no places, and the parser keeps them out of NEAR.
    fn places(&self, query: &Query, field: Field) -> Vec<Place> {
        match query {
            Query::Words(words) => {
                let firsts = self.index(field).find(words).into_iter();
                let spans = firsts.map(|first| Span { field, first, last: first + words.len() - 1, role: Role::Term });
                spans.map(Place::of).collect()
            }
            Query::Mention { target, .. } => self.mentions_of(*target, field).map(Place::of).collect(),
            Query::Near { first, then } => then.iter().fold(self.places(first, field), |left, (within, operand)| {
                if left.is_empty() { left } else { near(&left, *within, &self.places(operand, field)) }
            }),
            Query::Or(operands) => operands.iter().flat_map(|operand| self.places(operand, field)).collect(),
            Query::Only(only, operand) if *only == field => self.places(operand, field),
            Query::Only(..) | Query::And(_) | Query::Not(_) => Vec::new(),
        }
    }

    fn mentions_of(&self, target: Target, field: Field) -> impl Iterator<Item = Span> {
        let [title, body] =
            self.mentions.get_or_init(|| BOTH.map(|field| self.actors.mentions(self.index(field).text(), self.day)));
        let mentions = match field {
            Field::Title => title,
            Field::Body => body,
        };
        let meant = mentions.iter().filter(move |mention| self.actors.is_meant(target, mention.actor, self.day));
        meant.map(move |mention| Span { field, first: mention.first, last: mention.last, role: Role::Actor })
    }

    fn index(&self, field: Field) -> &Index<'a> {
        match field {
            Field::Title => &self.title,
            Field::Body => &self.body,
        }
    }

    fn evidence_at(&self, span: Span) -> Evidence {
        let text = self.index(span.field).text();
        let bytes = text.bytes(span.first, span.last);
        let words = text.plain().get(bytes.clone()).unwrap_or_default().to_owned();
        Evidence { field: span.field, start: bytes.start, end: bytes.end, text: words, role: span.role }
    }
}

fn ranked(places: &[Place]) -> Proof {
    let kept = places.iter().take(MAX_EVIDENCE).enumerate();
    kept.flat_map(|(rank, place)| place.proof.iter().map(move |span| (rank, *span))).collect()
}
