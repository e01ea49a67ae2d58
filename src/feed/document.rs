//! Elements and texts of any document in tags, for those who look for something else in it than entries.

use std::borrow::Cow;

use super::decode::decode;
use super::entities::Entities;
use super::markup::{Tag, Token, Tokens, local_name};

/// The characters of a document, however they came.
#[derive(Debug)]
pub struct Document<'a>(Cow<'a, str>);

/// A piece of a document.
#[derive(Debug)]
pub enum Piece<'a> {
    /// An element begins.
    Start(Element<'a>),
    /// An element of this name ends; names are in lower case and without their prefix.
    End(Cow<'a, str>),
    /// Characters between tags, references resolved.
    Text(Cow<'a, str>),
}

/// An element with its attributes.
#[derive(Debug, Clone, Copy)]
pub struct Element<'a>(Tag<'a>);

impl<'a> Document<'a> {
    /// Decodes a document that came with this `Content-Type`.
    pub fn of(bytes: &'a [u8], content_type: Option<&str>) -> Self {
        Self(decode(bytes, content_type).text)
    }

    /// Its pieces in order. Nothing is an error: what cannot be a tag is text, and entities it declares itself stay unknown.
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        let entities = Entities::new(false);
        Tokens::new(&self.0).filter_map(move |token| match token {
            Token::Start(tag) => Some(Piece::Start(Element(tag))),
            Token::End(name) => Some(Piece::End(local_name(name))),
            Token::Text(text) => Some(Piece::Text(entities.resolve(text))),
            Token::Verbatim(text) => Some(Piece::Text(text.into())),
            Token::Doctype(_) => None,
        })
    }
}

impl Element<'_> {
    /// Its name in lower case, without its prefix.
    pub fn name(&self) -> Cow<'_, str> {
        local_name(self.0.name)
    }

    /// Whether it closes itself.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty
    }

    /// The value of an attribute: references resolved, without blanks around it and control characters; nothing if it is empty.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let entities = Entities::new(false);
        let value = self.0.attribute(name)?;
        // in HTML the slash of `<a href=/feed/>` is the address's own
        let is_last_and_bare = self.0.is_empty && !value.is_empty() && self.0.rest.ends_with(value);
        let value = if is_last_and_bare { Cow::Owned(format!("{value}/")) } else { Cow::Borrowed(value) };
        let value = entities.resolve(&value);
        let value = entities.mended(&value);
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_taken_apart_whatever_it_is() {
        let document = Document::of(b"\xef\xbb\xbf<P:A b='1 &amp; &eacute;\x01' c=''>x &lt; y</a>", None);
        let mut pieces = document.pieces();
        let Some(Piece::Start(element)) = pieces.next() else { panic!() };
        assert_eq!((element.name().as_ref(), element.attribute("B").as_deref()), ("a", Some("1 & é")));
        assert_eq!((element.attribute("c"), element.attribute("d"), element.is_empty()), (None, None, false));
        assert!(matches!(pieces.next(), Some(Piece::Text(text)) if text == "x < y"));
        assert!(matches!(pieces.next(), Some(Piece::End(name)) if name == "a"));
    }

    #[test]
    fn a_slash_belongs_to_the_value_before_it_unless_quotes_or_blanks_part_them() {
        for (tag, value) in [("<a b=/c/>", "/c/"), ("<a b='/c'/>", "/c"), ("<a b=/c />", "/c"), ("<a b=/c/ d>", "/c/")] {
            let document = Document::of(tag.as_bytes(), None);
            let Some(Piece::Start(element)) = document.pieces().next() else { panic!() };
            assert_eq!(element.attribute("b").as_deref(), Some(value), "{tag}");
        }
    }
}
