//! An article to an [`Analysis`]: plain text, and its words with their places.

pub mod dates;
pub mod vocabulary;

mod bytes;
mod dateline;
mod fold;
mod html;
mod index;
mod language;
mod lexicon;
mod plain;
mod positions;
mod reference;
mod sentences;
mod tokens;

use std::ops::Range;
use std::sync::OnceLock;

pub use dateline::Dateline;
pub use fold::bare;
pub use html::to_plain;
pub use index::Index;
pub use language::{Language, is_small_word};
pub use lexicon::{Casing, Hit, Lexicon};
pub use positions::{Pool, Positions};
pub use sentences::Sentence;
use sentences::Sentences;
pub use tokens::{Token, Tokens};

use crate::model::{Article, Evidence, Field, Role};

/// The two texts of an article, read once and shared by everything that judges it.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// The headline.
    pub title: Text,
    /// Everything below it.
    pub body: Text,
    declared: Option<String>,
    /// Told when first asked for: most rules ask for words alone.
    language: OnceLock<Language>,
}

impl Analysis {
    /// Reads an article.
    pub fn of(article: &Article) -> Self {
        let (title, body) = (Text::of(&article.title), Text::of(&article.text));
        Self { title, body, declared: article.language.clone(), language: OnceLock::new() }
    }

    /// What it is written in.
    pub fn language(&self) -> Language {
        let longer = if self.body.len() > self.title.len() { &self.body } else { &self.title };
        *self.language.get_or_init(|| Language::of(longer, self.declared.as_deref()))
    }

    /// The headline, or for any other field the body.
    pub fn text(&self, field: Field) -> &Text {
        match field {
            Field::Title => &self.title,
            _ => &self.body,
        }
    }
}

/// A normalised text and its words. A word is known by its position: 0 for the first, 1 for the next.
#[derive(Debug, Clone)]
pub struct Text {
    plain: String,
    tokens: Tokens,
    /// Looked for when first asked for: most articles are put aside for their words alone.
    sentences: OnceLock<Sentences>,
}

impl Text {
    /// Reads a text as published, plain or HTML.
    pub fn of(published: &str) -> Self {
        let plain = to_plain(published);
        let tokens = Tokens::of(&plain);
        Self { plain, tokens, sentences: OnceLock::new() }
    }

    /// The normalised text. Evidence counts its bytes.
    pub fn plain(&self) -> &str {
        &self.plain
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there is no word at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The folded words in order, with their positions.
    pub fn words(&self) -> impl Iterator<Item = (usize, &str)> {
        self.folded().enumerate()
    }

    /// The folded words in order.
    pub fn folded(&self) -> impl Iterator<Item = &str> + Clone {
        self.tokens.words()
    }

    /// The folded word at a position.
    pub fn word(&self, position: usize) -> Option<&str> {
        self.tokens.word(position)
    }

    /// How many words begin before a byte of [`Text::plain`].
    pub fn words_before(&self, byte: usize) -> usize {
        self.tokens.before(byte)
    }

    /// The bytes of [`Text::plain`] from one word to another, both included; empty where there are no such words.
    pub fn bytes(&self, first: usize, last: usize) -> Range<usize> {
        match (self.tokens.get(first), self.tokens.get(last)) {
            (Some(first), Some(last)) => first.start as usize..last.end as usize,
            _ => 0..0,
        }
    }

    /// The words from one to another, both included, as evidence: of the headline or the body, as this text is either.
    pub fn evidence(&self, field: Field, first: usize, last: usize, role: Role) -> Evidence {
        let bytes = self.bytes(first, last);
        let text = self.plain.get(bytes.clone()).unwrap_or_default().to_owned();
        Evidence { field, start: bytes.start, end: bytes.end, text, role }
    }

    /// The word at a position as it is written.
    pub fn written(&self, position: usize) -> &str {
        self.plain.get(self.bytes(position, position)).unwrap_or_default()
    }

    /// Whether the word at a position begins with a capital letter.
    pub fn is_capitalised(&self, position: usize) -> bool {
        self.written(position).chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether the word at a position is one sign of a script written without blanks.
    pub fn is_sign(&self, position: usize) -> bool {
        let is_sign = |letter: char| matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}');
        self.written(position).chars().next().is_some_and(is_sign)
    }

    /// What stands between a word and the one before it, or the text's begin or end.
    pub fn gap(&self, position: usize) -> &str {
        let end = self.tokens.get(position).map_or(self.plain.len(), |token| token.start as usize);
        self.plain.get(self.gap_start(position)..end).unwrap_or_default()
    }

    /// The sentences in order.
    pub fn sentences(&self) -> &[Sentence] {
        self.layout().all()
    }

    /// Which of [`Text::sentences`] holds the word at a position.
    pub fn sentence_of(&self, position: usize) -> Option<usize> {
        self.layout().index_of(position)
    }

    /// The paragraph of the word at a position: 0 for the first.
    pub fn paragraph_of(&self, position: usize) -> Option<usize> {
        self.sentences().get(self.sentence_of(position)?).map(|sentence| sentence.paragraph)
    }

    /// Whether the word at a position stands inside quotation marks.
    pub fn is_quoted(&self, position: usize) -> bool {
        self.layout().is_quoted(position)
    }

    /// Where the word before a position ends.
    fn gap_start(&self, position: usize) -> usize {
        let Some(before) = position.checked_sub(1) else { return 0 };
        self.tokens.get(before).map_or(self.plain.len(), |before| before.end as usize)
    }

    fn layout(&self) -> &Sentences {
        self.sentences.get_or_init(|| Sentences::of(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_again_in_the_normalised_text() {
        let text = Text::of("<p>“China’s&nbsp;leader”</p><p>spoke</p>");
        assert_eq!(text.plain(), "“China’s leader”\nspoke");
        assert_eq!(text.words().collect::<Vec<_>>(), [(0, "china"), (1, "leader"), (2, "spoke")]);
        assert_eq!((text.written(0), text.written(2)), ("China", "spoke"));
        assert_eq!(&text.plain()[text.bytes(0, 1)], "China’s leader");
        assert!(text.is_capitalised(0) && !text.is_capitalised(1));
    }

    #[test]
    fn a_word_beyond_the_end_is_no_word() {
        let text = Text::of("one");
        assert_eq!((text.word(1), text.written(1), text.bytes(0, 1)), (None, "", 0..0));
    }
}
