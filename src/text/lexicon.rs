//! Many phrases looked for at once, whatever their number: each is filed under its first word, which is a word of the
//! [`Vocabulary`] like any other.

use foldhash::{HashMap, HashMapExt as _};

use super::vocabulary::{Vocabulary, WordId};
use super::{Language, Text, Tokens};

/// How a word is written, from the least to the most capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Casing {
    /// Without a capital at its beginning, or in a script that has none.
    Any,
    /// With one.
    Capitalised,
    /// With nothing but capitals, two at least.
    Capitals,
}

impl Casing {
    /// How a word is written.
    pub fn of(word: &str) -> Self {
        let mut cased = word.chars().filter(|letter| letter.is_uppercase() || letter.is_lowercase());
        match cased.next() {
            Some(first) if first.is_uppercase() => {
                let (capitals, others): (Vec<char>, Vec<char>) = cased.partition(|letter| letter.is_uppercase());
                if others.is_empty() && !capitals.is_empty() { Self::Capitals } else { Self::Capitalised }
            }
            _ => Self::Any,
        }
    }
}

/// A phrase, filed under its first word.
#[derive(Debug)]
struct Entry<C> {
    /// The words after the first.
    further: Vec<Word>,
    /// How its first word must be written, at least.
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
    fn matches(&self, word: &str) -> bool {
        match self {
            Self::Exactly(own) => own == word,
            Self::Beginning(own) => word.starts_with(own.as_str()),
        }
    }

    /// As a vocabulary knows it.
    fn spelled(&self) -> String {
        match self {
            Self::Exactly(word) => word.clone(),
            Self::Beginning(word) => format!("{word}*"),
        }
    }
}

/// Phrases with what each stands for. A `*` at the end of a word stands for any ending.
#[derive(Debug)]
pub struct Lexicon<C> {
    by_first: HashMap<WordId, Vec<Entry<C>>>,
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
        Self { by_first: HashMap::new() }
    }
}

impl<C: Copy + Ord> Lexicon<C> {
    /// Adds a phrase; one of a single word must be written with as many capitals at least, up to `strictest`, for names are words,
    /// too. Returns the word it begins with; nothing where there is no word in it.
    pub fn add(&mut self, phrase: &str, strictest: Casing, class: C, vocabulary: &mut Vocabulary) -> Option<WordId> {
        let tokens = Tokens::of(phrase);
        let mut words = (0..tokens.len()).filter_map(|position| word_of(phrase, &tokens, position));
        let first = vocabulary.word(&words.next()?.spelled());
        let further: Vec<Word> = words.collect();
        let casing = if further.is_empty() { Casing::of(phrase).min(strictest) } else { Casing::Any };
        self.by_first.entry(first).or_default().push(Entry { further, casing, class });
        Some(first)
    }

    /// Every phrase of a text whose words were not looked up before.
    pub fn find_in(&self, text: &Text, vocabulary: &Vocabulary) -> Vec<Hit<C>> {
        let mut words = Vec::new();
        vocabulary.find_all(text.folded(), Language::Other, &mut Vec::new(), |word, position| {
            words.extend(self.begins_with(word).then_some((position as usize, word)));
        });
        self.find(text, &words)
    }

    /// Whether a phrase begins with a word.
    pub(super) fn begins_with(&self, word: WordId) -> bool {
        self.by_first.contains_key(&word)
    }

    /// Every phrase of a text, given where in it words of the vocabulary stand, in order; of one class only the longest at each
    /// place.
    pub(super) fn find(&self, text: &Text, words: &[(usize, WordId)]) -> Vec<Hit<C>> {
        let mut hits: Vec<Hit<C>> = Vec::new();
        for here in words.chunk_by(|(one, _), (other, _)| one == other) {
            let known = hits.len();
            for (first, word) in here.iter().copied() {
                let entries = self.by_first.get(&word).into_iter().flatten();
                let found = entries.filter(|entry| entry.stands_at(first, text));
                hits.extend(found.map(|entry| Hit { first, last: first + entry.further.len(), class: entry.class }));
            }
            keep_longest(&mut hits, known);
        }
        hits
    }
}

impl<C> Entry<C> {
    fn stands_at(&self, first: usize, text: &Text) -> bool {
        let mut further = self.further.iter().zip(first + 1..);
        further.all(|(word, place)| text.word(place).is_some_and(|own| word.matches(own)))
            && (self.casing == Casing::Any || Casing::of(text.written(first)) >= self.casing)
    }
}

/// Of the hits from `start` on, which begin at one place, keeps the longest of each class, the longest first.
fn keep_longest<C: Copy + Ord>(hits: &mut Vec<Hit<C>>, start: usize) {
    let Some(here) = hits.get_mut(start..).filter(|here| here.len() > 1) else { return };
    here.sort_by_key(|hit| (hit.class, std::cmp::Reverse(hit.last)));
    let mut kept = hits.split_off(start);
    kept.dedup_by_key(|hit| hit.class);
    kept.sort_by_key(|hit| std::cmp::Reverse(hit.last));
    hits.append(&mut kept);
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
        let (mut lexicon, mut vocabulary) = (Lexicon::default(), Vocabulary::default());
        for (class, phrase) in phrases.iter().enumerate() {
            lexicon.add(phrase, Casing::Capitals, class, &mut vocabulary).unwrap();
        }
        vocabulary.finish();
        let text = Text::of(text);
        let hits = lexicon.find_in(&text, &vocabulary);
        hits.iter().map(|hit| text.plain()[text.bytes(hit.first, hit.last)].to_owned()).collect()
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
    fn a_name_of_one_word_is_written_with_its_capitals() {
        assert_eq!(found(&["Turkey"], "a turkey in Turkey"), ["Turkey"]);
        assert_eq!(found(&["IMO"], "Imo, imo and IMO"), ["IMO"]);
    }

    #[test]
    fn unspaced_scripts_are_searched_as_phrases() {
        assert_eq!(found(&["通电话"], "两国元首通电话时表示"), ["通电话"]);
    }

    #[test]
    fn of_one_class_the_longest_is_found_at_each_place() {
        let (mut lexicon, mut vocabulary) = (Lexicon::default(), Vocabulary::default());
        for (phrase, class) in [("phone", 0), ("phon* call*", 0), ("phone", 1)] {
            lexicon.add(phrase, Casing::Any, class, &mut vocabulary);
        }
        vocabulary.finish();
        let hits = lexicon.find_in(&Text::of("a phone call"), &vocabulary);
        let hits: Vec<_> = hits.into_iter().map(|hit| (hit.first, hit.last, hit.class)).collect();
        assert_eq!(hits, [(1, 2, 0), (1, 1, 1)]);
    }
}
