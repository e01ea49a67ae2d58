//! Many phrases looked for at once: one walk along the words of a text, whatever their number.

use foldhash::{HashMap, HashMapExt as _};

use super::{Text, Tokens};

/// How a word must be written, from the least to the most capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Casing {
    /// Any way, or in a script without case.
    Any,
    /// With a capital at its beginning.
    Capitalised,
}

/// A phrase, filed under its first word.
#[derive(Debug)]
struct Entry<C> {
    /// The words after the first.
    further: Vec<Word>,
    casing: Casing,
    class: C,
}

/// A folded word, or the beginning of one.
#[derive(Debug, PartialEq)]
enum Word {
    Exactly(String),
    Beginning(String),
}

impl Word {
    fn letter(&self) -> Option<char> {
        let (Self::Exactly(word) | Self::Beginning(word)) = self;
        word.chars().next()
    }

    fn matches(&self, word: &str) -> bool {
        match self {
            Self::Exactly(own) => own == word,
            Self::Beginning(own) => word.starts_with(own.as_str()),
        }
    }
}

/// Phrases with what each stands for. A `*` at the end of a word stands for any ending.
#[derive(Debug)]
pub struct Lexicon<C> {
    by_word: HashMap<String, Vec<Entry<C>>>,
    by_beginning: HashMap<String, Vec<Entry<C>>>,
    /// The shortest and the longest beginning with each first letter, in bytes.
    lengths: HashMap<char, (usize, usize)>,
}

/// A phrase found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit<C> {
    /// The position of its first word.
    pub first: usize,
    /// The position of its last word.
    pub last: usize,
    /// What it stands for.
    pub class: C,
}

impl<C> Default for Lexicon<C> {
    fn default() -> Self {
        Self { by_word: HashMap::new(), by_beginning: HashMap::new(), lengths: HashMap::new() }
    }
}

impl<C: Copy + PartialEq> Lexicon<C> {
    /// Adds a phrase. One word that begins with a capital must do so in the text as well, for names are words, too.
    pub fn add(&mut self, phrase: &str, class: C) {
        let tokens = Tokens::of(phrase);
        let mut words = (0..tokens.len()).filter_map(|position| word_of(phrase, &tokens, position));
        let Some(first) = words.next() else { return };
        let further: Vec<Word> = words.collect();
        let is_name = further.is_empty() && phrase.chars().next().is_some_and(char::is_uppercase);
        let casing = if is_name { Casing::Capitalised } else { Casing::Any };
        if let (Word::Beginning(beginning), Some(letter)) = (&first, first.letter()) {
            let (shortest, longest) = self.lengths.entry(letter).or_insert((usize::MAX, 0));
            (*shortest, *longest) = ((*shortest).min(beginning.len()), (*longest).max(beginning.len()));
        }
        let (table, key) = match first {
            Word::Exactly(word) => (&mut self.by_word, word),
            Word::Beginning(beginning) => (&mut self.by_beginning, beginning),
        };
        let entries = table.entry(key).or_default();
        entries.push(Entry { further, casing, class });
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.further.len()));
    }

    /// Every phrase found, in order; of one class only the longest at each place.
    pub fn find(&self, text: &Text) -> Vec<Hit<C>> {
        let mut hits: Vec<Hit<C>> = Vec::new();
        for (position, word) in text.words() {
            if let Some(entries) = self.by_word.get(word) {
                collect(text, position, entries, &mut hits);
            }
            let lengths = word.chars().next().and_then(|letter| self.lengths.get(&letter));
            let Some((shortest, longest)) = lengths.copied() else { continue };
            for beginning in (shortest..=longest.min(word.len())).filter_map(|end| word.get(..end)) {
                if let Some(entries) = self.by_beginning.get(beginning) {
                    collect(text, position, entries, &mut hits);
                }
            }
        }
        hits
    }
}

fn collect<C: Copy + PartialEq>(text: &Text, position: usize, entries: &[Entry<C>], hits: &mut Vec<Hit<C>>) {
    for entry in entries {
        let last = position + entry.further.len();
        let follows = |(further, word): (usize, &Word)| text.word(position + 1 + further).is_some_and(|own| word.matches(own));
        let fits =
            (entry.casing == Casing::Any || text.is_capitalised(position)) && entry.further.iter().enumerate().all(follows);
        let known = hits.iter().rev().take_while(|hit| hit.first == position).any(|hit| hit.class == entry.class);
        if fits && !known {
            hits.push(Hit { first: position, last, class: entry.class });
        }
    }
}

fn word_of(phrase: &str, tokens: &Tokens, position: usize) -> Option<Word> {
    let (token, folded) = (tokens.get(position)?, tokens.word(position)?.to_owned());
    let is_beginning = phrase.get(token.end as usize..).is_some_and(|rest| rest.starts_with('*'));
    Some(if is_beginning { Word::Beginning(folded) } else { Word::Exactly(folded) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(phrases: &[&str], text: &str) -> Vec<String> {
        let mut lexicon = Lexicon::default();
        phrases.iter().enumerate().for_each(|(class, phrase)| lexicon.add(phrase, class));
        let text = Text::of(text);
        lexicon.find(&text).iter().map(|hit| text.plain()[text.bytes(hit.first, hit.last)].to_owned()).collect()
    }

    #[test]
    fn phrases_are_found_in_order_with_their_endings() {
        assert_eq!(found(&["phone call*", "spoke"], "They spoke twice; both phone calls were short"), ["spoke", "phone calls"]);
    }

    #[test]
    fn a_word_in_the_middle_may_have_any_ending() {
        assert_eq!(found(&["телефонн* разговор*"], "состоялся телефонный разговор"), ["телефонный разговор"]);
    }

    #[test]
    fn a_name_of_one_word_is_written_with_its_capital() {
        assert_eq!(found(&["Turkey"], "a turkey in Turkey"), ["Turkey"]);
    }

    #[test]
    fn unspaced_scripts_are_searched_as_phrases() {
        assert_eq!(found(&["通电话"], "两国元首通电话时表示"), ["通电话"]);
    }
}
