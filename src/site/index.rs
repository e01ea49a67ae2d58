//! A list of sitemaps (sitemaps.org, `<sitemapindex>`): those of it that are for news.

use url::Url;

use super::{Offer, Way, address};
use crate::feed::{Document, Piece};

/// Sitemaps taken from one list. A site has one or two for news; the rest is its archive.
const MAX_SITEMAPS: usize = 5;

/// The sitemaps whose address says that they are for news, in order.
pub(super) fn news_sitemaps(document: &Document<'_>, base: &Url) -> Vec<Offer> {
    let (mut found, mut is_place) = (Vec::new(), false);
    for piece in document.pieces() {
        match piece {
            Piece::Start(element) => is_place = element.name() == "loc",
            Piece::End(_) => is_place = false,
            Piece::Text(text) if is_place => {
                let url = address(&text, base).filter(is_for_news);
                found.extend(url.map(|url| Offer { url, title: None, way: Way::Sitemap }));
            }
            Piece::Text(_) => {}
        }
        if found.len() == MAX_SITEMAPS {
            break;
        }
    }
    found
}

/// Whether a sitemap's address says that it is for news: there is no other sign of it than reading it whole.
pub(super) fn is_for_news(sitemap: &Url) -> bool {
    let path = sitemap.path().to_ascii_lowercase();
    path.contains("news") && !path.contains("newsletter")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sitemaps_for_news_are_picked_from_a_list() {
        let list = "<?xml version='1.0'?><sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>\
                    <sitemap><loc>https://a.example/archive-2019.xml</loc><lastmod>2026-11-20</lastmod></sitemap>\
                    <sitemap><loc> https://a.example/News.xml.gz </loc></sitemap><sitemap><loc><![CDATA[/sitemap-news.xml?a=1&b=2]]></loc></sitemap>\
                    <sitemap><loc>/newsletters.xml</loc></sitemap></sitemapindex>";
        let document = Document::of(list.as_bytes(), None);
        let found = news_sitemaps(&document, &"https://a.example/sitemap.xml".parse().unwrap());
        let urls: Vec<_> = found.iter().map(|offer| offer.url.as_str()).collect();
        assert_eq!(urls, ["https://a.example/News.xml.gz", "https://a.example/sitemap-news.xml?a=1&b=2"]);
    }
}
