//! Discovery (§4): the hub and the canonical address of a feed, by the `Link` fields it came with (RFC 8288) or else by its document.

use url::Url;

use crate::feed;
use crate::model::HubOffer;

/// The longest address that is kept.
const MAX_ADDRESS: usize = 2_000;

/// Where a feed that came from `base` with these `Link` fields can be subscribed to, if it says so. Fields count before the
/// document.
pub fn discover(fields: &[String], document: &[u8], base: &Url) -> Option<HubOffer> {
    let (of_document_hub, of_document_self) = feed::hub(document);
    let hub = target(fields, "hub").or(of_document_hub)?;
    let topic = target(fields, "self").or(of_document_self)?;
    Some(HubOffer { hub: absolute(&hub, base)?, topic: absolute(&topic, base)? })
}

fn absolute(address: &str, base: &Url) -> Option<String> {
    let url = base.join(address).ok()?;
    let usable = matches!(url.scheme(), "http" | "https") && url.has_host() && url.as_str().len() <= MAX_ADDRESS;
    usable.then(|| url.into())
}

/// The first target with a relation among the fields.
fn target(fields: &[String], relation: &str) -> Option<String> {
    fields.iter().flat_map(|field| links(field)).find(|link| link.has(relation)).map(|link| link.target.to_owned())
}

/// One link of a field.
struct Link<'a> {
    target: &'a str,
    relations: &'a str,
}

impl Link<'_> {
    fn has(&self, relation: &str) -> bool {
        self.relations.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(relation))
    }
}

/// The links of a field: `<target>; name=value; name="value", <target> …` (RFC 8288 §3). What follows a slip is passed over.
fn links(field: &str) -> impl Iterator<Item = Link<'_>> {
    let mut rest = field;
    std::iter::from_fn(move || {
        let (target, behind) = rest.split_once('<')?.1.split_once('>')?;
        let (mut relations, mut parameters) = (None, behind);
        while let Some(parameter) = parameters.trim_start().strip_prefix(';') {
            let (name, value, behind) = self::parameter(parameter);
            // of several `rel` only the first counts (§3.3)
            if relations.is_none() && name.eq_ignore_ascii_case("rel") {
                relations = Some(value);
            }
            parameters = behind;
        }
        rest = parameters;
        Some(Link { target: target.trim(), relations: relations.unwrap_or_default() })
    })
}

/// A parameter's name and value, and what is behind it.
fn parameter(text: &str) -> (&str, &str, &str) {
    let end = text.find(['=', ';', ',']).unwrap_or(text.len());
    let (name, behind) = text.split_at(end);
    let Some(value) = behind.strip_prefix('=') else { return (name.trim(), "", behind) };
    let value = value.trim_start();
    if let Some(quoted) = value.strip_prefix('"') {
        let (value, behind) = quoted.split_once('"').unwrap_or((quoted, ""));
        return (name.trim(), value, behind);
    }
    let (value, behind) = value.split_at(value.find([';', ',']).unwrap_or(value.len()));
    (name.trim(), value.trim(), behind)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(fields: &[&str], document: &str) -> Option<(String, String)> {
        let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
        let base = "https://news.example/feeds/all?x=1".parse().unwrap();
        discover(&fields, document.as_bytes(), &base).map(|offer| (offer.hub, offer.topic))
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
            assert_eq!(found(fields, ""), expected, "{fields:?}");
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
        assert_eq!(found(&["<https://hub.example/>; rel=hub"], ""), None);
        assert_eq!(found(&["<ftp://hub.example/>; rel=hub, </f>; rel=self"], ""), None);
        assert_eq!(found(&["https://hub.example/; rel=hub, </f>; rel=self"], ""), None);
        assert_eq!(found(&[&format!("<https://hub.example/{}>; rel=hub, </f>; rel=self", "a".repeat(3_000))], ""), None);
    }

    proptest! {
        #[test]
        fn nothing_that_a_field_can_hold_is_too_much(field in "[<>;,=\" a-z/]{0,60}") {
            prop_assert!(links(&field).count() <= field.len());
        }
    }
}
