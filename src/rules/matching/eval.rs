//! Whether a query holds for an article.
//!
//! Two questions with one answer: [`Reading::holds`] is for the many rules that do not hold and builds nothing it can do
//! without; [`Reading::proof`](super::proof) is for the few that do.

use std::ops::Range;

use super::near::{Place, Span, alone, close};
use super::percent;
use super::reading::Reading;
use crate::model::Role;
use crate::rules::actors::Target;
use crate::rules::query::{Element, Form, Link, Query, Scope};
use crate::text::vocabulary::{WordId, fits};
use crate::text::{Text, bare};

/// The most places that one regular expression is followed to in one text.
const MAX_REGEX_PLACES: usize = 1_000;

impl Reading<'_> {
    /// Whether a query holds in a part of the article; in headline and body without one.
    pub fn holds(&self, query: &Query, scope: Option<Scope>) -> bool {
        match query {
            Query::Words(words) => match words.as_slice() {
                [Element { word, form: Form::Any }] => self.stands_in(*word, scope),
                words => words.iter().all(|element| self.positions().has(element.word)) && !self.rows(words, scope).is_empty(),
            },
            Query::Regex { .. } | Query::Mention { .. } => !self.places(query, scope).is_empty(),
            Query::Close { first, then } => self.may_be_close(first, then) && !self.places(query, scope).is_empty(),
            Query::Event(kind) => self.reports(kind),
            Query::Rule { query, .. } => self.holds(query, scope),
            Query::AtLeast { times, operand } => self.count(operand, scope) >= *times,
            Query::Not(operand) => !self.holds(operand, scope),
            Query::And(operands) => operands.iter().all(|operand| self.holds(operand, scope)),
            Query::Or(operands) => operands.iter().any(|operand| self.holds(operand, scope)),
            Query::Only(only, operand) => narrowed(*only, scope).is_some_and(|scope| self.holds(operand, Some(scope))),
        }
    }

    /// Where in a part of the article a query holds. What has no places is kept out of here by the parser.
    pub fn places(&self, query: &Query, scope: Option<Scope>) -> Vec<Place> {
        match query {
            Query::Words(words) => {
                self.rows(words, scope).into_iter().map(|(first, next)| Place::of(term(first, next))).collect()
            }
            Query::Regex { regex, .. } => self.regex_places(regex, scope),
            Query::Mention { target, .. } => target.map(|target| self.mentions_of(target, scope)).unwrap_or_default(),
            Query::Close { first, then } => {
                then.iter().fold(self.places(first, scope), |left, link| self.linked(left, link, scope))
            }
            Query::Rule { query, .. } => self.places(query, scope),
            Query::Or(operands) => operands.iter().flat_map(|operand| self.places(operand, scope)).collect(),
            Query::Only(only, operand) => {
                narrowed(*only, scope).map(|scope| self.places(operand, Some(scope))).unwrap_or_default()
            }
            Query::Event(_) | Query::AtLeast { .. } | Query::And(_) | Query::Not(_) => Vec::new(),
        }
    }

    /// How many different places an operand has.
    pub fn count(&self, operand: &Query, scope: Option<Scope>) -> usize {
        let mut spans: Vec<_> =
            self.places(operand, scope).into_iter().map(|place| (place.span.first, place.span.last)).collect();
        spans.sort_unstable();
        spans.dedup();
        spans.len()
    }

    fn stands_in(&self, word: WordId, scope: Option<Scope>) -> bool {
        if scope.is_none() && self.is_text_alone() {
            return self.positions().has(word);
        }
        let range = self.range(scope);
        self.positions().of(word).any(|position| range.contains(&position))
    }

    /// Whether the words are there at all that operands of single words ask for.
    fn may_be_close(&self, first: &Query, then: &[Link]) -> bool {
        let asked = then.iter().filter(|link| !link.negated).map(|link| &link.operand);
        std::iter::once(first).chain(asked).all(|operand| match operand {
            Query::Words(words) => words.iter().all(|element| self.positions().has(element.word)),
            _ => true,
        })
    }

    fn linked(&self, left: Vec<Place>, link: &Link, scope: Option<Scope>) -> Vec<Place> {
        if left.is_empty() {
            return left;
        }
        let right = self.places(&link.operand, scope);
        if link.negated { alone(left, link.how, &right, self) } else { close(&left, link.how, &right, self) }
    }

    /// Where words stand in a row: the first position of each row, and the one after it.
    pub fn rows(&self, words: &[Element], scope: Option<Scope>) -> Vec<(u32, u32)> {
        let Some((first, further)) = words.split_first() else { return Vec::new() };
        let range = self.range(scope);
        let firsts = self.positions().of(first.word).filter(|position| range.contains(position));
        let mut rows: Vec<(u32, u32)> = firsts.filter_map(|at| Some((at, self.after(first, at)?))).collect();
        for element in further {
            let mut positions = self.positions().of(element.word).peekable();
            rows.retain_mut(|(_, next)| {
                while positions.next_if(|position| position < next).is_some() {}
                let stands = positions.peek() == Some(next);
                let after = if stands { self.after(element, *next) } else { None };
                *next = after.unwrap_or(*next);
                after.is_some()
            });
        }
        rows.retain(|(_, next)| *next <= range.end);
        rows
    }

    /// The position after a word of a row, if the word at a position is written as it must be.
    fn after(&self, element: &Element, position: u32) -> Option<u32> {
        let text = || self.locate(position).map(|(_, text, word)| (text, word));
        match &element.form {
            Form::Any | Form::Exact => Some(position + 1),
            Form::Written(written) => text().filter(|(text, word)| is_written(text, *word, written)).map(|_| position + 1),
            Form::Percent => text().and_then(|(text, word)| percent::words(text, word)).map(|words| position + words),
        }
    }

    fn mentions_of(&self, target: Target, scope: Option<Scope>) -> Vec<Place> {
        let range = self.range(scope);
        let mentions = self.mentions().iter().filter(|mention| range.contains(&mention.first));
        let meant = mentions.filter(|mention| self.glossary().actors.is_meant(target, mention.actor, self.day()));
        meant.map(|mention| Place::of(Span { first: mention.first, last: mention.last, role: Role::Actor })).collect()
    }

    fn regex_places(&self, regex: &regex::Regex, scope: Option<Scope>) -> Vec<Place> {
        let range = self.range(scope);
        let of_text = |(start, text): (u32, &Text)| {
            let found: Vec<(u32, u32)> = regex
                .find_iter(text.plain())
                .filter(|found| !found.is_empty())
                .take(MAX_REGEX_PLACES)
                .filter_map(|found| words_of(text, found.range()))
                .map(|(first, last)| (start + first, start + last))
                .collect();
            found
        };
        let found = self.texts().flat_map(of_text).filter(|(first, _)| range.contains(first));
        found.map(|(first, last)| Place::of(term(first, last + 1))).collect()
    }
}

/// The words of a term or phrase from a position to the one before another.
pub fn term(first: u32, next: u32) -> Span {
    Span { first, last: next - 1, role: Role::Term }
}

/// What a field prefix leaves of a part of the article.
pub fn narrowed(only: Scope, outer: Option<Scope>) -> Option<Scope> {
    outer.map_or(Some(only), |outer| only.within(outer))
}

/// The words that bytes of a text touch; none where they hold marks alone.
fn words_of(text: &Text, bytes: Range<usize>) -> Option<(u32, u32)> {
    let next = text.words_before(bytes.end);
    let begins = text.words_before(bytes.start);
    let cuts = begins.checked_sub(1).is_some_and(|before| text.bytes(before, before).end > bytes.start);
    let first = if cuts { begins - 1 } else { begins };
    (first < next).then(|| (first as u32, next as u32 - 1))
}

/// Whether a word has just these capitals.
fn is_written(text: &Text, word: usize, written: &str) -> bool {
    fits(written, &bare(text.written(word)))
}
