//! What the `Link` fields of an answer declare as feeds.

use url::Url;

use super::{MAX_OFFERS, Offer, Way, address, is_feed_type, title};
use crate::fetch::{Link, links};

/// The feeds that fields declare, in order.
pub(super) fn offers(fields: &[String], base: &Url) -> Vec<Offer> {
    fields.iter().flat_map(|field| links(field)).take(MAX_OFFERS).filter_map(|link| offer(&link, base)).collect()
}

/// What a link declares, if it is a feed.
fn offer(link: &Link<'_>, base: &Url) -> Option<Offer> {
    if !link.is_related("alternate") || !is_feed_type(link.parameter("type")?) {
        return None;
    }
    Some(Offer { url: address(link.target, base)?, title: link.parameter("title").and_then(title), way: Way::Declared })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(field: &str) -> Vec<(String, Option<String>)> {
        let base = "https://news.example/world/".parse().unwrap();
        offers(&[field.to_owned()], &base).into_iter().map(|offer| (offer.url.into(), offer.title)).collect()
    }

    #[test]
    fn feeds_are_found_among_other_links() {
        let field = "<https://news.example/wp-json/>; rel=\"https://api.w.org/\", <style.css>;rel=preload;as=style, \
                     <feed.atom>; REL=\"self Alternate\"; title=\"News, \\\"and\\\" more\"; type=\"application/atom+xml; charset=utf-8\",\
                     </b>;rel=alternate;type=application/rss+xml";
        let expected = [
            ("https://news.example/world/feed.atom".to_owned(), Some("News, \"and\" more".to_owned())),
            ("https://news.example/b".to_owned(), None),
        ];
        assert_eq!(read(field), expected);
    }

    #[test]
    fn other_alternates_are_no_feeds() {
        for field in
            ["<de.html>; rel=alternate; hreflang=de", "<x>; rel=alternate", "<x>; type=text/xml", "<x", "", "x;rel=alternate"]
        {
            assert_eq!(read(field), [], "{field}");
        }
    }
}
