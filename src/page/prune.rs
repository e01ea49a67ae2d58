//! A page cut down to what its article is found by: paragraphs, lists, tables, links, and the classes that sites give them.
//!
//! What a parser of whole documents makes of a page can be many times the page: attributes are compared with each other, what is
//! left open is opened again and again, and a tree of any depth is walked in many passes. So the page is read here first, once and
//! from front to end, and what is handed on has few kinds of tags, few attributes, little depth, and a bounded length.

use crate::feed::markup::{Tag, Token, Tokens};

/// The most bytes handed on: above any article, and below what would hold a thread up for long.
const MOST_BYTES: usize = 1 << 20;
/// The most tags handed on; a long report with its page around it has two or three thousand.
const MOST_TAGS: usize = 20_000;
/// The longest text between two tags, in bytes; a longer one is parted by a mark that means nothing. Written out by html5ever, a text costs its
/// length again for each sign in it that might have to be escaped.
const LONGEST_RUN: usize = 4096;
/// That mark.
const PARTING: &str = "<wbr>";
/// How deep tags may be nested; what stands deeper is read as if it stood there.
const DEEPEST: usize = 64;
/// The most bytes of an attribute's value: classes tell what something is in their first words.
const MOST_VALUE: usize = 120;

/// Elements passed over with all they hold.
const DROPPED: [&str; 20] = [
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "math",
    "iframe",
    "object",
    "title",
    "select",
    "textarea",
    "button",
    "audio",
    "video",
    "canvas",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
    "nav",
];

/// Elements that say how a text is laid out.
const KEPT: [&str; 41] = [
    "a",
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "hgroup",
    "caption",
];

/// Elements without content.
const VOID: [&str; 2] = ["br", "hr"];

/// Elements that stand inside a word or a sentence; any other that is not kept keeps words apart.
const INLINE: [&str; 33] = [
    "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark",
    "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "wbr",
];

/// Attributes by which the article is told from what stands around it.
const TELLING: [&str; 7] = ["class", "id", "role", "itemprop", "aria-hidden", "hidden", "aria-modal"];

/// The page, cut down.
pub(super) fn prune(page: &str) -> String {
    let mut pruned = Pruned { html: "<!DOCTYPE html>".to_owned(), tags: 0, depth: 0, run: 0 };
    let mut tokens = Tokens::new(page);
    while let Some(token) = tokens.next() {
        match token {
            Token::Text(text) => pruned.text(text),
            Token::Start(tag) if is_one_of(tag.name, &DROPPED) => {
                if !tag.is_empty {
                    tokens.skip_element(tag.name);
                }
            }
            Token::Start(tag) => pruned.start(&tag),
            Token::End(name) => pruned.end(name),
            Token::Verbatim(_) | Token::Doctype(_) => {}
        }
        if pruned.html.len() >= MOST_BYTES {
            break;
        }
    }
    pruned.html
}

struct Pruned {
    html: String,
    tags: usize,
    depth: usize,
    /// Bytes of text since the last tag.
    run: usize,
}

impl Pruned {
    /// Characters; a `<` that begins no tag here must begin none there.
    fn text(&mut self, text: &str) {
        let end = text.floor_char_boundary(MOST_BYTES.saturating_sub(self.html.len()));
        let mut pieces = text.get(..end).unwrap_or_default().split('<');
        self.push(pieces.next().unwrap_or_default());
        for piece in pieces {
            self.push("&lt;");
            self.push(piece);
        }
    }

    fn push(&mut self, mut text: &str) {
        while self.run + text.len() > LONGEST_RUN {
            let (fits, rest) = text.split_at(text.floor_char_boundary(LONGEST_RUN.saturating_sub(self.run)));
            self.html.push_str(fits);
            self.html.push_str(PARTING);
            (self.run, text) = (0, rest);
        }
        self.html.push_str(text);
        self.run += text.len();
    }

    fn start(&mut self, tag: &Tag<'_>) {
        if !is_one_of(tag.name, &KEPT) {
            self.push(if is_one_of(tag.name, &INLINE) { "" } else { " " });
            return;
        }
        let is_void = is_one_of(tag.name, &VOID);
        self.depth += usize::from(!is_void);
        self.tags += 1;
        if self.depth > DEEPEST || self.tags > MOST_TAGS {
            return self.push(" ");
        }
        self.run = 0;
        self.html.push('<');
        self.html.push_str(tag.name);
        self.attributes(tag);
        self.html.push('>');
    }

