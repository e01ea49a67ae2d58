//! Discovery (§4): the hub and the canonical address of a feed, by the `Link` fields it came with (RFC 8288) or else by its document.

use url::Url;

use crate::feed::Feed;
use crate::fetch::links;
use crate::model::HubOffer;

/// The longest address that is kept.
const MAX_ADDRESS: usize = 2_000;

/// Where a feed that came from `base` with these `Link` fields can be subscribed to, if it says so. Fields count before the
/// document.
pub fn discover(fields: &[String], feed: &Feed, base: &Url) -> Option<HubOffer> {
    let hub = target(fields, "hub").or_else(|| feed.hub.clone())?;
    let topic = target(fields, "self").or_else(|| feed.topic.clone())?;
    Some(HubOffer { hub: absolute(&hub, base)?, topic: absolute(&topic, base)? })
}

fn absolute(address: &str, base: &Url) -> Option<String> {
    let url = base.join(address).ok()?;
    let usable = matches!(url.scheme(), "http" | "https") && url.has_host() && url.as_str().len() <= MAX_ADDRESS;
    usable.then(|| url.into())
}

/// The first target with a relation among the fields.
fn target(fields: &[String], relation: &str) -> Option<String> {
    fields.iter().flat_map(|field| links(field)).find(|link| link.is_related(relation)).map(|link| link.target.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::parse;

    fn found(fields: &[&str], document: &str) -> Option<(String, String)> {
        let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
        let base = "https://news.example/feeds/all?x=1".parse().unwrap();
        discover(&fields, &parse(document.as_bytes(), None, Some(&base)).unwrap(), &base).map(|offer| (offer.hub, offer.topic))
    }

    fn said(hub: &str, topic: &str) -> Option<(String, String)> {
        Some((hub.to_owned(), topic.to_owned()))
    }

    const DOCUMENT: &str = "<feed><link rel='hub' href='https://other.example/'/><link rel='self' href='/self'/></feed>";

    #[test]
    fn fields_are_read_however_they_are_written() {
        let expected = said("https://hub.example/", "https://news.example/f");
        for fields in [
            &["<https://hub.example/>; rel=\"hub\"", "<https://news.example/f>; rel=\"self\""][..],
            &["<https://hub.example/>;rel=hub, <https://news.example/f>;rel=self"],
            &["<https://hub.example/>; title=\"a; b, <c>\"; REL=\"first HUB\"; rel=self ,<../f>; rel = self"],
            &["<x>, <https://hub.example/>; crossorigin; rel=hub, <//news.example/f>; rel=\"self\"; type=\"text/xml\""],
        ] {
            assert_eq!(found(fields, "<feed/>"), expected, "{fields:?}");
        }
    }

    #[test]
    fn fields_count_before_the_document_and_either_may_fill_in_for_the_other() {
        assert_eq!(found(&[], DOCUMENT), said("https://other.example/", "https://news.example/self"));
        assert_eq!(
            found(&["<https://hub.example/>; rel=hub"], DOCUMENT),
            said("https://hub.example/", "https://news.example/self")
        );
    }

    #[test]
    fn without_both_or_with_what_is_no_address_there_is_nothing_to_subscribe_to() {
        assert_eq!(found(&["<https://hub.example/>; rel=hub"], "<feed/>"), None);
        assert_eq!(found(&["<ftp://hub.example/>; rel=hub, </f>; rel=self"], "<feed/>"), None);
        assert_eq!(found(&["https://hub.example/; rel=hub, </f>; rel=self"], "<feed/>"), None);
        assert_eq!(found(&[&format!("<https://hub.example/{}>; rel=hub, </f>; rel=self", "a".repeat(3_000))], "<feed/>"), None);
    }
}
