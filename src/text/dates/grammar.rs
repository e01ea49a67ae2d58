//! The tables of all languages as one tree of patterns, walked from each word of a text.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::meaning::{Meaning, Slots};
use super::number;
use super::pattern::{Class, Step, Symbol, sequences};
use super::{chinese, english, french, german, japanese, russian, spanish};
use crate::text::Text;
use crate::text::fold::is_apostrophe;
use crate::text::tokens::Tokens;

/// What one language knows of dates. Each string lists spellings of one thing.
#[derive(Debug)]
pub struct Table {
    /// Whether the names of months and days are written with a capital.
    pub capitalises: bool,
    /// January to December.
    pub months: &'static [&'static str],
    /// The spellings of months that are common words or names as well.
    pub unclear_months: &'static str,
    /// Monday to Sunday.
    pub weekdays: &'static [&'static str],
    /// Words in the places of class values: numbers, units, signs.
    pub words: &'static [(Class, i32, &'static str)],
    /// What each pattern means. Of two that fit the same words the one with fewer classes wins.
    pub patterns: &'static [(Meaning, &'static [&'static str])],
}

/// The forms written in digits alone, alike in every language.
const DIGITS: Table = Table {
    capitalises: false,
    months: &[],
    unclear_months: "",
    weekdays: &[],
    words: &[],
    patterns: &[(Meaning::Calendar, &["<year>-<month number>-<day>", "<dotted>"])],
};

static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    let tables = [
        &DIGITS,
        &english::TABLE,
        &german::TABLE,
        &french::TABLE,
        &spanish::TABLE,
        &russian::TABLE,
        &chinese::TABLE,
        &japanese::TABLE,
    ];
    Grammar::of(&tables)
});

/// A part of a word's meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sense {
    /// What it can be in a pattern.
    pub symbol: Symbol,
    /// Which one of its class.
    pub value: i32,
    /// Whether only a capitalised word has this sense.
    pub needs_capital: bool,
}

#[derive(Debug, Default)]
struct Node {
    next: BTreeMap<Symbol, usize>,
    meaning: Option<Meaning>,
}

/// All patterns of all languages.
#[derive(Debug)]
pub struct Grammar {
    senses: HashMap<String, Vec<Sense>>,
    /// How many words the patterns name.
    words: u32,
    /// The first is the root.
    nodes: Vec<Node>,
}

/// A pattern found in a text.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    /// The first word.
    pub first: usize,
    /// One past the last word.
    pub end: usize,
    /// What it says.
    pub meaning: Meaning,
    /// With which values.
    pub slots: Slots,
}

