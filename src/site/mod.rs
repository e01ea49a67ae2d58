//! What a site offers to those who would follow it: its feeds, found from any of its pages.
//!
//! A page is read for what it names ([`offers`]), which is all that the daemon does with one that came where a feed was expected
//! ([`instead_of_feed`]). Only `feeds discover` and `feeds add` go on to ask for what was named ([`discover`]).

mod discovery;
mod header;
mod index;
mod instead;
mod page;
mod places;

use url::Url;

pub use discovery::{Discovery, Found, discover};
pub use instead::instead_of_feed;

use crate::feed::{Document, Piece};

/// Addresses taken from one document.
const MAX_OFFERS: usize = 50;
/// The longest address taken, in bytes: about what servers take.
const LONGEST_ADDRESS: usize = 2_000;
/// The longest name kept of an offer, in characters.
const LONGEST_TITLE: usize = 200;

/// An address that is said, or looks, to be a feed's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Where it is.
    pub url: Url,
    /// What it is called where it was found.
    pub title: Option<String>,
    /// How it came to be known.
    pub way: Way,
}

/// How a feed's address came to be known, the most trustworthy first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// It is the address that was asked for.
    Asked,
    /// The page declares it: `<link rel="alternate">`, or a `Link` field beside it.
    Declared,
    /// The page links to something that looks like a feed.
    Linked,
    /// A sitemap for news that `robots.txt` or a list of sitemaps names.
    Sitemap,
    /// It stands where many sites have theirs.
    Usual,
}

impl Way {
    /// The word shown to people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Declared => "declared",
            Self::Linked => "linked",
            Self::Sitemap => "sitemap",
            Self::Usual => "usual-place",
        }
    }
}

/// What a document that is no feed names as feeds, the best first: a web page its feeds, a list of sitemaps those for news.
/// `links` are the `Link` fields it came with, `base` is where it was found.
pub(crate) fn offers(bytes: &[u8], content_type: Option<&str>, links: &[String], base: &Url) -> Vec<Offer> {
    let document = Document::of(bytes, content_type);
    let of_document = match root(&document).as_deref() {
        Some("sitemapindex") => index::news_sitemaps(&document, base),
        _ => page::read(&document, base).offers,
    };
    let mut offers: Vec<Offer> = Vec::new();
    for offer in header::offers(links, base).into_iter().chain(of_document) {
        if offers.len() < MAX_OFFERS && offers.iter().all(|known| known.url != offer.url) {
            offers.push(offer);
        }
    }
    offers.sort_by_key(|offer| (offer.way, is_of_comments(&offer.url, offer.title.as_deref())));
    offers
}

/// The name of a document's first element.
fn root(document: &Document<'_>) -> Option<String> {
    document.pieces().find_map(|piece| match piece {
        Piece::Start(element) => Some(element.name().into_owned()),
        _ => None,
    })
}

/// Whether a feed is of what readers remark and not of what is published: blogs declare one beside their own.
fn is_of_comments(url: &Url, title: Option<&str>) -> bool {
    let says_so = |text: &str| text.to_lowercase().contains("comment");
    says_so(url.path()) || title.is_some_and(says_so)
}

/// Whether a media type is one of feeds, parameters aside. With plain XML and JSON it may be.
fn is_feed_type(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    const TYPES: [&str; 7] = [
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
        "application/xml",
        "text/xml",
    ];
    TYPES.contains(&kind.as_str())
}

/// An address as written in a document, made whole; nothing if it cannot be asked for.
fn address(written: &str, base: &Url) -> Option<Url> {
    let written = written.trim();
    if written.len() > LONGEST_ADDRESS {
        return None;
    }
    // an old way of marking feeds, for programmes that registered for it
    let written = written.strip_prefix("feed:").map_or(written, |rest| rest.strip_prefix("//").map_or(rest, |_| written));
    let mut url = base.join(written).ok()?;
    if url.scheme() == "feed" {
        url = format!("https:{}", url.as_str().strip_prefix("feed:")?).parse().ok()?;
    }
    url.set_fragment(None);
    let is_usable = matches!(url.scheme(), "http" | "https") && url.has_host() && url.as_str().len() <= LONGEST_ADDRESS;
    is_usable.then_some(url)
}

/// A title short enough to show; nothing if there is none.
fn title(written: &str) -> Option<String> {
    let words: Vec<&str> = written.split_whitespace().collect();
    let title: String = words.join(" ").chars().filter(|c| !c.is_control()).take(LONGEST_TITLE).collect();
    (!title.is_empty()).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        "https://news.example/world/".parse().unwrap()
    }

    #[test]
    fn what_is_declared_comes_before_what_is_linked_and_the_feed_of_comments_last() {
        let page = b"<html><a href='/x.rss'>x</a><link rel=alternate type=application/rss+xml href='/comments/feed/'>\
                     <link rel=alternate type=application/rss+xml href='/feed/' title='News'>";
        let links = ["</api.atom>; rel=\"alternate\"; type=\"application/atom+xml\"".to_owned()];
        let offers = offers(page, None, &links, &base());
        let paths: Vec<_> = offers.iter().map(|offer| (offer.url.path(), offer.way)).collect();
        let expected = [
            ("/api.atom", Way::Declared),
            ("/feed/", Way::Declared),
            ("/comments/feed/", Way::Declared),
            ("/x.rss", Way::Linked),
        ];
        assert_eq!(paths, expected);
    }

    #[test]
    fn addresses_are_made_whole_and_only_those_of_the_web_are_taken() {
        let whole = |written| address(written, &base()).map(String::from);
        assert_eq!(whole(" rss.xml#top ").as_deref(), Some("https://news.example/world/rss.xml"));
        assert_eq!(whole("feed:https://a.example/x").as_deref(), Some("https://a.example/x"));
        assert_eq!(whole("feed://a.example/x").as_deref(), Some("https://a.example/x"));
        for written in ["javascript:alert(1)", "file:///etc/passwd", "data:text/xml,<rss/>", "https://[bad", "mailto:a@b.example"]
        {
            assert_eq!(whole(written), None, "{written}");
        }
    }
}
