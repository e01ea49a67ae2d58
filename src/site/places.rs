//! Where feeds usually stand, and what `robots.txt` says of sitemaps.

use url::Url;

use super::address;

/// Where sites have their feeds whose pages do not name them, the likeliest first.
const USUAL: [&str; 7] = ["feed", "rss.xml", "feed.xml", "atom.xml", "rss", "index.xml", "feed.json"];
/// Lines of a `robots.txt` that are read (RFC 9309 §2.5 asks for 500 KiB at least).
const MAX_LINES: usize = 10_000;
/// Sitemaps taken from one `robots.txt`.
const MAX_SITEMAPS: usize = 20;

/// Where the feed of a page may stand: beside it, then at the root of its site.
pub(super) fn usual(page: &Url) -> Vec<Url> {
    let folder = if page.path().ends_with('/') { page.path().to_owned() } else { format!("{}/", page.path()) };
    let mut places = Vec::new();
    for folder in [folder.as_str(), "/"] {
        for name in USUAL {
            let mut place = page.clone();
            place.set_path(&format!("{folder}{name}"));
            place.set_query(None);
            place.set_fragment(None);
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    places
}

/// The `robots.txt` of a page's site.
pub(super) fn robots(page: &Url) -> Option<Url> {
    page.join("/robots.txt").ok()
}

/// The sitemaps that a `robots.txt` names (sitemaps.org, "Specifying the Sitemap location in your robots.txt file").
pub(super) fn sitemaps(robots: &[u8], base: &Url) -> Vec<Url> {
    let text = String::from_utf8_lossy(robots);
    let named = text.lines().take(MAX_LINES).filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_sitemap = name.trim().trim_start_matches('\u{feff}').eq_ignore_ascii_case("sitemap");
        address(value.split_whitespace().next().filter(|_| is_sitemap)?, base)
    });
    named.take(MAX_SITEMAPS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_places_are_beside_the_page_and_at_the_root() {
        let places = usual(&"https://a.example/blog?x=1#y".parse().unwrap());
        let places: Vec<_> = places.iter().map(Url::as_str).collect();
        assert_eq!((places[0], places[USUAL.len()]), ("https://a.example/blog/feed", "https://a.example/feed"));
        assert_eq!(usual(&"https://a.example/".parse().unwrap()).len(), USUAL.len());
    }

    #[test]
    fn robots_name_sitemaps_anywhere_and_in_any_case() {
        let robots = b"\xef\xbb\xbfSitemap: https://a.example/1.xml\nUser-agent: *\nDisallow: /x\r\nSITEMAP:/news.xml # ours\nSitemap\nsitemap: file:///etc/passwd\n";
        let named = sitemaps(robots, &"https://a.example/robots.txt".parse().unwrap());
        assert_eq!(named.iter().map(Url::as_str).collect::<Vec<_>>(), ["https://a.example/1.xml", "https://a.example/news.xml"]);
    }
}
