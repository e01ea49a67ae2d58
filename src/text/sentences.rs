//! Where the words of a text stand: in which sentence and paragraph, and whether inside quotation marks.
//!
//! Only what lies between two words is looked at. A sentence ends at its mark of punctuation and at the end of a paragraph;
//! closing quotes and brackets belong to the sentence before. Where a full stop may as well mark an abbreviation, the next
//! word decides: only a capitalised word that is small elsewhere ("The", "He") begins a sentence there.

use super::Text;
use super::fold::is_apostrophe;

/// A sentence, by the positions of its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// The position of its first word.
    pub first_word: usize,
    /// The position of its last word.
    pub last_word: usize,
    /// Its paragraph: 0 for the first.
    pub paragraph: usize,
}

/// Words that go on after their full stop, whatever follows; folded.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "sen", "rep", "gov", "gen", "lt", "col", "sgt", "capt", "cmdr", "adm", "maj", "rev", "st",
    "jr", "sr", "sra", "srta", "dna", "ud", "uds", "mme", "mlle", "mm", "inc", "corp", "ltd", "vs", "bzw", "evtl", "vgl", "ca",
    "ул", "им", "тыс", "млн", "млрд", "руб", "долл", "гг", "проф", "ген",
];

/// Words that go on after their full stop if a number follows; folded.
const BEFORE_NUMBERS: &[&str] = &[
    "no", "nos", "nr", "num", "art", "abs", "sec", "vol", "fig", "pp", "ch", "cl", "jan", "feb", "mar", "apr", "jun", "jul",
    "aug", "sep", "sept", "oct", "nov", "dec", "dez", "okt", "ene", "abr", "ago", "dic", "janv", "fevr", "avr", "juil", "стр",
    "ст", "пп",
];

/// Words that are capitalised only where a sentence begins; folded.
pub(super) const STARTERS: &[&str] = &[
    "the", "a", "an", "he", "she", "it", "they", "we", "you", "i", "his", "her", "its", "their", "this", "that", "these",
    "those", "but", "and", "in", "on", "at", "for", "if", "when", "while", "as", "after", "before", "there", "such", "by",
    "both", "der", "die", "das", "er", "sie", "es", "ein", "eine", "im", "am", "le", "la", "les", "il", "elle", "ils", "un",
    "une", "el", "los", "las", "en", "в", "на", "он", "она", "они", "это", "по", "но", "а",
];

/// The longest number that a full stop may make an ordinal ("5. Juni"), in digits.
const ORDINAL_DIGITS: usize = 2;

/// The sentences of a text, and which of its words are quoted.
#[derive(Debug, Clone, Default)]
pub struct Sentences {
    sentences: Vec<Sentence>,
    quoted: Vec<bool>,
}

impl Sentences {
    /// Looks at what stands between the words.
    pub fn of(text: &Text) -> Self {
        let mut found = Self { sentences: Vec::with_capacity(text.len() / 16 + 1), quoted: vec![false; text.len()] };
        let mut quotes = Quotes::default();
        let (mut first_word, mut paragraph) = (0, 0);
        for position in 0..text.len() {
            let gap = text.gap(position);
            if matches!(gap, "" | " " | ", ") {
                continue;
            }
            quotes.read(text, position, &mut found.quoted);
            let lines = gap.bytes().filter(|byte| *byte == b'\n').count();
            if position > 0 && (lines > 0 || ends_sentence(text, position, gap)) {
                found.sentences.push(Sentence { first_word, last_word: position - 1, paragraph });
                first_word = position;
            }
            paragraph += lines;
        }
        quotes.read(text, text.len(), &mut found.quoted);
        quotes.end_paragraph(text.len(), &mut found.quoted);
        if let Some(last_word) = text.len().checked_sub(1) {
            found.sentences.push(Sentence { first_word, last_word, paragraph });
        }
        found
    }

    /// The sentences in order.
    pub fn all(&self) -> &[Sentence] {
        &self.sentences
    }

    /// The number of the sentence that holds a word.
    pub fn index_of(&self, position: usize) -> Option<usize> {
        let index = self.sentences.partition_point(|sentence| sentence.last_word < position);
        (index < self.sentences.len()).then_some(index)
    }

    /// Whether a word stands inside quotation marks. A quote that is never closed ends with its paragraph.
    pub fn is_quoted(&self, position: usize) -> bool {
        self.quoted.get(position).copied().unwrap_or(false)
    }
}