    fn attributes(&mut self, tag: &Tag<'_>) {
        let mut seen = 0;
        for (name, value) in tag.attributes() {
            let telling = TELLING.iter().position(|known| known.eq_ignore_ascii_case(name));
            match telling {
                Some(known) if seen & (1 << known) == 0 => {
                    seen |= 1 << known;
                    let value = value.get(..value.floor_char_boundary(MOST_VALUE)).unwrap_or_default();
                    self.html.push_str(&format!(" {}=\"{}\"", TELLING.get(known).unwrap_or(&""), value.replace('"', "")));
                }
                None if name.eq_ignore_ascii_case("style") && hides(value) => self.html.push_str(" hidden"),
                // what counts of a link is whether it leads to another page
                None if name.eq_ignore_ascii_case("href") => {
                    self.html.push_str(if value.starts_with('#') { " href=\"#\"" } else { " href=\"x\"" });
                }
                _ => {}
            }
        }
    }

    fn end(&mut self, name: &str) {
        if !is_one_of(name, &KEPT) || is_one_of(name, &VOID) {
            return;
        }
        let was_kept = self.depth <= DEEPEST;
        self.depth = self.depth.saturating_sub(1);
        self.tags += 1;
        if was_kept && self.tags <= MOST_TAGS {
            self.run = 0;
            self.html.push_str("</");
            self.html.push_str(name);
            self.html.push('>');
        } else {
            self.push(" ");
        }
    }
}

fn hides(style: &str) -> bool {
    let style: String = style.chars().filter(|sign| !sign.is_whitespace()).take(MOST_VALUE).collect();
    style.contains("display:none") || style.contains("visibility:hidden")
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn body(page: &str) -> String {
        prune(page).strip_prefix("<!DOCTYPE html>").unwrap().to_owned()
    }

    #[test]
    fn what_says_how_a_text_is_laid_out_stays_and_the_rest_goes() {
        let page = "<head><title>T</title><style>p{}</style></head><body onload=x><nav><a href=/>Home</a></nav>\
                    <div CLASS=story data-x='{}'><p>The <b>new</b> rate<br/>is <a href='/25'>25%</a><x-ad>now</x-ad>.</div><script>a<b</script>";
        assert_eq!(
            body(page).replace("  ", " "),
            " <body><div class=\"story\"><p>The new rate<br>is <a href=\"x\">25%</a> now.</div>"
        );
    }

    #[test]
    fn what_is_no_tag_does_not_become_one() {
        assert_eq!(body("1 < 2 <b <3"), "1 &lt; 2 &lt;b &lt;3");
    }

    #[test]
    fn what_is_hidden_stays_hidden() {
        assert_eq!(body("<div style='color:red; display: none'>x</div>"), "<div hidden>x</div>");
        assert_eq!(body("<p hidden id=a id=b>x"), "<p hidden=\"\" id=\"a\">x");
    }

    #[test]
    fn depth_tags_and_length_are_bounded() {
        let deep = format!("{}x{}y", "<div>".repeat(500_000), "</div>".repeat(500_000));
        assert_eq!(body(&deep).matches("<div>").count(), DEEPEST);
        assert!(body(&"<p>x".repeat(500_000)).matches("<p>").count() <= MOST_TAGS);
        assert!(body(&"é<".repeat(500_000)).split(PARTING).all(|run| run.len() <= LONGEST_RUN));
        assert!(body(&"word ".repeat(500_000)).len() <= MOST_BYTES + MOST_BYTES / 100);
        assert!(body(&format!("<p class='{}'>", "é".repeat(100_000))).len() < 200);
    }

    proptest! {
        #[test]
        fn any_page_can_be_cut_down(page in "(<|>|/|!|--|&|=|\"|'|script|svg|div|p|a|style| |\n|é|\\PC){0,80}") {
            prop_assert!(prune(&page).len() < 4 * page.len() + 100);
        }
    }
}
