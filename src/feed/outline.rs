//! What a document is and how deeply it is nested, before a parser that recurses is let near it.

use quick_xml::encoding::DecodingReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::ParseError;

/// How deeply the elements of a feed may be nested. Real feeds stay below 30, XHTML content included; the parser overflows the
/// stack, which nobody can catch, at about a thousand.
const MAX_DEPTH: usize = 100;

/// Roots that `feed-rs` knows, without their prefixes.
const FEED_ROOTS: [&str; 4] = ["rss", "RDF", "feed", "entry"];

/// What the elements are called that hold one entry each, without their prefixes.
const ENTRIES: [&str; 2] = ["item", "entry"];

/// Whether a document may be handed to the parser, and how many entries it seems to hold. Of JSON nothing is asked: its parser
/// refuses deep nesting by itself, and loses no entry in silence.
///
/// # Errors
/// A document that is empty, no feed, or too deep.
pub(super) fn check(document: &[u8]) -> Result<usize, ParseError> {
    // a byte order mark or a two-byte encoding may stand before or inside the first character
    match document.iter().find(|byte| !matches!(byte, 0 | 0xfe | 0xff) && !byte.is_ascii_whitespace()) {
        None => Err(ParseError::Empty),
        Some(b'{') => Ok(0),
        Some(b'<') => check_xml(document),
        Some(_) => Err(ParseError::NeitherXmlNorJson),
    }
}

/// Reads every tag with the tokeniser that `feed-rs` uses, set up as `feed-rs` sets it up, so that the two cannot disagree on
/// what a tag is. At the first error it stops, as `feed-rs` will.
fn check_xml(document: &[u8]) -> Result<usize, ParseError> {
    let mut reader = Reader::from_reader(DecodingReader::new(document));
    reader.config_mut().trim_markup_names_in_closing_tags = true;
    let mut depth = 0_usize;
    let mut rooted = false;
    let mut entries = 0;
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Decl(declaration)) => {
                if let Some(encoding) = declaration.encoder() {
                    reader.get_mut().set_encoding(encoding);
                }
            }
            Ok(Event::DocType(name)) if is_html(&name) => return Err(ParseError::HtmlPage),
            Ok(Event::Start(tag)) => {
                check_root(&mut rooted, &tag)?;
                entries += usize::from(ENTRIES.contains(&tag.local_name().as_ref()));
                depth += 1;
            }
            Ok(Event::Empty(tag)) => check_root(&mut rooted, &tag)?,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) => return if rooted { Ok(entries) } else { Err(ParseError::NeitherXmlNorJson) },
            Ok(_) => {}
            Err(error) => return Err(ParseError::Malformed(format!("not well-formed XML: {error}"))),
        }
        if depth > MAX_DEPTH {
            return Err(ParseError::TooDeep(MAX_DEPTH));
        }
        buffer.clear();
    }
}

/// Looks at the first tag of the document, and at no other.
fn check_root(rooted: &mut bool, tag: &BytesStart<'_>) -> Result<(), ParseError> {
    if std::mem::replace(rooted, true) {
        return Ok(());
    }
    let name = tag.local_name();
    let name = name.as_ref();
    if FEED_ROOTS.contains(&name) {
        Ok(())
    } else if is_html(name) {
        Err(ParseError::HtmlPage)
    } else {
        Err(ParseError::OtherXml(name.to_owned()))
    }
}

fn is_html(name: &str) -> bool {
    name.trim_start().get(..4).is_some_and(|name| name.eq_ignore_ascii_case("html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(document: &str) -> Result<usize, ParseError> {
        check(document.as_bytes())
    }

    #[test]
    fn feeds_pass() {
        let rdf = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>";
        for document in ["<rss></rss>", "<?xml version='1.0'?><!-- x --><feed/>", rdf, "{\"version\":1}"] {
            assert_eq!(checked(document), Ok(0), "{document}");
        }
        let two_byte: Vec<u8> = "\u{feff}<?xml version='1.0'?><rss/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(check(&two_byte), Ok(0));
    }

    #[test]
    fn what_is_no_feed_is_called_by_its_name() {
        assert_eq!(checked(" \n "), Err(ParseError::Empty));
        for page in ["<!doctype html><title>Log in", "<!DOCTYPE HTML PUBLIC 'x'><p>", "<html><body/>", "\n<HTML lang='en'>"] {
            assert_eq!(checked(page), Err(ParseError::HtmlPage), "{page}");
        }
        assert_eq!(checked("<opml/>"), Err(ParseError::OtherXml("opml".into())));
        assert_eq!(checked("Not found"), Err(ParseError::NeitherXmlNorJson));
        assert_eq!(checked("<!-- nothing -->"), Err(ParseError::NeitherXmlNorJson));
    }

    fn nested(depth: usize) -> String {
        format!("<rss>{}{}</rss>", "<x>".repeat(depth - 1), "</x>".repeat(depth - 1))
    }

    #[test]
    fn depth_is_counted_in_elements_and_in_nothing_that_looks_like_one() {
        assert_eq!(checked(&nested(100)), Ok(0));
        assert_eq!(checked(&nested(101)), Err(ParseError::TooDeep(100)));
        let many = "<x>".repeat(200);
        let harmless =
            format!("<rss><!-- {many} --><![CDATA[{many}]]><?php {many} ?><x a=\"{many}\"/>{}</rss>", "<y></y><z/>".repeat(500));
        assert_eq!(checked(&harmless), Ok(0));
        let hidden = format!("<rss><![CDATA[ ]]>{many}<!-- </x> -->");
        assert_eq!(checked(&hidden), Err(ParseError::TooDeep(100)));
    }

    #[test]
    fn depth_is_counted_in_two_byte_encodings_too() {
        let deep: Vec<u8> = format!("\u{feff}{}", nested(5000)).encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(check(&deep), Err(ParseError::TooDeep(100)));
    }
}
