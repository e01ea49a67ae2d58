//! The text of one element while it is being read: plain, with references, base64, or markup in itself.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::entities::Entities;
use super::markup::{Tag, local_name};
use super::vocabulary::{Field, Rank};

/// Base64 with or without what fills the last group.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true),
);

/// Elements of HTML that have no end tag.
const VOID: [&str; 13] = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// How the characters of an element become a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As they are once references are resolved, be it HTML or plain.
    Escaped,
    /// Child elements are markup, and characters are escaped to stand beside it.
    Markup,
    Base64,
}

/// A value under construction.
#[derive(Debug)]
pub(super) struct Capture {
    pub field: Field,
    pub rank: Rank,
    /// Whether the value is a link too, unless there is one.
    pub is_permalink: bool,
    /// Whether the element says that it holds markup.
    pub is_markup: bool,
    form: Form,
    text: String,
}

impl Capture {
    pub(super) fn new(field: Field, rank: Rank, tag: &Tag<'_>) -> Self {
        let is_permalink = field == Field::Guid && tag.attribute("isPermaLink").is_none_or(|given| given.trim() != "false");
        let form = form(field, tag);
        Self { field, rank, is_permalink, is_markup: form == Form::Markup, form, text: String::new() }
    }

    /// Adds characters in which references are to be resolved.
    pub(super) fn push_text(&mut self, text: &str, entities: &Entities<'_>) {
        self.push_verbatim(&entities.resolve(text));
    }

    /// Adds characters that stand for themselves.
    pub(super) fn push_verbatim(&mut self, text: &str) {
        match self.form {
            Form::Markup => text.chars().for_each(|character| match character {
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '&' => self.text.push_str("&amp;"),
                _ => self.text.push(character),
            }),
            _ => self.text.push_str(text),
        }
    }

    /// Adds the start tag of a child at a depth below the element. Where there is one, what follows is markup whatever the
    /// element says. The `div` around the whole is none of the value (RFC 4287 §3.1.1.3).
    pub(super) fn start(&mut self, tag: &Tag<'_>, depth: usize) {
        let name = local_name(tag.name);
        if !self.is_rich() || depth == 0 && name == "div" {
            return;
        }
        self.form = Form::Markup;
        let close = if tag.is_empty && VOID.contains(&name.as_ref()) { "/>" } else { ">" };
        self.text.extend(["<", &*name, tag.rest.trim_end(), close]);
    }

    /// Adds the end tag of a child at a depth below the element.
    pub(super) fn end(&mut self, name: &str, depth: usize) {
        let name = local_name(name);
        if !self.is_rich() {
            return;
        }
        if depth == 0 && name == "div" {
            self.text.push('\n');
        } else if !VOID.contains(&name.as_ref()) {
            self.text.extend(["</", &*name, ">"]);
        }
    }

    /// Whether children are part of the value; else they and their text concern nobody.
    pub(super) fn is_rich(&self) -> bool {
        matches!(self.field, Field::Title | Field::Summary | Field::Content)
    }

    /// The finished value, unless it is empty.
    pub(super) fn finish(self, entities: &Entities<'_>) -> Option<String> {
        let decoded = if self.form == Form::Base64 { decoded(&self.text) } else { None };
        let text = decoded.unwrap_or(self.text);
        let value = entities.mended(&text);
        let value = value.trim();
        match value.len() {
            0 => None,
            length if length == text.len() => Some(text),
            _ => Some(value.to_owned()),
        }
    }
}

/// By the attributes `type` and, of Atom 0.3, `mode`. A media type that is neither text nor XML is in base64 (RFC 4287 §4.1.3.3).
fn form(field: Field, tag: &Tag<'_>) -> Form {
    if !matches!(field, Field::Title | Field::Summary | Field::Content) {
        return Form::Escaped;
    }
    let (mode, kind) = (tag.attribute("mode").unwrap_or_default(), tag.attribute("type").unwrap_or_default());
    let kind = kind.trim().to_ascii_lowercase();
    match (mode, kind.as_str()) {
        ("base64", _) => Form::Base64,
        ("escaped", _) => Form::Escaped,
        (_, "xhtml") => Form::Markup,
        (_, kind) if kind.ends_with("+xml") || kind.ends_with("/xml") => Form::Markup,
        (_, kind) if kind.contains('/') && !kind.starts_with("text/") => Form::Base64,
        _ => Form::Escaped,
    }
}

fn decoded(text: &str) -> Option<String> {
    let letters: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    BASE64.decode(letters).ok().and_then(|bytes| String::from_utf8(bytes).ok())
}

#[cfg(test)]
mod tests {
    use super::super::markup::{Token, Tokens};
    use super::*;

    /// The value of the element that a document consists of.
    fn value(field: Field, document: &str) -> Option<String> {
        let mut tokens = Tokens::new(document);
        let Some(Token::Start(tag)) = tokens.next() else { panic!("{document}") };
        let (mut capture, mut depth) = (Capture::new(field, 0, &tag), 0);
        for token in tokens {
            match token {
                Token::Text(text) => capture.push_text(text, &Entities::default()),
                Token::Verbatim(text) => capture.push_verbatim(text),
                Token::Start(tag) => {
                    capture.start(&tag, depth);
                    depth += 1;
                }
                Token::End(name) if depth > 0 => {
                    depth -= 1;
                    capture.end(name, depth);
                }
                _ => break,
            }
        }
        capture.finish(&Entities::default())
    }

    #[track_caller]
    fn becomes(document: &str, expected: &str) {
        assert_eq!(value(Field::Content, document).as_deref(), Some(expected), "{document}");
    }

    #[test]
    fn escaped_text_is_unescaped_once() {
        becomes("<c type='html'> &lt;p&gt;a &amp;amp; b&lt;/p&gt;\n</c>", "<p>a &amp; b</p>");
        becomes("<c><![CDATA[<p>a & b]]> c</c>", "<p>a & b c");
        assert_eq!(value(Field::Content, "<c> \n</c>"), None);
    }

    #[test]
    fn markup_keeps_its_tags_and_escapes() {
        becomes("<c type='xhtml'><div xmlns='x'>a <b>&lt;i></b><![CDATA[&]]></div></c>", "a <b>&lt;i&gt;</b>&amp;");
        becomes("<c type='application/xhtml+xml'><h:p h:id=\"1\">a</h:p></c>", "<p h:id=\"1\">a</p>");
        becomes("<c>a<br></br>b <em>c</em></c>", "a<br>b <em>c</em>");
    }

    #[test]
    fn base64_is_decoded_where_it_is_some() {
        becomes("<c mode='base64' type='text/html'>PGI+\n aGk8L2I+</c>", "<b>hi</b>");
        becomes("<c type='application/octet-stream'>aGk</c>", "hi");
        becomes("<c type='nonsense/x'>Not base64.</c>", "Not base64.");
        becomes("<c type='nonsense'>aGk=</c>", "aGk=");
    }

    #[test]
    fn a_guid_is_a_link_unless_it_says_otherwise() {
        let permalink = |document| {
            let Some(Token::Start(tag)) = Tokens::new(document).next() else { panic!() };
            Capture::new(Field::Guid, 0, &tag).is_permalink
        };
        assert!(permalink("<guid>") && permalink("<guid isPermaLink='true'>") && !permalink("<guid ispermalink='false'>"));
    }
}
