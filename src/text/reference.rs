//! Character references: `&eacute;`, `&#233;`, `&#xe9;`.
//!
//! Names are taken only with their semicolon. HTML knows some without, but in news text those are a link's `&copy=1` more
//! often than a slip.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// The longest name in the table of the HTML standard (§13.5), semicolon included, in bytes.
const MAX_NAME: usize = 32;

/// The characters of a reference, and what follows it.
type Decoded<'a> = ([Option<char>; 2], &'a str);

/// Reads the reference whose `&` stood right before `text`.
pub fn decode(text: &str) -> Option<Decoded<'_>> {
    match text.strip_prefix('#') {
        Some(number) => decode_number(number),
        None => decode_name(text),
    }
}

/// Whether a text holds a character reference.
pub fn is_in(text: &str) -> bool {
    memchr::memchr_iter(b'&', text.as_bytes()).any(|at| text.get(at + 1..).is_some_and(|rest| decode(rest).is_some()))
}

fn decode_name(text: &str) -> Option<Decoded<'_>> {
    let end = text.bytes().take(MAX_NAME).position(|byte| !byte.is_ascii_alphanumeric())?;
    let (name, rest) = text.split_at_checked(end + 1)?;
    let &(first, second) = NAMED_ENTITIES.get(name).filter(|characters| characters.0 != 0)?;
    let second = char::from_u32(second).filter(|character| *character != '\0');
    Some(([char::from_u32(first), second], rest))
}

fn decode_number(text: &str) -> Option<Decoded<'_>> {
    let (radix, digits) = match text.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => (16, hexadecimal),
        None => (10, text),
    };
    let end = digits.find(|digit: char| !digit.is_digit(radix)).unwrap_or(digits.len());
    let (number, rest) = digits.split_at_checked(end).filter(|(number, _)| !number.is_empty())?;
    let code = u32::from_str_radix(number, radix).unwrap_or(u32::MAX);
    Some(([Some(character_of(code)), None], rest.strip_prefix(';').unwrap_or(rest)))
}

/// The character of a numeric reference; the numbers of the C1 controls mean Windows-1252 (HTML standard §13.2.5.80).
fn character_of(code: u32) -> char {
    let replaced = code.checked_sub(0x80).and_then(|index| C1_REPLACEMENTS.get(index as usize)).copied().flatten();
    replaced.or_else(|| char::from_u32(code)).unwrap_or(char::REPLACEMENT_CHARACTER)
}