impl Grammar {
    /// The grammar of all known languages, built at its first use.
    pub fn get() -> &'static Self {
        &GRAMMAR
    }

    fn of(tables: &[&Table]) -> Self {
        let mut grammar = Self { senses: HashMap::new(), words: 0, nodes: vec![Node::default()] };
        for table in tables {
            grammar.add_names(table);
            for (class, value, words) in table.words {
                grammar.add_words(words, *class, *value, false);
            }
            for (meaning, patterns) in table.patterns {
                patterns.iter().flat_map(|pattern| sequences(pattern)).for_each(|steps| grammar.add_pattern(&steps, *meaning));
            }
        }
        // The word itself comes before its classes, so that the more special of two patterns is found first.
        grammar.senses.values_mut().for_each(|senses| senses.sort_by_key(|sense| sense.symbol));
        grammar
    }

    fn add_names(&mut self, table: &Table) {
        for (names, value) in table.months.iter().zip(1..) {
            self.add_words(names, Class::Month, value, table.capitalises);
            for name in names.split(' ').filter(|name| !table.unclear_months.split(' ').any(|unclear| unclear == *name)) {
                self.add_words(name, Class::ClearMonth, value, table.capitalises);
            }
        }
        for (names, value) in table.weekdays.iter().zip(1..) {
            self.add_words(names, Class::Weekday, value, table.capitalises);
        }
    }

    fn add_words(&mut self, words: &str, class: Class, value: i32, needs_capital: bool) {
        for word in Tokens::of(words).words() {
            let sense = Sense { symbol: Symbol::Class(class), value, needs_capital };
            let senses = self.senses.entry(word.to_owned()).or_default();
            if !senses.contains(&sense) {
                senses.push(sense);
            }
            if class == Class::Unit {
                self.add_words(word, Class::Span, value, needs_capital);
            }
        }
    }

    fn add_pattern(&mut self, steps: &[Step], meaning: Meaning) {
        let mut node = 0;
        for step in steps {
            let symbol = match step {
                Step::Symbol(symbol) => *symbol,
                Step::Word(word) => self.number_word(word),
            };
            node = self.next_or_new(node, symbol);
        }
        if let Some(last) = self.nodes.get_mut(node) {
            last.meaning.get_or_insert(meaning);
        }
    }

    /// The symbol of a word, which is known from now on.
    fn number_word(&mut self, word: &str) -> Symbol {
        let fresh = Symbol::Word(self.words);
        let senses = self.senses.entry(word.to_owned()).or_default();
        let known = senses.iter().map(|sense| sense.symbol).find(|symbol| matches!(symbol, Symbol::Word(_)));
        known.unwrap_or_else(|| {
            self.words += 1;
            senses.push(Sense { symbol: fresh, value: 0, needs_capital: false });
            fresh
        })
    }

    fn next_or_new(&mut self, node: usize, symbol: Symbol) -> usize {
        let fresh = self.nodes.len();
        let Some(current) = self.nodes.get_mut(node) else { return 0 };
        let next = *current.next.entry(symbol).or_insert(fresh);
        if next == fresh {
            self.nodes.push(Node::default());
        }
        next
    }

    /// The pattern to read at a word: the longest that begins there, unless one that begins inside it goes further
    /// ("on June 5" is no "on June").
    pub fn best(&self, text: &Text, first: usize) -> Option<Found> {
        let longest = self.longest(text, first)?;
        let mut inside = (first + 1..longest.end).filter_map(|inside| self.longest(text, inside));
        let further = inside.find(|found| found.end > longest.end && found.meaning != Meaning::Nothing);
        Some(further.unwrap_or(longest))
    }

    fn longest(&self, text: &Text, first: usize) -> Option<Found> {
        let mut best = None;
        self.step(text, 0, first, Slots::default(), &mut best);
        best.map(|best| Found { first, ..best })
    }

    /// Goes on from a node with the word at a position, in each of its senses.
    fn step(&self, text: &Text, node: usize, position: usize, slots: Slots, best: &mut Option<Found>) {
        let Some(word) = text.word(position) else { return };
        let known = self.senses.get(word).into_iter().flatten().copied();
        for sense in known.chain(number::senses(text, word, position)) {
            if sense.needs_capital && !text.is_capitalised(position) {
                continue;
            }
            let Some(next) = self.next(node, sense.symbol) else { continue };
            let slots = slots.with(sense);
            self.arrive(text, next, position + 1, slots, best);
        }
    }

    fn arrive(&self, text: &Text, node: usize, end: usize, slots: Slots, best: &mut Option<Found>) {
        let Some(here) = self.nodes.get(node) else { return };
        if let Some(meaning) = here.meaning.filter(|_| best.is_none_or(|best| end > best.end)) {
            *best = Some(Found { first: end, end, meaning, slots });
        }
        if here.next.is_empty() {
            return;
        }
        let beyond = match joint(text, end) {
            Some(Joint::Blank) => Some(node),
            Some(Joint::Comma) => self.next(node, Symbol::Comma),
            Some(Joint::Hyphen) => self.next(node, Symbol::Hyphen),
            None => None,
        };
        if let Some(beyond) = beyond {
            self.step(text, beyond, end, slots, best);
        }
    }

    /// Whether a word names a month.
    pub fn is_month(&self, word: &str) -> bool {
        let senses = self.senses.get(word).into_iter().flatten();
        senses.into_iter().any(|sense| sense.symbol == Symbol::Class(Class::Month))
    }

    fn next(&self, node: usize, symbol: Symbol) -> Option<usize> {
        self.nodes.get(node)?.next.get(&symbol).copied()
    }
}

/// How two words of one expression hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    Blank,
    Comma,
    Hyphen,
}

/// How a word hangs together with the one before it; none if no expression can hold both.
fn joint(text: &Text, position: usize) -> Option<Joint> {
    let gap = text.gap(position);
    let mut joint = Joint::Blank;
    for mark in gap.chars() {
        match mark {
            ' ' | '(' | '（' => {}
            '.' if text.sentence_of(position) == text.sentence_of(position - 1) => {}
            ',' | '，' | '、' => joint = Joint::Comma,
            '-' | '‐' | '‑' | '–' | '—' | '−' | '～' | '〜' => joint = Joint::Hyphen,
            _ if is_apostrophe(mark) => {}
            _ => return None,
        }
    }
    (!gap.is_empty() || position < text.len()).then_some(joint)
}