/// Whether the gap before a word ends a sentence; the ends of paragraphs left aside.
fn ends_sentence(text: &Text, position: usize, gap: &str) -> bool {
    if gap.contains(['。', '！', '？', '｡', ';', '；']) {
        return true;
    }
    let is_lowercase = text.written(position).chars().next().is_some_and(char::is_lowercase);
    if is_lowercase || !gap.contains(['.', '!', '?', '…']) {
        return false;
    }
    // A word with its full stop, and nothing but a blank after it: perhaps an abbreviation.
    let abbreviates = matches!(gap, "." | ". " | ".-") && is_abbreviation(text, position - 1);
    !abbreviates || text.word(position).is_some_and(|next| STARTERS.contains(&next))
}

fn is_abbreviation(text: &Text, position: usize) -> bool {
    let (word, written) = (text.word(position).unwrap_or_default(), text.written(position));
    let is_ordinal = word.len() <= ORDINAL_DIGITS && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_initial = || {
        let mut letters = written.chars();
        letters.next().is_some_and(|letter| letter.is_lowercase() || letter.is_uppercase()) && letters.next().is_none()
    };
    let numbers_follow = || text.word(position + 1).is_some_and(|next| next.starts_with(|first: char| first.is_ascii_digit()));
    is_ordinal
        || is_initial()
        || written.contains('.') && !word.contains('.')
        || TITLES.contains(&word)
        || BEFORE_NUMBERS.contains(&word) && numbers_follow()
}

/// The quotes open at a place. Single and double marks are followed apart, for either may hold the other.
#[derive(Debug, Default)]
struct Quotes {
    /// The first quoted word, and the marks that may close the quote.
    double: Option<(usize, &'static [char])>,
    /// The first quoted word. Only a quote that is closed counts: the mark may have been an apostrophe.
    single: Option<usize>,
}

impl Quotes {
    /// Reads the marks in the gap before a word.
    fn read(&mut self, text: &Text, position: usize, quoted: &mut [bool]) {
        let start = text.gap_start(position);
        for (at, mark) in text.gap(position).char_indices() {
            match mark {
                '\n' => self.end_paragraph(position, quoted),
                _ if is_apostrophe(mark) => self.read_single(text.plain(), start + at, mark, position, quoted),
                _ => self.read_double(mark, position, quoted),
            }
        }
    }

    fn read_double(&mut self, mark: char, position: usize, quoted: &mut [bool]) {
        match self.double {
            Some((first, closing)) if closing.contains(&mark) => {
                fill(quoted, first, position);
                self.double = None;
            }
            Some(_) => {}
            None => self.double = closing_of(mark).map(|closing| (position, closing)),
        }
    }

    /// Between two letters the mark is an apostrophe, and quotes nothing.
    fn read_single(&mut self, plain: &str, at: usize, mark: char, position: usize, quoted: &mut [bool]) {
        let is_letter = |side: Option<char>| side.is_some_and(char::is_alphanumeric);
        let before = is_letter(plain.get(..at).and_then(|text| text.chars().next_back()));
        let after = is_letter(plain.get(at + mark.len_utf8()..).and_then(|text| text.chars().next()));
        match self.single {
            Some(first) if !after && first < position => {
                fill(quoted, first, position);
                self.single = None;
            }
            None if after && !before => self.single = Some(position),
            _ => {}
        }
    }

