//! Sentences as patterns see them: people, governments, days and the words of a kind stand for what they are, every other word
//! for itself. A few of these symbols in a row are a phrase, and phrases have weights.

use std::cell::OnceCell;
use std::fmt::Write;

use super::features::Features;
use super::lexis::{Class, Kind, Lexis};
use super::people::Casting;
use super::scene::{Sentence, Standing};
use super::timing::judge;
use crate::config::Form;
use crate::text::Text;

/// How far phrases reach on either side of the words that carry a telling, in symbols.
const REACH: usize = 6;
/// The same in scripts whose every sign is a word.
const REACH_IN_SIGNS: usize = 14;
/// Symbols whose very distance counts.
const CLOSE: usize = 2;

/// A word, or what a few of them stand for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Symbol<'s> {
    Word(&'s str),
    Class(&'static str, &'s str),
    Number,
}

impl std::fmt::Display for Symbol<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Class(mark, name) => write!(f, "{mark}{name}"),
            Self::Number => f.write_str("#number"),
        }
    }
}

/// A sentence in symbols, each with the position of its first word.
#[derive(Debug)]
struct Row<'s> {
    symbols: Vec<(usize, Symbol<'s>)>,
}

/// The sentences of an article in the symbols of one kind.
pub(super) struct Phrases<'s> {
    casting: &'s Casting<'s>,
    kind: &'s Kind,
    rows: Vec<OnceCell<Row<'s>>>,
    opening: OnceCell<Vec<String>>,
}

impl<'s> Phrases<'s> {
    pub(super) fn of(casting: &'s Casting<'s>, kind: &'s Kind) -> Self {
        Self { casting, kind, rows: casting.scene.sentences.iter().map(|_| OnceCell::new()).collect(), opening: OnceCell::new() }
    }

    /// Adds what stands around the words of a sentence; for a measure also what its sentence, the headline and the lead are about.
    pub(super) fn describe(&self, features: &mut Features, place: usize, first: usize, last: usize) {
        self.row(place).around(features, first, last, self.reach(place, first));
        // a measure is known by what it is about, a call by who calls
        if self.kind.form == Form::Act {
            self.row(place).whole(features, "in");
            features.extend(self.opening.get_or_init(|| self.opening(features.blank())));
        }
    }

    /// What the headline and the lead are about: the same for every telling.
    fn opening(&self, mut features: Features<'_>) -> Vec<String> {
        for (at, sentence) in self.casting.scene.sentences.iter().enumerate().take_while(|(_, s)| s.standing <= Standing::Lead) {
            match sentence.standing {
                Standing::Title => self.row(at).pairs(&mut features, "title"),
                _ => self.row(at).whole(&mut features, "lead"),
            }
        }
        features.into_inner()
    }

    fn reach(&self, place: usize, word: usize) -> usize {
        let text = self.casting.scene.text(self.casting.scene.sentences[place].field);
        if text.is_sign(word) { REACH_IN_SIGNS } else { REACH }
    }

    fn row(&self, place: usize) -> &Row<'s> {
        self.rows[place].get_or_init(|| Row::of(self.casting, self.kind, place))
    }
}

impl<'s> Row<'s> {
    fn of(casting: &'s Casting<'s>, kind: &'s Kind, place: usize) -> Self {
        let scene = casting.scene;
        let sentence = &scene.sentences[place];
        let text = scene.text(sentence.field);
        let mut classed: Vec<Option<(u8, usize, Symbol<'s>)>> = vec![None; sentence.last + 1 - sentence.first];
        let mut class = |rank: u8, first: usize, last: usize, symbol: Symbol<'s>| {
            for place in first.max(sentence.first)..=last.min(sentence.last) {
                let own = &mut classed[place - sentence.first];
                if own.is_none_or(|(other, ..)| rank < other) {
                    *own = Some((rank, first, symbol));
                }
            }
        };
        for person in casting.people(place) {
            class(0, person.first, person.last, Symbol::Class("#", if person.actor.is_some() { "who" } else { "other" }));
        }
        for date in &sentence.dates {
            let when = judge(date, scene.today, kind.news_days).as_str();
            class(0, date.words.start, date.words.end.saturating_sub(1), Symbol::Class("#day-", when));
        }
        for hit in &sentence.hits {
            if let Some((rank, symbol)) = symbol(casting.lexis, kind, hit.class) {
                class(rank, hit.first, hit.last, symbol);
            }
        }
        Self { symbols: in_order(sentence, text, &classed) }
    }

