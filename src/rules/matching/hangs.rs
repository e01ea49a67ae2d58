//! Which rules an article may fire: each hangs on words of which one must be there.
//!
//! The choice may be too wide and never too narrow. A rule hangs on the rarest of the words it cannot do without. What else it
//! cannot do without is looked for before the rule is asked, so that most rules whose word is there are never touched.

use std::sync::Arc;

use super::reading::Glossary;
use crate::rules::query::Query;
use crate::rules::{Asks, Rule};
use crate::text::vocabulary::{Vocabulary, WordId, is_wildcard};
use crate::text::{Positions, is_small_word};

/// How much commoner than others words are that hold a sentence together, single signs, and whatever fits a pattern: guesses, of
/// which only the order matters.
const COMMONNESS: [f32; 3] = [1_000.0, 100.0, 10.0];

/// The most words that a rule hangs on only to have another to look for.
const MOST_WORDS: usize = 8;

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
    /// Other words it cannot do without; where there are none, the word it hangs on again.
    also: [WordId; 2],
}

/// Words of which one must be there, and how common they are together.
#[derive(Debug, Clone)]
struct Needed {
    words: Vec<WordId>,
    common: f32,
}

impl Hangs {
    /// Hangs every rule on its rarest words; a rule is known by its number.
    pub fn of(rules: &[(u32, &Rule)], glossary: &Glossary) -> Self {
        let rarity = Rarity::of(rules.iter().filter_map(|(_, rule)| rule.query()), &glossary.vocabulary);
        let (mut hung, mut always): (Vec<(WordId, Hook)>, _) = (Vec::new(), Vec::new());
        for (number, rule) in rules.iter().copied() {
            let needed = match &rule.asks {
                Asks::Query(query) => needed(query, &rarity, glossary),
                Asks::Event { kind, .. } => vec![rarity.needed(glossary.recogniser.carriers(kind).to_vec())],
            };
            if needed.is_empty() {
                always.push(number);
            } else {
                hung.extend(hooks(number, needed));
            }
        }
        hung.sort_by_key(|(word, hook)| (*word, hook.rule));
        let words = glossary.vocabulary.count();
        let starts = (0..=words).map(|word| hung.partition_point(|(at, _)| at.index() < word) as u32).collect();
        Self { starts, hooks: hung.into_iter().map(|(_, hook)| hook).collect(), always }
    }

    /// The rules that the words found in an article may fire, in order, each once.
    pub fn candidates(&self, found: &Positions) -> Vec<u32> {
        let mut rules = self.always.clone();
        for word in found.found() {
            let hooks = self.hooks_on(*word).iter().filter(|hook| hook.also.iter().all(|also| found.has(*also)));
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

/// Hangs a rule on what it needs: on its rarest word, with the next rarest looked for besides. Where a choice of a few words and
/// a single one are needed it hangs on the choice, so that there is one to look for.
fn hooks(rule: u32, mut needed: Vec<Needed>) -> Vec<(WordId, Hook)> {
    needed.sort_by(|one, other| one.common.total_cmp(&other.common));
    let singles = needed.iter().filter(|needed| needed.words.len() == 1).count();
    let few = |needed: &Needed| (2..=MOST_WORDS).contains(&needed.words.len());
    let at = if singles == 1 { needed.iter().position(few).unwrap_or(0) } else { 0 };
    let hung = needed.remove(at);
    let mut others = needed.iter().filter_map(|needed| if let [word] = *needed.words { Some(word) } else { None });
    let (one, two) = (others.next(), others.next());
    let also = |word| [one.unwrap_or(word), two.unwrap_or(word)];
    hung.words.into_iter().map(|word| (word, Hook { rule, also: also(word) })).collect()
}

/// For each thing that a query cannot do without the words of which one must be there.
fn needed(query: &Query, rarity: &Rarity, glossary: &Glossary) -> Vec<Needed> {
    let all = |operands: Vec<&Query>| operands.into_iter().flat_map(|operand| needed(operand, rarity, glossary)).collect();
    match query {
        Query::Words(words) => words.iter().map(|element| rarity.needed(vec![element.word])).collect(),
        Query::Mention { target, .. } => {
            vec![rarity.needed(target.map(|target| glossary.actors.first_words(target)).unwrap_or_default())]
        }
        Query::Rule { query, .. } => needed(query, rarity, glossary),
        Query::And(operands) => all(operands.iter().collect()),
        Query::Close { first, then } => {
            let asked = then.iter().filter(|link| !link.negated).map(|link| &link.operand);
            all(std::iter::once(first.as_ref()).chain(asked).collect())
        }
        Query::Or(operands) => {
            let rarest = |operand| needed(operand, rarity, glossary).into_iter().min_by(|a, b| a.common.total_cmp(&b.common));
            let all: Option<Vec<Needed>> = operands.iter().map(rarest).collect();
            all.map(|all| rarity.needed(all.into_iter().flat_map(|needed| needed.words).collect())).into_iter().collect()
        }
        Query::AtLeast { operand, .. } | Query::Only(_, operand) => needed(operand, rarity, glossary),
        Query::Event(kind) => vec![rarity.needed(glossary.recogniser.carriers(kind).to_vec())],
        Query::Regex { .. } | Query::Not(_) => Vec::new(),
    }
}

/// How common each word is. Nothing is known of the articles to come, but what many rules ask for is written often, and some words
/// are common everywhere.
struct Rarity(Vec<f32>);

impl Rarity {
    fn of<'q>(queries: impl Iterator<Item = &'q Arc<Query>>, vocabulary: &Vocabulary) -> Self {
        let mut asked: Vec<f32> = vocabulary.all().map(commonness).collect();
        queries.for_each(|query| count(query, vocabulary, &mut asked));
        Self(asked)
    }

    fn needed(&self, words: Vec<WordId>) -> Needed {
        let common = words.iter().filter_map(|word| self.0.get(word.index())).sum();
        Needed { words, common }
    }
}

fn commonness(word: &str) -> f32 {
    let [small, sign, pattern] = COMMONNESS;
    match word {
        _ if is_small_word(word) => small,
        _ if word.contains(is_wildcard) => pattern,
        _ if word.chars().nth(1).is_none() => sign,
        _ => 1.0,
    }
}

/// Adds up how often each word is asked for.
fn count(query: &Query, vocabulary: &Vocabulary, asked: &mut [f32]) {
    if let Query::Words(words) = query {
        for element in words {
            if let Some(asked) = asked.get_mut(element.word.index()) {
                *asked += commonness(vocabulary.spelled(element.word));
            }
        }
    }
    query.operands().into_iter().for_each(|operand| count(operand, vocabulary, asked));
}
