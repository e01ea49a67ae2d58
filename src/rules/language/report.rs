//! Where in the file a fault of an expression stands.

use std::ops::Range;

use crate::config::diagnostic::Diagnostic;
use crate::config::{Diagnostics, Located, Spot};

/// Takes findings that know their bytes in one expression, and files them under bytes of the source.
#[derive(Debug)]
pub struct Report<'a> {
    diagnostics: &'a mut Diagnostics,
    whole: &'a Spot,
    /// The source's byte at which the expression's text begins; `None` where escapes make the two differ.
    text_begins: Option<usize>,
    has_failed: bool,
}

impl<'a> Report<'a> {
    /// A report on one expression.
    pub fn on(expression: &'a Located<String>, diagnostics: &'a mut Diagnostics) -> Self {
        let before = bytes_before(diagnostics.text(&expression.spot), &expression.value);
        let text_begins = before.map(|before| expression.spot.span.start + before);
        Self { diagnostics, whole: &expression.spot, text_begins, has_failed: false }
    }

    /// Adds an error at bytes of the expression.
    pub fn error(&mut self, span: Range<usize>, message: impl Into<String>) -> &mut Diagnostic {
        let spot = self.spot(span);
        self.has_failed = true;
        self.diagnostics.error(&spot, message)
    }

    /// Adds a warning at bytes of the expression.
    pub fn warning(&mut self, span: Range<usize>, message: impl Into<String>) -> &mut Diagnostic {
        let spot = self.spot(span);
        self.diagnostics.warning(&spot, message)
    }

    /// Whether the expression has had no error so far.
    pub fn is_clean(&self) -> bool {
        !self.has_failed
    }

    fn spot(&self, span: Range<usize>) -> Spot {
        match self.text_begins {
            Some(begins) => Spot { source: self.whole.source, span: begins + span.start..begins + span.end },
            None => self.whole.clone(),
        }
    }
}

/// How many bytes of a TOML string literal stand before its text, if the text stands there as it is.
fn bytes_before(literal: &str, text: &str) -> Option<usize> {
    let delimiter = ["'''", "\"\"\"", "'", "\""].into_iter().find(|delimiter| literal.starts_with(delimiter))?;
    let inside = literal.strip_prefix(delimiter)?.strip_suffix(delimiter)?;
    // TOML drops a newline right after three quotes.
    let newline =
        if delimiter.len() == 3 { ["\r\n", "\n"].into_iter().find(|newline| inside.starts_with(newline)) } else { None };
    let dropped = newline.map_or(0, str::len);
    (inside.get(dropped..)? == text).then_some(delimiter.len() + dropped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_begins_after_the_quotes_and_the_newline_that_toml_drops() {
        assert_eq!(bytes_before("'a AND b'", "a AND b"), Some(1));
        assert_eq!(bytes_before("\"a AND b\"", "a AND b"), Some(1));
        assert_eq!(bytes_before("'''\na AND b\n'''", "a AND b\n"), Some(4));
        assert_eq!(bytes_before("\"\"\"\r\na\"\"\"", "a"), Some(5));
        assert_eq!(bytes_before("'''a'''", "a"), Some(3));
    }

    #[test]
    fn an_escape_leaves_no_place_to_point_at() {
        assert_eq!(bytes_before(r#""\"a b\" AND c""#, r#""a b" AND c"#), None);
        assert_eq!(bytes_before("", "a"), None);
    }
}
