//! A web page, read for the feeds it names and for what kind of page it is. Tolerant: no page is well-formed.

use url::Url;

use super::{MAX_OFFERS, Offer, Way, address, is_feed_type, title};
use crate::feed::{Document, Element, Piece};

/// Elements whose content is not the page's.
const NOT_THE_PAGE: [&str; 4] = ["script", "style", "template", "noscript"];
/// Ends of addresses that are feeds' more often than not.
const FEED_ENDINGS: [&str; 8] = [".rss", ".atom", ".rdf", "rss.xml", "atom.xml", "feed.xml", "feed.json", "rss2.xml"];
/// Last parts of paths that are feeds' more often than not.
const FEED_NAMES: [&str; 6] = ["feed", "rss", "rss2", "atom", "rdf", "newsfeed"];
/// Words of a link's text that say that it is a feed's.
const FEED_WORDS: [&str; 4] = ["rss", "atom", "feed", "rss-feed"];
/// The longest text of a link that is looked at, in bytes: one that long is no label.
const LONGEST_LABEL: usize = 100;

/// Links of one page that are looked at; the front page of a large newspaper has some five hundred.
const MAX_LINKS: usize = 5_000;

/// What a web page tells.
#[derive(Debug, Default, PartialEq)]
pub(super) struct WebPage {
    /// The feeds it names, in its own order.
    pub(super) offers: Vec<Offer>,
    /// Whether somebody is to log in.
    pub(super) asks_for_password: bool,
}

/// Reads a page that was found at `base`.
pub(super) fn read(document: &Document<'_>, base: &Url) -> WebPage {
    let mut reader = Reader { base: base.clone(), page: WebPage::default(), anchor: None, skipped: None, links: 0 };
    for piece in document.pieces() {
        reader.take(piece);
    }
    reader.end_anchor();
    reader.page
}

struct Reader {
    base: Url,
    page: WebPage,
    /// A link that is open: where to, its title, its text so far.
    anchor: Option<(Url, Option<String>, String)>,
    /// The element that is passed over until it ends.
    skipped: Option<String>,
    /// Links seen so far.
    links: usize,
}

impl Reader {
    fn take(&mut self, piece: Piece<'_>) {
        match (piece, &self.skipped) {
            (Piece::End(name), Some(skipped)) if name == skipped.as_str() => self.skipped = None,
            (_, Some(_)) => {}
            (Piece::Start(element), None) => self.start(&element),
            (Piece::End(name), None) if name == "a" => self.end_anchor(),
            (Piece::Text(text), None) => {
                if let Some((.., label)) = &mut self.anchor
                    && label.len() <= LONGEST_LABEL
                {
                    label.push_str(&text);
                }
            }
            _ => {}
        }
    }

    fn start(&mut self, element: &Element<'_>) {
        match element.name().as_ref() {
            "base" => self.base = self.target(element).unwrap_or_else(|| self.base.clone()),
            "link" => self.link(element),
            "a" => self.start_anchor(element),
            "input" => self.page.asks_for_password |= has_word(element, "type", "password"),
            name if NOT_THE_PAGE.contains(&name) && !element.is_empty() => self.skipped = Some(name.to_owned()),
            _ => {}
        }
    }

    /// Where an element leads; nothing beyond the links that are looked at.
    fn target(&mut self, element: &Element<'_>) -> Option<Url> {
        self.links += 1;
        if self.links > MAX_LINKS { None } else { address(&element.attribute("href")?, &self.base) }
    }

    fn start_anchor(&mut self, element: &Element<'_>) {
        self.end_anchor();
        self.anchor = self.target(element).map(|url| (url, element.attribute("title"), String::new()));
        if self.anchor.is_some() && element.attribute("type").is_some_and(|kind| is_feed_type(&kind)) {
            self.offer_anchor();
        }
    }

    fn link(&mut self, element: &Element<'_>) {
        let is_typed = element.attribute("type").is_some_and(|kind| is_feed_type(&kind));
        if has_word(element, "rel", "feed") || is_typed && has_word(element, "rel", "alternate") {
            let title = element.attribute("title");
            self.target(element).into_iter().for_each(|url| self.offer(url, title.as_deref(), Way::Declared));
        }
    }

    fn end_anchor(&mut self) {
        let looks_like_feed = |(url, titled, label): &(Url, Option<String>, String)| {
            is_feed_address(url) || says_feed(label) || titled.as_deref().is_some_and(says_feed)
        };
        if self.anchor.as_ref().is_some_and(looks_like_feed) {
            self.offer_anchor();
        }
        self.anchor = None;
    }

    fn offer_anchor(&mut self) {
        if let Some((url, titled, label)) = self.anchor.take() {
            self.offer(url, Some(label.trim()).filter(|label| !label.is_empty()).or(titled.as_deref()), Way::Linked);
        }
    }

    fn offer(&mut self, url: Url, named: Option<&str>, way: Way) {
        let is_new = self.page.offers.iter().all(|known| known.url != url);
        if is_new && self.page.offers.len() < MAX_OFFERS && url != self.base {
            self.page.offers.push(Offer { url, title: named.and_then(title), way });
        }
    }
}

