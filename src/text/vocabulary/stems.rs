//! Words that count in all their endings, by the Snowball stemmers.

use foldhash::HashMap;
use rust_stemmers::{Algorithm, Stemmer};

use super::WordId;
use crate::text::Language;

/// A language whose endings are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stemming(Language);

impl Stemming {
    /// The stemming of a language, if there is one: English, German, French, Spanish and Russian have.
    pub fn of(language: Language) -> Option<Self> {
        algorithm(language).map(|_| Self(language))
    }

    fn stem(self, folded: &str) -> String {
        algorithm(self.0).map_or_else(|| folded.to_owned(), |algorithm| Stemmer::create(algorithm).stem(folded).into_owned())
    }
}

fn algorithm(language: Language) -> Option<Algorithm> {
    match language {
        Language::English => Some(Algorithm::English),
        Language::German => Some(Algorithm::German),
        Language::French => Some(Algorithm::French),
        Language::Spanish => Some(Algorithm::Spanish),
        Language::Russian => Some(Algorithm::Russian),
        Language::Chinese | Language::Japanese | Language::Other => None,
    }
}

/// Words by their stems, language by language.
#[derive(Debug, Default)]
pub struct Stems {
    ids: HashMap<(Box<str>, Stemming), WordId>,
    by_stem: HashMap<Language, HashMap<String, Vec<WordId>>>,
}

impl Stems {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The number of a word that was added.
    pub fn get(&self, folded: &str, stemming: Stemming) -> Option<WordId> {
        self.ids.get(&(folded.into(), stemming)).copied()
    }

    /// Adds a word.
    pub fn add(&mut self, folded: &str, stemming: Stemming, id: WordId) {
        self.ids.insert((folded.into(), stemming), id);
        self.by_stem.entry(stemming.0).or_default().entry(stemming.stem(folded)).or_default().push(id);
    }

    /// Every word with the stem of one in a text of that language.
    pub fn find(&self, folded: &str, language: Language, found: &mut impl FnMut(WordId)) {
        let Some(by_stem) = self.by_stem.get(&language) else { return };
        by_stem.get(&Stemming(language).stem(folded)).into_iter().flatten().for_each(|id| found(*id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stem_counts_in_texts_of_its_language_alone() {
        let mut stems = Stems::default();
        stems.add("sanction", Stemming::of(Language::English).unwrap(), WordId(0));
        stems.add("sanctions", Stemming::of(Language::English).unwrap(), WordId(1));
        let found = |word, language| {
            let mut found = Vec::new();
            stems.find(word, language, &mut |id| found.push(id.index()));
            found
        };
        assert_eq!(found("sanctioned", Language::English), [0, 1]);
        assert_eq!(found("sanctioned", Language::German), [0_usize; 0]);
        assert_eq!(found("sanctuary", Language::English), [0_usize; 0]);
    }
}
