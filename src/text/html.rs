//! Text that may be HTML, to plain text.
//!
//! A reader of its own rather than html5ever's: that one keeps a tag's attributes and compares each with all before it, so
//! that a single tag of 400 kB costs seconds. This one wants no attributes and builds no tree; it reads each byte a bounded
//! number of times, and nesting costs nothing. The table of named characters is html5ever's.

use memchr::{memchr, memrchr};

use super::plain::{MAX_BYTES, Plain};
use super::reference;

/// Elements whose content is not the article's text.
const DROPPED: [&str; 6] = ["script", "style", "noscript", "template", "svg", "iframe"];

/// Elements that begin and end a paragraph.
const BLOCKS: [&str; 44] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "thead",
    "title",
    "tfoot",
    "tr",
    "ul",
];

/// Elements that only keep words apart.
const CELLS: [&str; 3] = ["td", "th", "option"];

/// Reads a plain or HTML text: markup gone, references decoded, blanks and paragraphs normalised, length bounded.
///
/// Feeds often escape HTML twice. If what comes out still looks like HTML it is read once more, and never a third time.
/// Lines are paragraphs unless there are tags to say what a paragraph is.
pub fn to_plain(input: &str) -> String {
    let tagged = holds_tag(input);
    let once = read(input, tagged, !tagged);
    let still_tagged = holds_tag(&once);
    if still_tagged || reference::is_in(&once) { read(&once, still_tagged, tagged || !still_tagged) } else { once }
}

/// Whether something like a tag, a comment or a declaration begins and ends. `a < b` and `<3` do not.
fn holds_tag(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(_), Some(last_end)) = (memchr(b'<', bytes), memrchr(b'>', bytes)) else { return false };
    let before_last_end = text.get(..last_end).unwrap_or_default();
    before_last_end
        .split('<')
        .skip(1)
        .any(|after| after.starts_with(|next: char| next.is_ascii_alphabetic() || "/!?".contains(next)))
}

fn read(input: &str, tagged: bool, lines_are_paragraphs: bool) -> String {
    let mut plain = Plain::new(input.len().min(MAX_BYTES), lines_are_paragraphs);
    let mut rest = input;
    while tagged && let Some((text, markup)) = rest.split_once('<') {
        read_text(text, &mut plain);
        rest = read_markup(markup, &mut plain);
    }
    read_text(rest, &mut plain);
    plain.finish()
}

fn read_text(mut text: &str, plain: &mut Plain) {
    while let Some((before, after)) = memchr(b'&', text.as_bytes()).and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?))) {
        plain.push_str(before);
        text = match reference::decode(after) {
            Some((characters, rest)) => {
                characters.into_iter().flatten().for_each(|character| plain.push(character));
                rest
            }
            None => {
                plain.push('&');
                after
            }
        };
    }
    plain.push_str(text);
}

/// Reads what begins with the `<` right before `markup`, and returns what follows it.
fn read_markup<'a>(markup: &'a str, plain: &mut Plain) -> &'a str {
    if let Some(comment) = markup.strip_prefix("!--") {
        return after(comment, "-->");
    }
    // Some feeds wrap their HTML in a second CDATA section: only the marks go.
    if let Some(content) = markup.strip_prefix("![CDATA[") {
        return content;
    }
    if markup.starts_with(['!', '?']) {
        return after(markup, ">");
    }
    let opens = !markup.starts_with('/');
    let tag = markup.strip_prefix('/').unwrap_or(markup);
    if tag.starts_with(|first: char| first.is_ascii_alphabetic()) {
        read_tag(tag, opens, plain)
    } else {
        plain.push('<');
        markup
    }
}

fn read_tag<'a>(tag: &'a str, opens: bool, plain: &mut Plain) -> &'a str {
    let name_ends = tag.find(|next: char| next.is_ascii_whitespace() || next == '/' || next == '>').unwrap_or(tag.len());
    let (name, attributes) = tag.split_at(name_ends);
    if is_one_of(name, &BLOCKS) {
        plain.end_paragraph();
    } else if is_one_of(name, &CELLS) {
        plain.space();
    }
    // A tag that never ends is where the feed has cut its text.
    let Some(end) = end_of_tag(attributes) else { return "" };
    let (inside, rest) = attributes.split_at(end);
    let rest = rest.strip_prefix('>').unwrap_or(rest);
    let is_closed = inside.ends_with('/');
    if opens && !is_closed && is_one_of(name, &DROPPED) { after_element(rest, name) } else { rest }
}

/// Where the `>` stands that is not part of a quoted value.
fn end_of_tag(attributes: &str) -> Option<usize> {
    let mut quote = None;
    let mut value_begins = false;
    for (at, byte) in attributes.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') if value_begins => quote = Some(byte),
            _ => {}
        }
        value_begins = byte == b'=' || (value_begins && byte.is_ascii_whitespace());
    }
    // A quote that is never closed must not swallow the article.
    attributes.find('>')
}

