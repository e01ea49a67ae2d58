//! Which rules an article may fire: each hangs on words of which one must be there.
//!
//! The choice may be too wide and never too narrow. A rule hangs on the rarest of the words it cannot do without. What else it
//! cannot do without is looked for before the rule is asked, so that most rules whose word is there are never touched.

use std::sync::Arc;

use super::reading::Lexis;
use super::scratch::Scratch;
use crate::rules::actors::Actors;
use crate::rules::query::Query;
use crate::rules::vocabulary::{Vocabulary, WordId};

/// How often a word is met that is asked for once and is not among the commonest, in words of text.
const RARE: f32 = 1e-6;

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
            let needed = query.map(|query| needed(query, &rarity, &lexis.actors));
            match needed.filter(|needed| !needed.is_empty()) {
                Some(needed) => hung.extend(hooks(rule, needed)),
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
    needed.sort_by(|one, other| one.share.total_cmp(&other.share));
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
fn needed(query: &Query, rarity: &Rarity, actors: &Actors) -> Vec<Needed> {
    let all = |operands: Vec<&Query>| operands.into_iter().flat_map(|operand| needed(operand, rarity, actors)).collect();
    match query {
        Query::Words(words) => words.iter().map(|element| rarity.needed(vec![element.word])).collect(),
        Query::Mention { target, .. } => {
            vec![rarity.needed(target.map(|target| actors.first_words(target)).unwrap_or_default())]
        }
        Query::Rule { query, .. } => needed(query, rarity, actors),
        Query::And(operands) => all(operands.iter().collect()),
        Query::Close { first, then } => {
            let asked = then.iter().filter(|link| !link.negated).map(|link| &link.operand);
            all(std::iter::once(first.as_ref()).chain(asked).collect())
        }
        Query::Or(operands) => {
            let rarest = |operand| needed(operand, rarity, actors).into_iter().min_by(|a, b| a.share.total_cmp(&b.share));
            let all: Option<Vec<Needed>> = operands.iter().map(rarest).collect();
            all.map(|all| rarity.needed(all.into_iter().flat_map(|needed| needed.words).collect())).into_iter().collect()
        }
        Query::AtLeast { operand, .. } | Query::Only(_, operand) => needed(operand, rarity, actors),
        Query::Regex { .. } | Query::Event(_) | Query::Not(_) => Vec::new(),
    }
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
