//! The language of an article, as far as reading it depends on it.

use super::Text;

/// How many words of a text are looked at: enough to be sure, few enough to cost nothing.
const SAMPLE_WORDS: usize = 60;

/// A language whose expressions are understood, or any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// `en`
    English,
    /// `de`
    German,
    /// `fr`
    French,
    /// `es`
    Spanish,
    /// `ru`
    Russian,
    /// `zh`
    Chinese,
    /// `ja`
    Japanese,
    /// Any other, or too little text to tell.
    Other,
}

/// The languages that are told apart by their small words.
const LATIN: [Language; 5] = [Language::English, Language::German, Language::French, Language::Spanish, Language::Other];

impl Language {
    /// The language of a declaration such as `en-GB` (BCP 47).
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        match primary.as_str() {
            "en" => Self::English,
            "de" => Self::German,
            "fr" => Self::French,
            "es" => Self::Spanish,
            "ru" => Self::Russian,
            "zh" => Self::Chinese,
            "ja" => Self::Japanese,
            _ => Self::Other,
        }
    }

    /// The language of a text: the one that is declared, unless it is written in another script; else a guess by script and
    /// small words.
    ///
    /// Feeds often declare what their software was installed with, so letters are believed before declarations.
    pub fn of(text: &Text, declared: Option<&str>) -> Self {
        let declared = declared.map(Self::from_tag);
        let scripts = Scripts::of(text);
        match scripts.guess() {
            Some(Self::Chinese) if declared == Some(Self::Japanese) => Self::Japanese,
            Some(language) => language,
            None if scripts.latin == 0 => declared.unwrap_or(Self::Other),
            None => match declared {
                Some(Self::Russian | Self::Chinese | Self::Japanese) | None => by_small_words(text),
                Some(language) => language,
            },
        }
    }
}

/// How many of the words looked at are written in which script.
#[derive(Debug, Default)]
struct Scripts {
    latin: usize,
    cyrillic: usize,
    han: usize,
    kana: usize,
    other: usize,
    /// Words with letters that other languages have and Russian has not.
    not_russian: usize,
}

impl Scripts {
    fn of(text: &Text) -> Self {
        let mut scripts = Self::default();
        for (_, word) in text.words().take(SAMPLE_WORDS) {
            match word.chars().next() {
                Some('a'..='z' | '\u{df}'..='\u{24f}') => scripts.latin += 1,
                Some('\u{400}'..='\u{52f}') => {
                    scripts.cyrillic += 1;
                    scripts.not_russian += usize::from(word.contains(['і', 'є', 'ґ', 'ў', 'ј', 'љ', 'њ', 'ћ', 'ђ', 'џ', 'қ']));
                }
                Some('\u{3041}'..='\u{30ff}') => scripts.kana += 1,
                Some('\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}') => scripts.han += 1,
                Some(letter) if letter.is_alphabetic() => scripts.other += 1,
                _ => {}
            }
        }
        scripts
    }

    /// The language that the script settles; none where most words are Latin, or there are none.
    fn guess(&self) -> Option<Language> {
        let east_asian = self.han + self.kana;
        let most = self.latin.max(self.cyrillic).max(east_asian).max(self.other);
        // Chinese texts hold a stray kana at most; no Japanese sentence does without.
        let is_japanese = self.kana * 10 > east_asian;
        match most {
            0 => None,
            _ if most == self.latin => None,
            _ if most == east_asian => Some(if is_japanese { Language::Japanese } else { Language::Chinese }),
            _ if most == self.cyrillic && self.not_russian * 10 <= self.cyrillic => Some(Language::Russian),
            _ => Some(Language::Other),
        }
    }
}

fn by_small_words(text: &Text) -> Language {
    let mut hits = [0_usize; LATIN.len()];
    for (_, word) in text.words().take(SAMPLE_WORDS) {
        let language = small_word(word);
        for (hit, known) in hits.iter_mut().zip(LATIN) {
            *hit += usize::from(language == Some(known));
        }
    }
    let best = LATIN.into_iter().zip(hits).rev().max_by_key(|(_, hit)| *hit);
    best.filter(|(_, hit)| *hit > 0).map_or(Language::Other, |(language, _)| language)
}

/// Whether a folded word is among the commonest of a language.
pub fn is_small_word(word: &str) -> bool {
    small_word(word).is_some()
}

/// The language of a word that is frequent in one of them and rare in the rest; folded.
fn small_word(word: &str) -> Option<Language> {
    Some(match word {
        "the" | "and" | "of" | "to" | "with" | "for" | "on" | "by" | "that" | "said" | "says" | "from" | "has" | "was"
        | "will" | "at" | "his" => Language::English,
        "der" | "die" | "das" | "und" | "mit" | "von" | "den" | "dem" | "ist" | "nicht" | "im" | "zu" | "auf" | "fur" | "hat"
        | "eine" | "nach" | "uber" => Language::German,
        "le" | "les" | "et" | "des" | "du" | "est" | "une" | "dans" | "au" | "aux" | "avec" | "sur" | "pour" | "ont" | "l"
        | "d" | "ete" => Language::French,
        "el" | "los" | "las" | "y" | "una" | "con" | "por" | "del" | "su" | "fue" | "al" | "tras" | "este" => Language::Spanish,
        "il" | "di" | "che" | "della" | "per" | "gli" | "het" | "een" | "van" | "voor" | "nao" | "uma" | "os" | "da" | "em"
        | "och" | "att" | "og" | "ve" | "bir" | "nie" | "jest" => Language::Other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(text: &str) -> Language {
        Language::of(&Text::of(text), None)
    }

    #[test]
    fn a_language_is_told_by_its_letters_and_small_words() {
        let texts = [
            ("The two leaders spoke by phone on Thursday, the White House said", Language::English),
            ("Die beiden Präsidenten haben am Donnerstag telefoniert, wie der Kreml mitteilte", Language::German),
            ("Les deux présidents se sont entretenus jeudi au téléphone", Language::French),
            ("Los dos presidentes hablaron por teléfono el jueves", Language::Spanish),
            ("Президенты поговорили по телефону в четверг", Language::Russian),
            ("两国元首5日通电话", Language::Chinese),
            ("両首脳は5日、電話で会談した", Language::Japanese),
            ("Il presidente ha parlato con il collega della Francia", Language::Other),
            ("Президенти поговорили телефоном у четвер, їхні помічники підтвердили її зміст і дату", Language::Other),
            ("두 정상이 통화했다", Language::Other),
            ("", Language::Other),
        ];
        for (text, language) in texts {
            assert_eq!(guess(text), language, "{text}");
        }
    }

    #[test]
    fn a_declared_language_is_believed_unless_the_letters_are_others() {
        let of = |text: &str, declared| Language::of(&Text::of(text), Some(declared));
        assert_eq!(of("Zölle", "de-AT"), Language::German);
        assert_eq!(of("Tariffs", "pt-BR"), Language::Other);
        assert_eq!(of("Президенты поговорили по телефону", "en-US"), Language::Russian);
        assert_eq!(of("日米首脳会談", "ja"), Language::Japanese);
        assert_eq!(of("The leaders spoke", "ru"), Language::English);
        assert_eq!(of("2025", "fr"), Language::French);
    }
}
