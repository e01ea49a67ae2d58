//! References in text: of XML, of HTML, and those that a document declares for itself.

use std::borrow::Cow;
use std::cell::Cell;

use encoding_rs::WINDOWS_1252;
use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// Declarations kept of one document.
const MAX_DECLARED: usize = 64;

/// Bytes that references to declared entities may add to one document.
const MAX_ADDED: usize = 1 << 20;

/// The longest name of a reference, in bytes.
const LONGEST_NAME: usize = 40;

/// The entities of a document.
#[derive(Debug, Default)]
pub(super) struct Entities<'a> {
    declared: Vec<(&'a str, Cow<'a, str>)>,
    added: Cell<usize>,
    /// Whether text that was encoded twice is to be looked for.
    is_utf8: bool,
}

impl<'a> Entities<'a> {
    /// Those of XML and HTML, for a document that was in UTF-8 or not.
    pub(super) fn new(is_utf8: bool) -> Self {
        Self { is_utf8, ..Self::default() }
    }

    /// Adds those that a document type declaration declares with a plain value. What refers to other entities or to files is left
    /// alone: there is no harmless use of it in a feed.
    pub(super) fn declare(&mut self, doctype: &'a str) {
        let declarations = doctype.split("<!ENTITY").skip(1).filter_map(declaration);
        self.declared.extend(declarations.take(MAX_DECLARED.saturating_sub(self.declared.len())));
    }

    /// A text with its references resolved. What is none, or unknown, stays as it is.
    pub(super) fn resolve<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Some(first) = text.find('&') else { return Cow::Borrowed(text) };
        let (before, mut rest) = text.split_at(first);
        let mut resolved = String::with_capacity(text.len());
        resolved.push_str(before);
        while let Some(after) = rest.strip_prefix('&') {
            let taken = self.reference(after, &mut resolved);
            if taken == 0 {
                resolved.push('&');
            }
            let after = after.get(taken..).unwrap_or_default();
            let (plain, next) = after.split_at(after.find('&').unwrap_or(after.len()));
            resolved.push_str(plain);
            rest = next;
        }
        Cow::Owned(resolved)
    }

    /// Resolves what stands behind an ampersand, and says how many bytes of it were used.
    fn reference(&self, after: &str, resolved: &mut String) -> usize {
        let name = after.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'#' | b'_' | b'.' | b'-')));
        let Some(name) = name.filter(|end| *end <= LONGEST_NAME).and_then(|end| after.get(..end)) else { return 0 };
        if !after.get(name.len()..).is_some_and(|rest| rest.starts_with(';')) {
            return 0;
        }
        if !self.push_entity(name, resolved) {
            return 0;
        }
        name.len() + 1
    }

    /// A text without control characters, in which those from 128 to 159 are what they are in Windows-1252, and which was not
    /// encoded twice.
    pub(super) fn mended<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let (has_controls, may_be_twice) = suspicions(text);
        if self.is_utf8
            && may_be_twice
            && let Some(text) = encoded_twice(text)
        {
            return Cow::Owned(text);
        }
        if !has_controls {
            return Cow::Borrowed(text);
        }
        let character = |character: char| match of_windows(character) {
            None if character.is_control() && !matches!(character, '\t' | '\n' | '\r') => None,
            other => Some(other.unwrap_or(character)),
        };
        Cow::Owned(text.chars().filter_map(character).collect())
    }

    fn push_entity(&self, name: &str, resolved: &mut String) -> bool {
        if let Some(number) = name.strip_prefix('#') {
            return character(number).map(|character| resolved.push(character)).is_some();
        }
        match name {
            "amp" => resolved.push('&'),
            "lt" => resolved.push('<'),
            "gt" => resolved.push('>'),
            "quot" => resolved.push('"'),
            "apos" => resolved.push('\''),
            _ => return self.push_declared(name, resolved) || push_html(name, resolved),
        }
        true
    }

    fn push_declared(&self, name: &str, resolved: &mut String) -> bool {
        let Some((_, value)) = self.declared.iter().find(|(declared, _)| *declared == name) else { return false };
        let added = self.added.get() + value.len();
        self.added.set(added);
        if added <= MAX_ADDED {
            resolved.push_str(value);
        }
        true
    }
}

/// The name and value of an entity declaration, if the value is plain.
fn declaration(declaration: &str) -> Option<(&str, Cow<'_, str>)> {
    let (name, rest) = declaration.trim_start().split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let value = rest.get(1..)?.split(quote).next()?;
    let value = Entities::default().resolve(value);
    (!value.contains(['&', '<'])).then_some((name, value))
}

fn push_html(name: &str, resolved: &mut String) -> bool {
    let mut key = [0; LONGEST_NAME + 1];
    let Some(place) = key.get_mut(..=name.len()) else { return false };
    let (letters, last) = place.split_at_mut(name.len());
    letters.copy_from_slice(name.as_bytes());
    last.copy_from_slice(b";");
    let Some((first, second)) = str::from_utf8(place).ok().and_then(|key| NAMED_ENTITIES.get(key)) else { return false };
    let characters = [*first, *second].into_iter().filter(|code| *code != 0).filter_map(char::from_u32);
    resolved.extend(characters);
    *first != 0
}