/// What follows the end tag of an element; nothing if it has none, as in browsers.
fn after_element<'a>(content: &'a str, name: &str) -> &'a str {
    let closing = content.match_indices("</").filter_map(|(at, mark)| content.get(at + mark.len()..));
    let is_same = |tag: &&str| tag.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
    closing.into_iter().find(is_same).map_or("", |tag| after(tag, ">"))
}

fn after<'a>(text: &'a str, mark: &str) -> &'a str {
    text.split_once(mark).map_or("", |(_, rest)| rest)
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_text_keeps_its_paragraphs_and_loses_its_blanks() {
        assert_eq!(to_plain("  One\u{a0} two\t\r\n\r\n three\u{200b}\u{7}  "), "One two\nthree");
    }

    #[test]
    fn signs_that_are_no_markup_stay() {
        for text in ["a < b & c > d", "I <3 you", "AT&T", "x <y", "https://a.example/?a=1&copy=2", "P&L; R&D"] {
            assert_eq!(to_plain(text), text);
        }
    }

    #[test]
    fn paragraphs_come_from_block_elements_not_from_lines() {
        let html = "<div>One\ntwo<br/>three<p>four</p>\n<ul><li>five<LI>six</ul> <b>se</b>ven</div>";
        assert_eq!(to_plain(html), "One two\nthree\nfour\nfive\nsix\nseven");
    }

    #[test]
    fn table_cells_keep_their_words_apart() {
        assert_eq!(to_plain("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"), "a b\nc");
    }

    #[test]
    fn references_are_decoded() {
        assert_eq!(
            to_plain("Caf&eacute; &#8217;&#x2019;&#146; &amp; &nbsp; &lt;3 &bogus; &#0; &#x110000;"),
            "Café ’’’ & <3 &bogus; \u{fffd}"
        );
    }

    #[test]
    fn lines_stay_paragraphs_where_references_are_the_only_markup() {
        assert_eq!(to_plain("Tom &amp; Jerry\nmeet"), "Tom & Jerry\nmeet");
    }

    #[test]
    fn scripts_styles_and_drawings_are_not_text() {
        let html = "a<script>if (x<b && c>d) '</p>'</SCRIPT >b<style>p>a{}</style><svg><title>t</title></svg>c<noscript>n</noscript>\
                    <template>t</template><script src=x />d<!-- <p>e --> f<!DOCTYPE html><?xml?>g";
        assert_eq!(to_plain(html), "abcd fg");
    }

    #[test]
    fn html_escaped_twice_is_read_twice() {
        assert_eq!(to_plain("&lt;p&gt;One\n&amp;amp; two&lt;/p&gt;&lt;p&gt;three&lt;/p&gt;"), "One & two\nthree");
        assert_eq!(to_plain("<p>AT&amp;amp;T</p><p>B</p>"), "AT&T\nB");
        assert_eq!(to_plain("<![CDATA[<p>One</p><p>two</p>"), "One\ntwo");
    }

    #[test]
    fn html_escaped_thrice_is_not_read_thrice() {
        assert_eq!(to_plain("&amp;amp;amp;"), "&amp;");
    }

    #[test]
    fn a_tag_may_hold_a_greater_than_sign_in_quotes() {
        assert_eq!(to_plain("<a title=\"a > b\" href = 'c>d'>link</a> it's"), "link it's");
    }

    #[test]
    fn an_unclosed_quote_does_not_swallow_the_article() {
        assert_eq!(to_plain("<a href=\"x>The news</a><p>goes on</p>"), "The news\ngoes on");
    }

    #[test]
    fn a_tag_that_was_cut_off_is_dropped() {
        assert_eq!(to_plain("<p>The news <a href=\"https://exam"), "The news");
    }

    #[test]
    fn the_length_is_bounded() {
        let plain = to_plain(&"é".repeat(MAX_BYTES));
        assert!(plain.len() <= MAX_BYTES && plain.len() > MAX_BYTES - 8);
    }

    /// Anything quadratic would take hours over these.
    #[test]
    fn deep_nesting_many_attributes_and_unclosed_markup_cost_little() {
        let attributes: String = (0..500_000).map(|number| format!("a{number} ")).collect();
        let hostile = ["<div>".repeat(500_000), format!("<a {attributes}"), "<a b=\"".repeat(500_000), "</".repeat(500_000)];
        for html in hostile {
            assert_eq!(to_plain(&format!("<p>x</p>{html}>")).lines().next(), Some("x"));
        }
    }

    proptest! {
        #[test]
        fn anything_becomes_normal_text(input in "(<|>|/|!|-|&|;|#|=|\"|script|svg|amp|lt|p| |\n|é|\\PC){0,60}") {
            let plain = to_plain(&input);
            prop_assert!(!plain.contains("  ") && !plain.contains("\n\n"));
            prop_assert_eq!(plain.trim(), plain.as_str());
        }
    }
}
