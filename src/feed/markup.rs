//! Tags and texts of a document that need not be well-formed. Nothing is ever an error here: what cannot be a tag is text.

use std::borrow::Cow;

use memchr::{memchr, memmem};

/// Attributes looked at in one tag; the rest is passed over.
const MAX_ATTRIBUTES: usize = 128;

/// CDATA sections of one document that are taken for unclosed; looking far ahead for each of many would take too long.
const MAX_RUNAWAYS: usize = 100;

/// A piece of markup. Comments and processing instructions are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// Characters in which references are to be resolved.
    Text(&'a str),
    /// Characters that stand for themselves.
    Verbatim(&'a str),
    /// A start tag, or an element without content.
    Start(Tag<'a>),
    /// An end tag, by its name.
    End(&'a str),
    /// A document type declaration: what stands between `<!DOCTYPE` and `>`.
    Doctype(&'a str),
}

/// A start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    /// The name with its prefix.
    pub name: &'a str,
    /// All behind the name, as it stands.
    pub rest: &'a str,
    /// Whether it closes itself.
    pub is_empty: bool,
}

impl<'a> Tag<'a> {
    /// Names and raw values of its attributes, in order; a name without a value has an empty one.
    pub fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let mut rest = self.rest;
        std::iter::from_fn(move || next_attribute(&mut rest)).take(MAX_ATTRIBUTES)
    }

    /// The raw value of an attribute; of several the first.
    pub fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

fn next_attribute<'a>(rest: &mut &'a str) -> Option<(&'a str, &'a str)> {
    let start = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '='));
    let end = start.find(|c: char| c.is_whitespace() || matches!(c, '=' | '/')).unwrap_or(start.len());
    let (name, after) = start.split_at(end);
    if name.is_empty() {
        return None;
    }
    let Some(value) = after.trim_start().strip_prefix('=') else {
        *rest = after;
        return Some((name, ""));
    };
    let value = value.trim_start();
    let quoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.split_once(*quote));
    let (value, after) = quoted.unwrap_or_else(|| {
        let value = value.trim_start_matches(['"', '\'']);
        value.split_at(value.find(char::is_whitespace).unwrap_or(value.len()))
    });
    *rest = after;
    Some((name, value))
}

/// The tokens of a document.
pub struct Tokens<'a> {
    rest: &'a str,
    /// Marks that are known not to come any more, so that none is looked for twice.
    absent: Vec<&'static str>,
    runaways: usize,
}

impl<'a> Tokens<'a> {
    /// Those of a whole document.
    pub fn new(document: &'a str) -> Self {
        Self { rest: document, absent: Vec::new(), runaways: 0 }
    }

    /// Passes over the content of an element whose start tag has just been read, whatever it looks like, and over its end tag;
    /// over everything if it has none.
    pub fn skip_element(&mut self, name: &str) {
        let ends = memmem::find_iter(self.rest.as_bytes(), b"</").filter_map(|at| self.rest.get(at + 2..));
        let is_same = |end: &&str| end.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
        self.rest = ends.into_iter().find(is_same).and_then(|end| end.split_once('>')).map_or("", |(_, rest)| rest);
    }

    /// What comes before a mark, and what behind it.
    fn split_at(&mut self, mark: &'static str) -> Option<(&'a str, &'a str)> {
        if self.absent.contains(&mark) {
            return None;
        }
        let Some(place) = memmem::find(self.rest.as_bytes(), mark.as_bytes()) else {
            self.absent.push(mark);
            return None;
        };
        Some((self.rest.get(..place)?, self.rest.get(place + mark.len()..)?))
    }