    fn end_paragraph(&mut self, position: usize, quoted: &mut [bool]) {
        if let Some((first, _)) = self.double.take() {
            fill(quoted, first, position);
        }
        self.single = None;
    }
}

fn fill(quoted: &mut [bool], first: usize, end: usize) {
    if let Some(words) = quoted.get_mut(first..end) {
        words.fill(true);
    }
}

/// The marks that close what this one opens. German and French point their marks in opposite ways.
fn closing_of(mark: char) -> Option<&'static [char]> {
    Some(match mark {
        '"' | '＂' => &['"', '＂'],
        '“' => &['”'],
        '„' => &['“', '”'],
        '«' => &['»'],
        '»' => &['«'],
        '「' => &['」'],
        '『' => &['』'],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sentences(text: &str) -> Vec<String> {
        let text = Text::of(text);
        text.sentences().iter().map(|found| text.plain()[text.bytes(found.first_word, found.last_word)].to_owned()).collect()
    }

    fn quoted(text: &str) -> Vec<String> {
        let text = Text::of(text);
        (0..text.len()).filter(|position| text.is_quoted(*position)).map(|position| text.written(position).to_owned()).collect()
    }

    #[test]
    fn sentences_end_at_their_marks() {
        assert_eq!(sentences("They spoke. Did they? Yes! And… Well."), ["They spoke", "Did they", "Yes", "And", "Well"]);
        assert_eq!(sentences("两国元首通话。双方同意会晤！真的吗？"), ["两国元首通话", "双方同意会晤", "真的吗"]);
        assert_eq!(sentences("首相は5日、会談した。次回は未定だ。"), ["首相は5日、会談した", "次回は未定だ"]);
    }

    #[test]
    fn abbreviations_and_initials_end_no_sentence() {
        for one in [
            "The U.S. President and Mr. Smith met Sen. J. D. Brown on Jan. 17 at 9 a.m. Eastern time",
            "Das Treffen am 5. Juni, z.B. in Bonn, nach Abs. 2, beim 80. Geburtstag",
            "Mme. Durand et M. Petit",
            "El Sr. Pérez y la Sra. Gómez",
            "Встреча на ул. Мира в 2025 г. Состоялась",
            "It is No. 5 of Art. 7",
        ] {
            assert_eq!(sentences(one).len(), 1, "{one}");
        }
    }

    #[test]
    fn a_sentence_may_end_with_an_abbreviation() {
        assert_eq!(sentences("He left the U.S. The talks go on.").len(), 2);
        assert_eq!(sentences("They said no. Talks go on.").len(), 2);
        assert_eq!(sentences("It rose to 25. In May it fell.").len(), 2);
        assert_eq!(sentences("That was in 2019. Talks go on.").len(), 2);
    }

    #[test]
    fn numbers_and_addresses_hold_no_ends() {
        assert_eq!(sentences("It rose 3.5 percent to 1,000.25 on example.com at 10.30 today").len(), 1);
    }

    #[test]
    fn a_quote_and_who_said_it_are_one_sentence() {
        assert_eq!(sentences("“Is it true?” he asked. “Yes.” She left.").len(), 3);
    }

    #[test]
    fn paragraphs_end_sentences_and_are_counted() {
        let text = Text::of("Headline without a stop\nThe text. Goes on\nand on");
        let found: Vec<_> = text.sentences().iter().map(|found| (found.first_word, found.last_word, found.paragraph)).collect();
        assert_eq!(found, [(0, 3, 0), (4, 5, 1), (6, 7, 1), (8, 9, 2)]);
        assert_eq!((text.sentence_of(5), text.paragraph_of(5)), (Some(1), Some(1)));
        assert_eq!((text.sentence_of(9), text.paragraph_of(9)), (Some(3), Some(2)));
        assert_eq!((text.sentence_of(10), text.paragraph_of(10)), (None, None));
    }

    #[test]
    fn a_text_without_words_has_no_sentences() {
        assert_eq!((sentences(""), sentences("… !")), (Vec::new(), Vec::new()));
    }

    #[test]
    fn quotation_marks_of_all_kinds_quote() {
        for text in [
            "he said \"we talk\" now",
            "he said “we talk” now",
            "er sagt „we talk“ jetzt",
            "er sagt »we talk« jetzt",
            "il dit « we talk » ici",
            "he said 'we talk' now",
            "he said ‘we talk’ now",
            "he said “we ‘talk’” now",
        ] {
            assert_eq!(quoted(text), ["we", "talk"], "{text}");
        }
        assert_eq!(quoted("首相は「会う」と述べた"), ["会", "う"]);
    }

    #[test]
    fn apostrophes_quote_nothing() {
        for text in ["China's talks and the leaders' call", "l'accord d'hier", "it's the '90s, isn't it", "don’t rock ’n roll"]
        {
            assert_eq!(quoted(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn an_unclosed_quote_ends_with_its_paragraph() {
        assert_eq!(quoted("He said “we talk\nand left"), ["we", "talk"]);
        assert_eq!(quoted("He said \"we talk"), ["we", "talk"]);
    }

    proptest! {
        #[test]
        fn every_word_stands_in_one_sentence(written in "([A-Za-z0-9.!?,\"'“”«» \n-]|\\PC){0,60}") {
            let text = Text::of(&written);
            let words: Vec<_> = text.sentences().iter().flat_map(|found| found.first_word..=found.last_word).collect();
            prop_assert_eq!(words, (0..text.len()).collect::<Vec<_>>());
        }
    }
}
