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
            let visible = text.bytes().take_while(u8::is_ascii_graphic).count();
            if visible > 1 && self.text.len() + visible + MAX_STEP <= MAX_BYTES {
                let (run, rest) = text.split_at(visible);
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