    fn around(&self, features: &mut Features, first: usize, last: usize, reach: usize) {
        let begin = self.symbols.partition_point(|(at, _)| *at <= first).saturating_sub(1);
        let end = self.symbols.partition_point(|(at, _)| *at <= last);
        let before: Vec<Symbol<'s>> = self.symbols[..begin].iter().rev().take(reach).map(|(_, symbol)| *symbol).collect();
        let after: Vec<Symbol<'s>> = self.symbols[end..].iter().take(reach).map(|(_, symbol)| *symbol).collect();
        for (side, row) in [('<', &before), ('>', &after)] {
            for (distance, symbol) in row.iter().enumerate() {
                features.phrase(|name| write!(name, "{side} {symbol}"));
                if distance < CLOSE {
                    features.phrase(|name| write!(name, "{side}{} {symbol}", distance + 1));
                }
            }
            for pair in row.windows(2) {
                features.phrase(|name| write!(name, "{side} {} {}", pair[0], pair[1]));
            }
        }
        if let (Some(before), Some(after)) = (before.first(), after.first()) {
            features.phrase(|name| write!(name, "{before} <> {after}"));
        }
    }

    fn whole(&self, features: &mut Features, mark: &str) {
        for (_, symbol) in &self.symbols {
            features.phrase(|name| write!(name, "{mark} {symbol}"));
        }
    }

    fn pairs(&self, features: &mut Features, mark: &str) {
        self.whole(features, mark);
        for pair in self.symbols.windows(2) {
            features.phrase(|name| write!(name, "{mark} {} {}", pair[0].1, pair[1].1));
        }
    }
}

/// What a class is to a kind, and its rank where several classes claim a word.
fn symbol<'s>(lexis: &'s Lexis, kind: &'s Kind, class: Class) -> Option<(u8, Symbol<'s>)> {
    let name = |names: &'s [String], number: u16| names.get(usize::from(number)).map_or("", String::as_str);
    Some(match class {
        Class::Country(_) | Class::Metonym(_) => (1, Symbol::Class("#", "government")),
        Class::People(_) => (1, Symbol::Class("#", "nation")),
        Class::Place(_) => (1, Symbol::Class("#", "place")),
        Class::Actor(_) => (1, Symbol::Class("#", "actor")),
        Class::Percent => (1, Symbol::Class("#", "percent")),
        Class::Word(of, word) if of == kind.number => (2, Symbol::Class("#", name(&kind.words, word))),
        Class::Act(of, act) if of == kind.number => (3, Symbol::Class("#to-", name(&kind.acts, act))),
        Class::Cue(cue) => (4, Symbol::Class("#", name(&lexis.cues, cue))),
        Class::Office(office) => (5, Symbol::Class("#", name(&lexis.offices, office))),
        Class::Word(..) | Class::Act(..) => return None,
    })
}

fn in_order<'s>(sentence: &Sentence, text: &'s Text, classed: &[Option<(u8, usize, Symbol<'s>)>]) -> Vec<(usize, Symbol<'s>)> {
    let mut symbols: Vec<(usize, Symbol<'s>)> = Vec::with_capacity(classed.len());
    for (offset, class) in classed.iter().enumerate() {
        let place = sentence.first + offset;
        match class {
            Some((_, first, symbol)) if symbols.last().is_some_and(|(at, last)| last == symbol && *at >= *first) => {}
            Some((_, _, symbol)) => symbols.push((place, *symbol)),
            None => symbols.extend(text.word(place).map(|word| (place, word_or_number(word)))),
        }
    }
    symbols
}

fn word_or_number(word: &str) -> Symbol<'_> {
    let is_number = word.chars().all(|letter| letter.is_ascii_digit() || letter == '.' || letter == ',');
    if is_number { Symbol::Number } else { Symbol::Word(word) }
}
