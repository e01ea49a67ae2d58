//! Which rules an article may fire: each hangs on words of which one must be there.
//!
//! The choice may be too wide and never too narrow. A rule hangs on the rarest of the words it cannot do without, and where
//! it cannot do without another either, that one is looked for before the rule is asked.

use std::sync::Arc;

use super::reading::Lexis;
use super::scratch::Scratch;
use crate::rules::actors::Actors;
use crate::rules::query::Query;
use crate::rules::vocabulary::{Vocabulary, WordId};

/// How often a word is met that is asked for once and is not among the commonest, in words of text.
const RARE: f32 = 1e-6;

/// The rules by the words they hang on.
#[derive(Debug, Default)]
pub struct Hangs {
    /// For each word where its hooks begin; one entry more than words.
    starts: Vec<u32>,
    hooks: Vec<Hook>,
    /// Rules that no word can stand for, as what they ask for is none.
    always: Vec<u32>,
}

/// A rule on a word.
#[derive(Debug, Clone, Copy)]
struct Hook {
    rule: u32,
    /// Another word it cannot do without.
    also: Option<WordId>,
}

/// Words of which one must be there, and how often one of them will be.
#[derive(Debug, Clone)]
struct Needed {
    words: Vec<WordId>,
    share: f32,
}

impl Hangs {
    /// Hangs every query on its rarest words, by its number among them. What has none may always fire.
    pub fn of<'q>(queries: impl Iterator<Item = Option<&'q Arc<Query>>>, lexis: &Lexis) -> Self {
        let queries: Vec<Option<&Arc<Query>>> = queries.collect();
        let rarity = Rarity::of(queries.iter().copied().flatten(), &lexis.vocabulary);
        let (mut hung, mut always): (Vec<(WordId, Hook)>, _) = (Vec::new(), Vec::new());
        for (rule, query) in (0..).zip(&queries) {
            match query.and_then(|query| Some((query, needed(query, &rarity, &lexis.actors)?))) {
                Some((query, needed)) => {
                    let also = also(query, &needed, &rarity, &lexis.actors);
                    hung.extend(needed.words.iter().map(|word| (*word, Hook { rule, also })));
                }
                None => always.push(rule),
            }
        }
        hung.sort_by_key(|(word, hook)| (*word, hook.rule));
        let words = lexis.vocabulary.len();
        let starts = (0..=words).map(|word| hung.partition_point(|(at, _)| at.index() < word) as u32).collect();
        Self { starts, hooks: hung.into_iter().map(|(_, hook)| hook).collect(), always }
    }

    /// The rules that the words found in an article may fire, in order, each once.
    pub fn candidates(&self, found: &Scratch) -> Vec<u32> {
        let mut rules = self.always.clone();
        for word in found.found() {
            let hooks = self.hooks_on(*word).iter().filter(|hook| hook.also.is_none_or(|also| found.has(also)));
            rules.extend(hooks.map(|hook| hook.rule));
        }
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    fn hooks_on(&self, word: WordId) -> &[Hook] {
        let bounds = (self.starts.get(word.index()), self.starts.get(word.index() + 1));
        let (Some(start), Some(end)) = bounds else { return &[] };
        self.hooks.get(*start as usize..*end as usize).unwrap_or_default()
    }
}

/// The words that a query cannot do without, the rarest choice of them; nothing where it can do without any.
fn needed(query: &Query, rarity: &Rarity, actors: &Actors) -> Option<Needed> {
    match query {
        Query::Words(words) => words.iter().map(|element| rarity.needed(vec![element.word])).min_by(rarer),
        Query::Mention { target, .. } => Some(rarity.needed(target.map(|target| actors.first_words(target)).unwrap_or_default())),
        Query::Rule { query, .. } => needed(query, rarity, actors),
        Query::Close { .. } | Query::And(_) => {
            necessary(query).into_iter().filter_map(|operand| needed(operand, rarity, actors)).min_by(rarer)
        }
        Query::Or(operands) => {
            let all: Option<Vec<Needed>> = operands.iter().map(|operand| needed(operand, rarity, actors)).collect();
            Some(rarity.needed(all?.into_iter().flat_map(|needed| needed.words).collect()))
        }
        Query::AtLeast { operand, .. } | Query::Only(_, operand) => needed(operand, rarity, actors),
        Query::Regex { .. } | Query::Event(_) | Query::Not(_) => None,
    }
}

/// A single word besides those that a query hangs on that it cannot do without either.
fn also(query: &Query, hung: &Needed, rarity: &Rarity, actors: &Actors) -> Option<WordId> {
    let words = match query {
        Query::Words(words) => words.iter().map(|element| rarity.needed(vec![element.word])).collect(),
        Query::Only(_, operand) => return also(operand, hung, rarity, actors),
        _ => necessary(query).into_iter().filter_map(|operand| needed(operand, rarity, actors)).collect::<Vec<_>>(),
    };
    let others = words.into_iter().filter(|needed| needed.words != hung.words);
    let single = others.filter_map(|needed| Some((<[WordId; 1]>::try_from(needed.words).ok()?, needed.share)));
    single.min_by(|a, b| a.1.total_cmp(&b.1)).map(|([word], _)| word)
}

/// The operands that must all hold.
fn necessary(query: &Query) -> Vec<&Query> {
    match query {
        Query::And(operands) => operands.iter().collect(),
        Query::Close { first, then } => {
            let asked = then.iter().filter(|link| !link.negated).map(|link| &link.operand);
            std::iter::once(first.as_ref()).chain(asked).collect()
        }
        _ => Vec::new(),
    }
}

fn rarer(one: &Needed, other: &Needed) -> std::cmp::Ordering {
    one.share.total_cmp(&other.share)
}

/// How often each word will be met. Nothing is known of the articles to come, but what many rules ask for is written often.
struct Rarity(Vec<f32>);

impl Rarity {
    fn of<'q>(queries: impl Iterator<Item = &'q Arc<Query>>, vocabulary: &Vocabulary) -> Self {
        let mut shares = vec![RARE; vocabulary.len()];
        queries.for_each(|query| count(query, &mut shares));
        Self(shares)
    }

    fn needed(&self, words: Vec<WordId>) -> Needed {
        let share = words.iter().map(|word| self.0.get(word.index()).copied().unwrap_or(RARE)).sum();
        Needed { words, share }
    }
}

fn count(query: &Query, shares: &mut [f32]) {
    if let Query::Words(words) = query {
        for element in words {
            if let Some(share) = shares.get_mut(element.word.index()) {
                *share += RARE;
            }
        }
    }
    query.operands().into_iter().for_each(|operand| count(operand, shares));
}