fn has_word(element: &Element<'_>, attribute: &str, word: &str) -> bool {
    let value = element.attribute(attribute).unwrap_or_default();
    value.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether an address looks like a feed's.
fn is_feed_address(url: &Url) -> bool {
    let path = url.path().trim_end_matches('/').to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    let query = url.query().unwrap_or_default().to_ascii_lowercase();
    let by_query =
        query.split('&').any(|pair| matches!(pair.split_once('='), Some(("feed" | "format" | "type", "rss" | "rss2" | "atom"))));
    FEED_NAMES.contains(&last) || FEED_ENDINGS.iter().any(|ending| last.ends_with(ending)) || by_query
}

/// Whether a label says that its link is a feed's.
fn says_feed(label: &str) -> bool {
    let is_feed_word = |word: &str| FEED_WORDS.contains(&word.to_lowercase().trim_matches(|c: char| !c.is_alphanumeric()));
    label.len() <= LONGEST_LABEL && label.split_whitespace().any(is_feed_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> WebPage {
        read(&Document::of(html.as_bytes(), None), &"https://news.example/world/".parse().unwrap())
    }

    fn offered(html: &str) -> Vec<String> {
        page(html).offers.into_iter().map(|offer| offer.url.into()).collect()
    }

    #[test]
    fn declared_feeds_of_every_kind_are_found_in_any_spelling() {
        let html = "<HTML><head><LINK REL='Alternate home' TYPE='application/RSS+xml; charset=utf-8' HREF='/rss?a=1&amp;b=2' title='The &quot;News&quot;'>\
                    <link href=a.atom type=application/atom+xml rel=alternate><link rel=alternate type=application/feed+json href=//c.example/f.json />\
                    <link rel=feed href=d>";
        let page = page(html);
        assert_eq!(page.offers[0].title.as_deref(), Some("The \"News\""));
        let urls: Vec<_> = page.offers.iter().map(|offer| offer.url.as_str()).collect();
        let expected = [
            "https://news.example/rss?a=1&b=2",
            "https://news.example/world/a.atom",
            "https://c.example/f.json",
            "https://news.example/world/d",
        ];
        assert_eq!(urls, expected);
    }

    #[test]
    fn translations_styles_and_embeddings_are_no_feeds() {
        let html = "<link rel=alternate hreflang=de href=/de/><link rel=stylesheet type=text/css href=feed.css>\
                    <link rel=alternate type=application/json+oembed href=/oembed><link rel=canonical href=/feed>\
                    <link rel=alternate type=application/rss+xml href='javascript:void(0)'><link rel=alternate type=application/rss+xml>";
        assert_eq!(offered(html), [""; 0]);
    }

    #[test]
    fn links_that_look_like_feeds_are_found_by_address_label_or_type() {
        let html = "<a href=/world.rss>World</a><a href=/x/feed/>y</a><a href=/list?feed=rss2>z</a><a href=/s/17>RSS</a>\
                    <a href=/s/18 title='Atom feed'><img src=i.png></a><a href=/s/19 type=application/atom+xml>t</a>\
                    <a href=/feeding-the-world>A long read</a><a href=/a.html>Atomic energy</a><a href=/s/20>(RSS)";
        let paths: Vec<_> = page(html).offers.iter().map(|offer| offer.url.path().to_owned()).collect();
        assert_eq!(paths, ["/world.rss", "/x/feed/", "/list", "/s/17", "/s/18", "/s/19", "/s/20"]);
    }

    #[test]
    fn scripts_name_nothing_and_the_base_counts() {
        let html = "<base href=https://cdn.example/v2/><script>if (a<b) d('<link rel=\"alternate\" type=\"text/xml\" href=\"no\">')</script>\
                    <link rel=alternate type=text/xml href=yes.xml>";
        assert_eq!(offered(html), ["https://cdn.example/v2/yes.xml"]);
    }

    #[test]
    fn a_login_page_is_known_by_its_password() {
        assert!(page("<form><input name=u><INPUT class=a type=\"Password\"></form>").asks_for_password);
        assert!(!page("<input type=text value=password>").asks_for_password);
    }

    #[test]
    fn a_page_of_a_million_links_offers_a_few() {
        let links: String = (0..20_000).map(|number| format!("<a href=/{number}.rss>")).collect();
        assert_eq!(page(&links).offers.len(), MAX_OFFERS);
        let long = "x".repeat(5_000);
        let html = format!("<link rel=alternate type=text/xml href={long}><base href=/{long}/><a href=y.rss>");
        assert_eq!(offered(&html), ["https://news.example/world/y.rss"]);
    }

    proptest::proptest! {
        #[test]
        fn no_page_is_too_broken_to_be_looked_at(html in "(<|>|/|!|-|=|\"|'| |a|link|base|href|rel|alternate|script|input|http:|é|x){0,60}") {
            let _ = page(&html);
        }
    }
}
