//! The words that rules ask for, numbered: everything after compiling speaks of numbers.

mod stems;
mod table;
mod wild;

pub use stems::Stemming;
use stems::Stems;
pub use table::Probe;
use table::Table;
use wild::Wilds;
pub use wild::{MIN_LETTERS, fits, is_too_wide, is_wildcard};

use crate::text::Language;

/// A word of the vocabulary: the number of a folded word, a pattern or a stem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WordId(u32);

impl WordId {
    /// The number as a place in a table that has one for every word.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// All words, patterns and stems that any rule asks for.
#[derive(Debug, Default)]
pub struct Vocabulary {
    words: Table,
    wilds: Wilds,
    stems: Stems,
    /// Whether more is asked for than words as they are.
    has_patterns: bool,
    /// As the canonical form spells them.
    spelled: Vec<Box<str>>,
}

impl Vocabulary {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.spelled.len()
    }

    /// Every word as the canonical form spells it, in the order of their numbers.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.spelled.iter().map(AsRef::as_ref)
    }

    /// How a word is spelled in the canonical form.
    pub fn spelled(&self, word: WordId) -> &str {
        spelling(&self.spelled, word)
    }

    /// The number of a folded word, perhaps with wildcards: `*` stands for any letters or none, `?` for exactly one.
    pub fn word(&mut self, folded: &str) -> WordId {
        let folded = plain_number(folded).unwrap_or_else(|| folded.to_owned());
        if let Some(known) = self.exact(&folded).or_else(|| self.wilds.get(&folded)) {
            return known;
        }
        let id = self.next(&folded);
        if folded.contains(is_wildcard) {
            self.wilds.add(&folded, id);
        } else {
            let spelled = &self.spelled;
            self.words.add(&folded, id, |id| spelling(spelled, id));
        }
        id
    }

    /// The number of all words with the stem of a folded word.
    pub fn stem(&mut self, folded: &str, stemming: Stemming) -> WordId {
        if let Some(known) = self.stems.get(folded, stemming) {
            return known;
        }
        let id = self.next(folded);
        self.stems.add(folded, stemming, id);
        id
    }

    /// Makes everything ready to be asked for; to be called after the last word was added.
    pub fn finish(&mut self) {
        self.wilds.finish();
        self.has_patterns = !self.wilds.is_empty() || !self.stems.is_empty();
    }

    /// Whether words must be stemmed to be found, so that the language of a text matters.
    pub fn has_stems(&self) -> bool {
        !self.stems.is_empty()
    }

    /// Every number that each folded word of a text has, with the position of the word, in a text of that language. `probes` is
    /// room to work in.
    pub fn find_all<'t>(
        &self,
        words: impl Iterator<Item = &'t str> + Clone,
        language: Language,
        probes: &mut Vec<Probe>,
        mut found: impl FnMut(WordId, u32),
    ) {
        probes.clear();
        probes.extend(words.clone().map(|word| self.words.probe(word)));
        for ((position, word), probe) in (0..).zip(words).zip(probes.iter()) {
            if let Some(id) = self.words.find(probe, word, |id| self.spelled(id)) {
                found(id, position);
            }
            if self.has_patterns || word.starts_with(|first: char| first.is_ascii_digit()) {
                self.find_more(word, language, |id| found(id, position));
            }
        }
    }

    /// What a word of a text is besides itself: a number written otherwise, something that fits a pattern, a form of a stem.
    fn find_more(&self, word: &str, language: Language, mut found: impl FnMut(WordId)) {
        if let Some(id) = plain_number(word).and_then(|number| self.exact(&number)) {
            found(id);
        }
        self.wilds.find(word, &mut found);
        if !self.stems.is_empty() {
            self.stems.find(word, language, &mut found);
        }
    }

    fn exact(&self, word: &str) -> Option<WordId> {
        self.words.find(&self.words.probe(word), word, |id| self.spelled(id))
    }

    fn next(&mut self, spelled: &str) -> WordId {
        let id = WordId(u32::try_from(self.spelled.len()).unwrap_or(u32::MAX));
        self.spelled.push(spelled.into());
        id
    }
}

fn spelling(spelled: &[Box<str>], word: WordId) -> &str {
    spelled.get(word.index()).map_or("", |spelled| spelled)
}

/// A number without the commas between its thousands, if it has any.
fn plain_number(word: &str) -> Option<String> {
    let (whole, fraction) = word.split_once('.').map_or((word, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut groups = whole.split(',');
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_first = |group: &str| (1..=3).contains(&group.len()) && are_digits(group);
    if !whole.contains(',') || !groups.next().is_some_and(is_first) || !groups.all(|group| group.len() == 3 && are_digits(group))
    {
        return None;
    }
    let point = fraction.map(|fraction| format!(".{fraction}")).unwrap_or_default();
    Some(whole.replace(',', "") + &point)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_may_have_commas_or_none() {
        assert_eq!(plain_number("1,000,000").as_deref(), Some("1000000"));
        assert_eq!(plain_number("12,500.75").as_deref(), Some("12500.75"));
        for word in ["1000", "1,00", "2,5", "1,0000", "a,000", ",000", "1,000,00"] {
            assert_eq!(plain_number(word), None, "{word}");
        }
    }

    #[test]
    fn a_word_has_one_number_however_often_it_is_asked_for() {
        let mut vocabulary = Vocabulary::default();
        assert_eq!(vocabulary.word("steel"), vocabulary.word("steel"));
        assert_eq!(vocabulary.word("1,000"), vocabulary.word("1000"));
        assert_eq!(vocabulary.word("st*"), vocabulary.word("st*"));
        assert_ne!(vocabulary.word("steel"), vocabulary.word("st*"));
        assert_eq!(vocabulary.count(), 3);
    }

    #[test]
    fn a_word_of_a_text_is_every_word_and_pattern_that_it_fits() {
        let mut vocabulary = Vocabulary::default();
        let asked = ["steel", "st*", "*eel", "ste?l", "iron", "1000"].map(|word| vocabulary.word(word));
        vocabulary.finish();
        let found = |word: &str| {
            let mut found = Vec::new();
            vocabulary.find_all(std::iter::once(word), Language::Other, &mut Vec::new(), |id, _| found.push(id));
            found.sort();
            found
        };
        assert_eq!(found("steel"), asked[..4]);
        assert_eq!(found("1,000"), asked[5..]);
        assert_eq!(found("copper"), []);
    }
}
