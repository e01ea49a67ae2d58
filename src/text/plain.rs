//! Plain text under construction: white space and what cannot be seen are settled here, for HTML and plain text alike.

use super::fold::is_invisible;

/// The longest normalised text, in bytes. Far above any article; it bounds the work a single item can cause.
pub const MAX_BYTES: usize = 1 << 20;

/// The most that one character can add: a gap and four bytes.
const MAX_STEP: usize = 5;

/// What stands between the last character and the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    Nothing,
    Space,
    Paragraph,
}

/// A text whose runs of blanks are one space, whose paragraphs are one line each, and which ends at [`MAX_BYTES`].
#[derive(Debug)]
pub struct Plain {
    text: String,
    gap: Gap,
    lines_are_paragraphs: bool,
}

impl Plain {
    /// Starts a text of about so many bytes. In HTML a line's end is only a blank; in plain text it ends a paragraph.
    pub fn new(capacity: usize, lines_are_paragraphs: bool) -> Self {
        Self { text: String::with_capacity(capacity), gap: Gap::Nothing, lines_are_paragraphs }
    }

    /// Adds characters.
    pub fn push_str(&mut self, mut text: &str) {
        while let Some(first) = text.chars().next() {
            let room = MAX_BYTES.saturating_sub(self.text.len() + MAX_STEP).min(text.len());
            let settled = settled(text.as_bytes().get(..room).unwrap_or_default());
            if settled > 0 {
                let (run, rest) = text.split_at_checked(settled).unwrap_or((text, ""));
                self.fill_gap();
                self.text.push_str(run);
                text = rest;
            } else {
                self.push(first);
                text = text.get(first.len_utf8()..).unwrap_or_default();
            }
        }
    }

    /// Adds one character.
    pub fn push(&mut self, character: char) {
        match character {
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' if self.lines_are_paragraphs => {
                self.end_paragraph();
            }
            _ if character.is_whitespace() => self.space(),
            _ if character.is_control() || is_invisible(character) => {}
            _ => self.push_visible(character),
        }
    }

    /// Separates two words.
    pub fn space(&mut self) {
        self.gap = self.gap.max(Gap::Space);
    }

    /// Separates two paragraphs.
    pub fn end_paragraph(&mut self) {
        self.gap = Gap::Paragraph;
    }

    /// The finished text.
    pub fn finish(self) -> String {
        self.text
    }

    fn push_visible(&mut self, character: char) {
        if self.text.len() + MAX_STEP > MAX_BYTES {
            return;
        }
        self.fill_gap();
        self.text.push(character);
    }

    fn fill_gap(&mut self) {
        match self.gap {
            _ if self.text.is_empty() => {}
            Gap::Nothing => {}
            Gap::Space => self.text.push(' '),
            Gap::Paragraph => self.text.push('\n'),
        }
        self.gap = Gap::Nothing;
    }
}

/// How many bytes of a text are as they should be: visible, with single spaces between. Most text is, and need not be looked at
/// character by character.
fn settled(text: &[u8]) -> usize {
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        at += match rest {
            [b'!'..=b'~', ..] => 1,
            // a space between visible ASCII
            [b' ', b'!'..=b'~', ..] if at > 0 => 2,
            // the signs of newsrooms, – — ‘ ’ “ ” …, and the letters of Western Europe
            [0xe2, 0x80, 0x93 | 0x94 | 0x98 | 0x99 | 0x9c | 0x9d | 0xa6, ..] => 3,
            [0xc3, _, ..] => 2,
            _ => return at,
        };
    }
}
