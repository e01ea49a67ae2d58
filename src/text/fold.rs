//! Folding: the form in which two words are the same word.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Adds the folded form of a word to `out`: no case, no accents, no widths, no ligatures, one kind of apostrophe.
///
/// Only the marks U+0300 to U+036F are accents. Others carry meaning: kana voicing, Indic vowels, Arabic vowels.
pub fn fold_into(word: &str, out: &mut String) {
    if word.is_ascii() {
        out.extend(word.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
        return;
    }
    // a mark with nothing before it, left where a blank decomposed away, would not be read as part of the word again
    let bare = word.nfkd().filter(|character| !is_dropped(*character)).skip_while(|character| is_combining_mark(*character));
    let folded = bare.flat_map(char::to_lowercase).flat_map(plain_letters).filter(|character| !is_dropped(*character));
    out.extend(folded.nfc());
}

/// A word without its accents and widths, its capitals kept.
pub fn bare(word: &str) -> String {
    word.nfkd().filter(|character| !is_dropped(*character)).nfc().collect()
}

/// Whether a character leaves no trace on paper: soft hyphens, joiners, direction marks, variation selectors.
pub fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Whether a character serves as an apostrophe.
pub fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' | '\u{2032}' | '\u{ff07}')
}

/// Some letters decompose into a blank and a mark; no word has blanks.
fn is_dropped(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}') || is_invisible(character) || character.is_whitespace()
}

/// The letters that Unicode does not decompose, but readers do.
fn plain_letters(letter: char) -> impl Iterator<Item = char> {
    let (first, second) = match letter {
        'ø' => ('o', None),
        'ł' => ('l', None),
        'đ' => ('d', None),
        'ı' => ('i', None),
        'ς' => ('σ', None),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'ß' => ('s', Some('s')),
        other if is_apostrophe(other) => ('\'', None),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fold(word: &str) -> String {
        let mut folded = String::new();
        fold_into(word, &mut folded);
        folded
    }

    #[test]
    fn case_accents_widths_and_ligatures_do_not_count() {
        let same = [
            ("XI", "xi"),
            ("Élysée", "elysee"),
            ("E\u{301}lyse\u{301}e", "elysee"),
            ("Łódź", "lodz"),
            ("Søren", "soren"),
            ("Đorđević", "dordevic"),
            ("Æsop", "aesop"),
            ("cœur", "coeur"),
            ("Straße", "strasse"),
            ("STRAẞE", "strasse"),
            ("İstanbul", "istanbul"),
            ("Işık", "isik"),
            ("Ｔａｒｉｆｆ", "tariff"),
            ("ﬁne", "fine"),
            ("ΟΔΟΣ", "οδοσ"),
            ("Алёна", "алена"),
            ("don’t", "don't"),
        ];
        for (written, folded) in same {
            assert_eq!(fold(written), folded);
        }
    }

    #[test]
    fn marks_that_carry_meaning_stay() {
        assert_eq!(fold("ガ"), "ガ");
        assert_eq!(fold("ｶﾞ"), "ガ");
        assert_ne!(fold("ガ"), fold("カ"));
        assert_eq!(fold("हिन्दी"), "हिन्दी");
        assert_eq!(fold("한국"), "한국");
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(word in "\\PC{0,12}") {
            prop_assert_eq!(fold(&fold(&word)), fold(&word));
        }
    }
}
