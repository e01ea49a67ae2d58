//! What stands between the bytes of the wire and a strict parser.

use std::borrow::Cow;
use std::ops::Range;

/// The versions of RSS that `feed-rs` takes.
const KNOWN_VERSIONS: [&[u8]; 4] = [b"2.0", b"0.92", b"0.91", b""];

/// How far into a document the root element is looked for, in bytes.
const PROLOGUE: usize = 4096;

/// A document that `feed-rs` can read where this one only needed a small mend: no mark or white space before the first tag, and
/// a version of RSS that exists. `_content_type` will say the encoding where the document does not.
pub(super) fn repair<'a>(bytes: &'a [u8], _content_type: Option<&str>) -> Cow<'a, [u8]> {
    const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
    let bytes = bytes.trim_ascii_start();
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes).trim_ascii_start();
    mend_version(bytes).map_or(Cow::Borrowed(bytes), Cow::Owned)
}

/// The document with a version that `feed-rs` takes, if its `rss` element names none or another. 0.93 and 0.94 only add to
/// 0.92, and whatever else is found calls itself 2 in some way.
fn mend_version(bytes: &[u8]) -> Option<Vec<u8>> {
    let start = find(bytes.get(..PROLOGUE).unwrap_or(bytes), b"<rss")? + b"<rss".len();
    let (before, rest) = bytes.split_at_checked(start)?;
    let (tag, after) = rest.split_at_checked(find(rest, b">")?)?;
    let Some(place) = version(tag) else { return Some([before, b" version=\"2.0\"", tag, after].concat()) };
    let (named, value, others) = (&tag[..place.start], &tag[place.clone()], &tag[place.end..]);
    let mended: &[u8] = if value.starts_with(b"0.9") { b"0.92" } else { b"2.0" };
    (!KNOWN_VERSIONS.contains(&value)).then(|| [before, named, mended, others, after].concat())
}

/// Where the value of the attribute `version` stands in a tag.
fn version(tag: &[u8]) -> Option<Range<usize>> {
    const NAME: &[u8] = b"version";
    let is_name = |at: &usize| tag[..*at].last().is_some_and(u8::is_ascii_whitespace) && tag[*at..].starts_with(NAME);
    let mut at = (0..tag.len()).find(is_name)? + NAME.len();
    let skip = |at: usize| at + tag[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    at = skip(at);
    at = skip(at + tag[at..].strip_prefix(b"=").map(|_| 1)?);
    let quote = tag.get(at).filter(|byte| matches!(byte, b'"' | b'\''))?;
    let length = tag[at + 1..].iter().position(|byte| byte == quote)?;
    Some(at + 1..at + 1 + length)
}

fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes.windows(pattern.len()).position(|window| window == pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(document: &str, repaired: &str) {
        assert_eq!(String::from_utf8_lossy(&repair(document.as_bytes(), None)), repaired);
    }

    #[test]
    fn nothing_stands_before_the_first_tag() {
        becomes("\n \u{feff}\n<?xml version='1.0'?><feed/>", "<?xml version='1.0'?><feed/>");
        becomes("\u{feff}{}", "{}");
    }

    #[test]
    fn versions_that_exist_stay() {
        for tag in ["<rss version='2.0'>", "<rss xmlns:a=\"b\" version = \"0.91\">", "<rss version=''/>", "<feed version='0.3'>"]
        {
            becomes(tag, tag);
        }
    }

    #[test]
    fn other_versions_become_the_nearest_that_exists() {
        becomes("<rss>", "<rss version=\"2.0\">");
        becomes("<rss\n/>", "<rss version=\"2.0\"\n/>");
        becomes("<rss version='0.94'>", "<rss version='0.92'>");
        becomes("<rss a='b' version=' 2.0 ' c='d'>", "<rss a='b' version='2.0' c='d'>");
        becomes(
            "<?xml version='1.0'?><rss x:version='1' version=\"2.01\">",
            "<?xml version='1.0'?><rss x:version='1' version=\"2.0\">",
        );
    }

    #[test]
    fn a_tag_that_is_cut_anywhere_is_left_to_the_parser() {
        let tag = "<rss version = '3'>";
        for end in 0..tag.len() {
            becomes(&tag[..end], &tag[..end]);
        }
    }
}
