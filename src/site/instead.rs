//! What came where a feed was expected, in words, with what it names instead. Only what is in hand is read.

use std::fmt::Write;

use url::Url;

use super::{Offer, Way, index, page, root};
use crate::feed::{Document, ParseError};

/// Addresses named in words; of more only the number is told.
const NAMED: usize = 3;
/// Elements that pages for people begin with where they leave out `<html>`.
const OF_PAGES: [&str; 14] =
    ["html", "head", "body", "meta", "link", "title", "script", "style", "div", "p", "h1", "center", "table", "form"];

/// Why a document is no feed, in words for the person whose feed it should be: what it is, and which feeds it names.
/// It was `asked` for at one address and `found` at another, after redirects.
pub fn instead_of_feed(why: &ParseError, bytes: &[u8], content_type: Option<&str>, asked: &Url, found: &Url) -> String {
    let document = Document::of(bytes, content_type);
    match why {
        ParseError::HtmlPage => of_page(&document, asked, found),
        ParseError::OtherXml(_) => match root(&document).unwrap_or_default().as_str() {
            "sitemapindex" => of_index(&document, found),
            "opml" => "this is a list of feeds (OPML), not a feed: `wirewatch feeds import` takes it over".to_owned(),
            name if OF_PAGES.contains(&name) => of_page(&document, asked, found),
            _ => why.to_string(),
        },
        _ => why.to_string(),
    }
}

fn of_page(document: &Document<'_>, asked: &Url, found: &Url) -> String {
    let page = page::read(document, found);
    let kind = if page.asks_for_password { "a login page" } else { "an HTML page" };
    let place = if is_same_site(asked, found) { String::new() } else { format!(" of {}", found.host_str().unwrap_or_default()) };
    let mut words = format!("this is {kind}{place}, not a feed");
    let declared: Vec<&Offer> = page.offers.iter().filter(|offer| offer.way == Way::Declared).collect();
    if !page.asks_for_password && !declared.is_empty() {
        let _ = write!(words, "; it offers {}", named("the feed", "feeds", &declared));
    }
    words
}

fn of_index(document: &Document<'_>, found: &Url) -> String {
    let offers = index::news_sitemaps(document, found);
    let words = "this is a list of sitemaps, not a feed";
    match offers.iter().collect::<Vec<_>>().as_slice() {
        [] => format!("{words}, and none of them is for news by its name"),
        offers => format!("{words}; it names {}", named("the news sitemap", "news sitemaps", offers)),
    }
}

fn named(one: &str, many: &str, offers: &[&Offer]) -> String {
    let urls = offers.iter().map(|offer| offer.url.as_str()).take(NAMED).collect::<Vec<_>>().join(", ");
    match offers.len() {
        1 => format!("{one} {urls}"),
        count if count <= NAMED => format!("{count} {many}: {urls}"),
        count => format!("{count} {many}, among them {urls}"),
    }
}

/// Whether two addresses are of one site: the same host, or one a part of the other's domain.
fn is_same_site(one: &Url, other: &Url) -> bool {
    let bare = |url: &Url| url.host_str().map(|host| host.strip_prefix("www.").unwrap_or(host).to_owned());
    let (Some(one), Some(other)) = (bare(one), bare(other)) else { return false };
    one == other || one.ends_with(&format!(".{other}")) || other.ends_with(&format!(".{one}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed;

    fn told(document: &str, found: &str) -> String {
        let (asked, found) = ("https://news.example/rss".parse().unwrap(), found.parse().unwrap());
        let why = feed::parse(document.as_bytes(), None, Some(&found)).unwrap_err();
        instead_of_feed(&why, document.as_bytes(), None, &asked, &found)
    }

    #[test]
    fn a_page_is_told_with_the_feeds_it_declares() {
        let link = |name: &str| format!("<link rel=alternate type=application/rss+xml href=/{name}>");
        let at = "https://www.news.example/";
        assert_eq!(told("<!doctype html><title>News</title><p>…", at), "this is an HTML page, not a feed");
        let one = "this is an HTML page, not a feed; it offers the feed https://www.news.example/a";
        assert_eq!(told(&format!("<html><head>{}", link("a")), at), one);
        assert_eq!(told(&format!("<div>{}</div>", link("a")), at), one);
        let many = told(&format!("<html>{}", ["a", "b", "c", "d"].map(link).concat()), at);
        assert!(many.ends_with(
            "it offers 4 feeds, among them https://www.news.example/a, https://www.news.example/b, https://www.news.example/c"
        ));
    }

    #[test]
    fn portals_and_logins_are_told_by_where_they_are() {
        let page = "<html><form action=/login><input type=password></form><link rel=alternate type=text/xml href=x>";
        assert_eq!(told(page, "https://hotspot.example/welcome"), "this is a login page of hotspot.example, not a feed");
        assert_eq!(told("<html>Hi", "https://hotspot.example/"), "this is an HTML page of hotspot.example, not a feed");
    }

    #[test]
    fn lists_are_told_for_what_they_are() {
        let at = "https://news.example/";
        let list = "<sitemapindex><sitemap><loc>https://news.example/sitemap-news.xml</loc></sitemap></sitemapindex>";
        assert_eq!(
            told(list, at),
            "this is a list of sitemaps, not a feed; it names the news sitemap https://news.example/sitemap-news.xml"
        );
        assert!(
            told("<sitemapindex><sitemap><loc>/a.xml</loc></sitemap></sitemapindex>", at)
                .ends_with("none of them is for news by its name")
        );
        assert!(told("<opml><body/></opml>", at).contains("feeds import"));
    }

    #[test]
    fn anything_else_is_told_as_the_parser_tells_it() {
        assert_eq!(told("<weather/>", "https://news.example/"), "this is no feed: its root element is <weather>");
        assert_eq!(told(" ", "https://news.example/"), "it is empty");
        assert!(told(&format!("<{}>", "a".repeat(9_000)), "https://news.example/").len() < 100);
    }
}
