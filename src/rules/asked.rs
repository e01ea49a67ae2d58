//! The rules by the words they ask for: an article that has none of a rule's words is no business of it.

use super::query::Query;
use super::{Asks, Rule};
use crate::text::vocabulary::WordId;

/// Rules, known by their numbers.
#[derive(Debug)]
pub(super) struct Asked {
    /// Each word with each rule that asks for it, in order.
    by_word: Vec<(WordId, u32)>,
    /// Rules that ask for something else as well: a name, an event, a regular expression.
    others: Vec<u32>,
}

impl Asked {
    pub(super) fn of(rules: &[Rule]) -> Self {
        let mut asked = Self { by_word: Vec::new(), others: Vec::new() };
        for (number, rule) in (0..).zip(rules).filter(|(_, rule)| rule.alert) {
            match &rule.asks {
                Asks::Query(query) if !query.any(&is_no_word) => asked.add(number, query),
                Asks::Query(_) | Asks::Event { .. } => asked.others.push(number),
            }
        }
        asked.by_word.sort_unstable();
        asked.by_word.dedup();
        asked
    }

    /// The rules that words found in an article may mean something to; some more than once.
    pub(super) fn rules<'s>(&'s self, found: &'s [WordId]) -> impl Iterator<Item = u32> + 's {
        self.others.iter().copied().chain(found.iter().flat_map(|word| self.on(*word)))
    }

    fn on(&self, word: WordId) -> impl Iterator<Item = u32> + '_ {
        let from = self.by_word.partition_point(|(other, _)| *other < word);
        let rest = self.by_word.get(from..).unwrap_or_default();
        rest.iter().take_while(move |(other, _)| *other == word).map(|(_, rule)| *rule)
    }

    fn add(&mut self, number: u32, query: &Query) {
        if let Query::Words(words) = query {
            self.by_word.extend(words.iter().map(|element| (element.word, number)));
        }
        query.operands().into_iter().for_each(|operand| self.add(number, operand));
    }
}

fn is_no_word(query: &Query) -> bool {
    matches!(query, Query::Regex { .. } | Query::Mention { .. } | Query::Event(_))
}