/// The character of a numeric reference; those between 128 and 159 are meant in Windows-1252 (HTML §13.2.5.80).
fn character(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(number) => u32::from_str_radix(number, 16).ok()?,
        None => number.parse().ok()?,
    };
    let known = char::from_u32(code)?;
    Some(of_windows(known).unwrap_or(known))
}

fn of_windows(character: char) -> Option<char> {
    let index = u32::from(character).checked_sub(0x80)?;
    C1_REPLACEMENTS.get(usize::try_from(index).ok()?).copied().flatten()
}

/// Whether there are control characters in a text, and whether there are letters that two bytes of UTF-8 would be taken for.
fn suspicions(text: &str) -> (bool, bool) {
    let bytes = text.as_bytes();
    let is_control = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') || byte == 0x7f;
    let (mut has_controls, mut may_be_twice) = (bytes.iter().fold(false, |found, byte| found | is_control(*byte)), false);
    for place in memchr::memchr2_iter(0xc2, 0xc3, bytes) {
        match bytes.get(place..place + 3) {
            Some([0xc3, 0x82..=0xb4, 0x80..=0xff]) => may_be_twice = true,
            Some([0xc2, ..0xa0, _]) => has_controls = true,
            Some(_) => {}
            None => has_controls = true,
        }
    }
    (has_controls, may_be_twice)
}

/// UTF-8 that was taken for Windows-1252 and encoded again, read as it was meant: a capital letter that only a quotation mark or the
/// like follows is none.
fn encoded_twice(text: &str) -> Option<String> {
    const ENDS_OF_WORDS: [char; 9] = ['…', '”', '’', '“', '‘', '»', '–', '—', '\u{a0}'];
    let mut pairs = text.chars().zip(text.chars().skip(1));
    pairs.find(|(lead, next)| matches!(lead, 'Â'..='ô') && !next.is_ascii() && !ENDS_OF_WORDS.contains(next))?;
    let (bytes, _, has_others) = WINDOWS_1252.encode(text);
    (!has_others).then(|| String::from_utf8(bytes.into_owned()).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_xml_and_html_are_resolved_once() {
        let entities = Entities::default();
        assert_eq!(entities.resolve("a&amp;amp; &lt;b&gt; &eacute;&nbsp;&#8364;&#x20ac;"), "a&amp; <b> é\u{a0}€€");
        assert_eq!(entities.resolve("&#147;q&#x94; &NotEqualTilde;"), "“q” \u{2242}\u{338}");
    }

    #[test]
    fn what_is_no_reference_stays() {
        let entities = Entities::default();
        for text in
            ["AT&T", "a & b", "?a=1&b=2", "&copy 2025", "&unknown;", "&;", "&#;", "&#xd800;", "&#99999999999;", "&", "&amp"]
        {
            assert_eq!(entities.resolve(text), text);
        }
    }

    fn declared(doctype: &str) -> Entities<'_> {
        let mut entities = Entities::new(true);
        entities.declare(doctype);
        entities
    }

    fn mended(text: &str) -> Cow<'_, str> {
        Entities::new(true).mended(text)
    }

    #[test]
    fn a_document_may_declare_plain_entities() {
        let doctype = "rss [<!ENTITY desk \"The Desk\"> <!ENTITY euro '&#8364;'> <!ENTITY loop '&desk;&desk;'>\
                       <!ENTITY file SYSTEM 'file:///etc/passwd'> <!ENTITY % p 'x'> <!ENTITY tag '<b>'>";
        let entities = declared(doctype);
        assert_eq!(entities.resolve("&desk; &euro; &loop; &file; &p; &tag;"), "The Desk € &loop; &file; &p; &tag;");
    }

    #[test]
    fn declared_entities_add_no_more_than_their_share() {
        let doctype = format!("a [<!ENTITY x \"{}\">", "y".repeat(10_000));
        let entities = declared(&doctype);
        assert!(entities.resolve(&"&x;".repeat(1_000)).len() <= MAX_ADDED);
    }

    #[test]
    fn control_characters_go_and_those_of_windows_are_what_was_meant() {
        assert_eq!(mended("a\u{b}b\u{1}\tc\u{7f}"), "ab\tc");
        assert_eq!(mended("\u{93}q\u{94} “é”"), "“q” “é”");
        assert!(matches!(mended("plain – text"), Cow::Borrowed(_)));
    }

    #[test]
    fn text_that_was_encoded_twice_is_read_as_it_was_meant() {
        assert_eq!(mended("Zo\u{c3}\u{ab}"), "Zoë");
        assert_eq!(mended("It\u{e2}€™s â€œover\u{e2}€\u{9d}"), "It’s “over”");
        for text in ["Zoë à Paris", "LIBERTÉ…", "AMANHÃ»", "MAÑANA”", "«À»", "Ñ", "ÍÑIGO Ñandú"] {
            assert_eq!(mended(text), text);
        }
        assert_eq!(Entities::new(false).mended("Zo\u{c3}\u{ab}"), "Zo\u{c3}\u{ab}");
    }
}