    /// Takes what comes before a mark; without the mark, what comes before `>`, or everything.
    fn take_until(&mut self, mark: &'static str) -> &'a str {
        let (taken, rest) = self.split_at(mark).or_else(|| self.split_at(">")).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Text up to the next tag. What begins like one and is none belongs to it.
    fn text(&mut self) -> Token<'a> {
        let skipped = self.rest.chars().next().map_or(0, char::len_utf8);
        let next = self.rest.as_bytes().get(skipped..).and_then(|rest| memchr(b'<', rest));
        let end = next.map_or(self.rest.len(), |end| end + skipped);
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        Token::Text(text)
    }

    /// A declaration: nothing for a comment.
    fn declaration(&mut self, after: &'a str) -> Option<Token<'a>> {
        if let Some(rest) = after.strip_prefix("--") {
            self.rest = rest;
            self.take_until("-->");
            return None;
        }
        if let Some(rest) = after.strip_prefix("[CDATA[") {
            self.rest = rest;
            return Some(self.verbatim());
        }
        self.rest = after;
        let (head, _) = self.split_at(">").unwrap_or((after, ""));
        let declaration = self.take_until(if head.contains('[') { "]>" } else { ">" });
        let name = declaration.get(..7).unwrap_or_default();
        name.eq_ignore_ascii_case("doctype").then(|| Token::Doctype(declaration.get(7..).unwrap_or_default()))
    }

    /// A CDATA section. One that is never closed, or only by a later one's end, is none: what follows is read as markup.
    fn verbatim(&mut self) -> Token<'a> {
        let Some((text, rest)) = self.split_at("]]>") else { return Token::Verbatim("") };
        let has = |mark: &str| memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
        if self.runaways < MAX_RUNAWAYS && has("<![CDATA[") && (has("</item>") || has("</entry>")) {
            self.runaways += 1;
            return Token::Verbatim("");
        }
        self.rest = rest;
        Token::Verbatim(text)
    }

    /// A start tag; nothing if it is none.
    fn start(&mut self, after: &'a str) -> Option<Token<'a>> {
        if !after.starts_with(|first: char| first.is_alphabetic() || matches!(first, '_' | ':')) {
            return None;
        }
        let Some(end) = end_of_tag(after) else { return self.start_of_entry(after) };
        let (inside, rest) = after.split_at(end);
        self.rest = rest.get(1..).unwrap_or_default();
        let is_empty = inside.ends_with('/');
        let inside = inside.strip_suffix('/').unwrap_or(inside);
        let name = inside.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or(inside);
        Some(Token::Start(Tag { name, rest: inside.get(name.len()..).unwrap_or_default(), is_empty }))
    }

    /// The start tag of an entry that another tag interrupts: its attributes are lost, the entry is not.
    fn start_of_entry(&mut self, after: &'a str) -> Option<Token<'a>> {
        let name = after.get(..after.find(|c: char| c.is_whitespace() || c == '<')?)?;
        let is_entry = matches!(local_name(name).as_ref(), "item" | "entry");
        (is_entry && after.contains('<')).then(|| {
            self.rest = after.get(name.len()..).unwrap_or_default();
            Token::Start(Tag { name, rest: "", is_empty: false })
        })
    }

    /// An end tag, which ends at the next tag if nothing else ends it; nothing if it is none.
    fn end(&mut self, after: &'a str) -> Option<Token<'a>> {
        let end = after.find(['>', '<']).unwrap_or(after.len());
        let (name, rest) = after.split_at(end);
        let name = name.split_whitespace().next()?;
        self.rest = rest.strip_prefix('>').unwrap_or(rest);
        Some(Token::End(name))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while let Some(after) = self.rest.strip_prefix('<') {
            let token = match after.as_bytes().first() {
                Some(b'?') => {
                    self.rest = after;
                    self.take_until("?>");
                    continue;
                }
                Some(b'!') => match self.declaration(after.get(1..).unwrap_or_default()) {
                    None => continue,
                    declaration => declaration,
                },
                Some(b'/') => self.end(after.get(1..).unwrap_or_default()),
                _ => self.start(after),
            };
            return token.or_else(|| Some(self.text()));
        }
        (!self.rest.is_empty()).then(|| self.text())
    }
}

/// Where a tag's `>` stands; nothing if another tag begins before it. Quotes hide both, unless they hide too much: a quote that
/// is never closed, or whose partner opens the value of another tag, is none.
fn end_of_tag(tag: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let found = at + tag.as_bytes().get(at..)?.iter().position(|byte| matches!(byte, b'>' | b'<' | b'"' | b'\''))?;
        let rest = tag.get(found + 1..)?;
        match tag.as_bytes().get(found)? {
            b'>' => return Some(found),
            b'<' => return None,
            quote if tag.get(..found)?.trim_end().ends_with('=') => {
                let length = rest.find(char::from(*quote));
                let value = length.and_then(|length| rest.get(..length));
                let closes = |value: &&str| !(value.contains('<') && value.trim_end().ends_with('='));
                at = found + 1 + value.filter(closes).map_or(0, |value| value.len() + 1);
            }
            _ => at = found + 1,
        }
    }
}

/// The part of a name behind its prefix, in lower case.
pub fn local_name(name: &str) -> Cow<'_, str> {
    let local = name.rsplit(':').next().unwrap_or(name);
    if local.bytes().any(|byte| byte.is_ascii_uppercase()) { local.to_ascii_lowercase().into() } else { local.into() }
}

#[cfg(test)]
mod tests {
    use super::Token::{Doctype, End, Start, Text, Verbatim};
    use super::*;

    fn tokens(document: &str) -> Vec<Token<'_>> {
        Tokens::new(document).collect()
    }

    fn tag<'a>(name: &'a str, rest: &'a str) -> Token<'a> {
        Start(Tag { name, rest, is_empty: false })
    }

    #[test]
    fn well_formed_markup_is_taken_apart() {
        assert_eq!(
            tokens("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b \"c>\">]><a><!-- <x> -->1<b c='>'/><![CDATA[<&>]]></a >"),
            [
                Doctype(" a [<!ENTITY b \"c>\">"),
                tag("a", ""),
                Text("1"),
                Start(Tag { name: "b", rest: " c='>'", is_empty: true }),
                Verbatim("<&>"),
                End("a"),
            ]
        );
    }

    #[test]
    fn what_cannot_be_a_tag_is_text() {
        assert_eq!(tokens("<a>1 < 2 <3 <b</a>"), [tag("a", ""), Text("1 "), Text("< 2 "), Text("<3 "), Text("<b"), End("a")]);
        assert_eq!(tokens("</ ><"), [Text("</ >"), Text("<")]);
    }

    #[test]
    fn an_element_is_passed_over_with_whatever_it_holds() {
        let mut tokens = Tokens::new("<script>if (a<b) '<p>' </b></SCRIPT >x<style>y");
        assert_eq!(tokens.next(), Some(tag("script", "")));
        tokens.skip_element("script");
        assert_eq!(tokens.next(), Some(Text("x")));
        tokens.next();
        tokens.skip_element("style");
        assert_eq!(tokens.next(), None);
    }

    #[test]
    fn what_is_cut_off_is_read_as_far_as_it_goes() {
        assert_eq!(tokens("<a><![CDATA[b </a>"), [tag("a", ""), Verbatim(""), Text("b "), End("a")]);
        let runaway = "<![CDATA[a</item><![CDATA[b]]>";
        assert_eq!(tokens(runaway), [Verbatim(""), Text("a"), End("item"), Verbatim("b")]);
        assert_eq!(tokens("<![CDATA[a<![CDATA[b]]>"), [Verbatim("a<![CDATA[b")]);
        assert_eq!(tokens("<a><!-- b > c"), [tag("a", ""), Text(" c")]);
        assert_eq!(tokens("<a><b c='d"), [tag("a", ""), Text("<b c='d")]);
        assert_eq!(tokens("<a></b<c>"), [tag("a", ""), End("b"), tag("c", "")]);
    }

    #[test]
    fn a_quote_too_many_spoils_one_tag_only() {
        let document = "<a b=\"1 c='2'><d>x</d><e f=\"3\">";
        assert_eq!(tokens(document), [tag("a", " b=\"1 c='2'"), tag("d", ""), Text("x"), End("d"), tag("e", " f=\"3\"")]);
        assert_eq!(tokens("<a b='<c>'>"), [tag("a", " b='<c>'")]);
    }

    #[test]
    fn an_entry_begins_even_where_its_tag_is_interrupted() {
        assert_eq!(tokens("<item a<br>"), [tag("item", ""), Text(" a"), tag("br", "")]);
        assert_eq!(tokens("<entry<br>"), [tag("entry", ""), tag("br", "")]);
        assert_eq!(tokens("<item a='b"), [Text("<item a='b")]);
    }

    #[test]
    fn attributes_are_read_in_every_quotation() {
        let Some(Start(tag)) = Tokens::new("<a b='1' C = \"2\" d=3 e f='' g=\"4\"h='5' b='6' />").next() else { panic!() };
        let all: Vec<_> = tag.attributes().collect();
        assert_eq!(all, [("b", "1"), ("C", "2"), ("d", "3"), ("e", ""), ("f", ""), ("g", "4"), ("h", "5"), ("b", "6")]);
        assert_eq!((tag.attribute("c"), tag.attribute("b"), tag.attribute("z")), (Some("2"), Some("1"), None));
    }
}
