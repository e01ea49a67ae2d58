//! Where a feed's own document says that it can be subscribed to (WebSub §4): `rel="hub"` and `rel="self"` of its links, in Atom or
//! in any format that borrows Atom's links, and `hubs` and `feed_url` of JSON Feed.

use memchr::memmem;
use serde::Deserialize;

use super::entities::Entities;
use super::markup::{Tag, Token, Tokens, local_name};
/// Where the head of a document ends.
const ENTRIES: [&str; 2] = ["item", "entry"];
/// Relations are registered names, which some write in full (RFC 4287 §4.2.7.2).
const REGISTRY: &str = "http://www.iana.org/assignments/relation/";

/// The addresses of its hub and of itself that a document names, as written. Only the first of each counts.
pub fn hub(document: &[u8]) -> (Option<String>, Option<String>) {
    if memmem::find(document, b"hub").is_none() {
        return (None, None);
    }
    let text = String::from_utf8_lossy(document);
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') { of_json(&text) } else { of_markup(&text) }
}

fn of_markup(text: &str) -> (Option<String>, Option<String>) {
    let (mut hub, mut topic) = (None, None);
    for token in Tokens::new(text) {
        let Token::Start(tag) = token else { continue };
        let name = local_name(tag.name);
        if ENTRIES.contains(&name.as_ref()) {
            break;
        }
        if name == "link" {
            take(&tag, "hub", &mut hub);
            take(&tag, "self", &mut topic);
        }
    }
    (hub, topic)
}

fn take(tag: &Tag<'_>, wanted: &str, into: &mut Option<String>) {
    let relations = tag.attribute("rel").unwrap_or_default();
    let mut relations = relations.split_ascii_whitespace().map(|relation| relation.strip_prefix(REGISTRY).unwrap_or(relation));
    if into.is_none() && relations.any(|relation| relation.eq_ignore_ascii_case(wanted)) {
        *into = tag.attribute("href").map(|raw| Entities::default().resolve(raw).trim().to_owned());
    }
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    hubs: Vec<Hub>,
    feed_url: Option<String>,
}

#[derive(Deserialize)]
struct Hub {
    #[serde(rename = "type")]
    kind: String,
    url: String,
}

fn of_json(text: &str) -> (Option<String>, Option<String>) {
    let Ok(head) = serde_json::from_str::<Head>(text) else { return (None, None) };
    let hub = head.hubs.into_iter().find(|hub| hub.kind.eq_ignore_ascii_case("websub"));
    (hub.map(|hub| hub.url), head.feed_url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(document: &str) -> Option<(String, String)> {
        let (hub, topic) = hub(document.as_bytes());
        hub.zip(topic)
    }

    fn said(hub: &str, topic: &str) -> Option<(String, String)> {
        Some((hub.to_owned(), topic.to_owned()))
    }

    #[test]
    fn a_feed_names_its_hub_and_itself_in_atom_or_with_atom_s_links() {
        let atom = "<feed><link rel='hub' href='https://hub.example/?a=1&amp;b=2'/><link rel=\"self\" href=\"https://news.example/f\"/></feed>";
        assert_eq!(both(atom), said("https://hub.example/?a=1&b=2", "https://news.example/f"));
        let rss = "<rss><channel><link>https://news.example/</link><atom:link href=\"https://news.example/f\" rel=\"http://www.iana.org/assignments/relation/self\"/>\
                   <atom10:link rel=\"Hub alternate\" href=\" https://hub.example/ \"/><item/></channel></rss>";
        assert_eq!(both(rss), said("https://hub.example/", "https://news.example/f"));
    }

    #[test]
    fn a_feed_in_json_does_so_by_its_own_names() {
        let json = "{\"feed_url\":\"https://news.example/f\",\"hubs\":[{\"type\":\"rssCloud\",\"url\":\"https://a.example\"},\
                    {\"type\":\"WebSub\",\"url\":\"https://hub.example/\"}],\"items\":[]}";
        assert_eq!(both(json), said("https://hub.example/", "https://news.example/f"));
        assert_eq!(hub(b"{\"hubs\": 3}"), (None, None));
    }

    #[test]
    fn what_entries_say_is_not_said_of_the_feed() {
        assert_eq!(both("<feed><entry><link rel='hub' href='h'/><link rel='self' href='s'/></entry></feed>"), None);
        assert_eq!(both("<feed><title>hub</title><link rel='hub' href='h'/></feed>"), None);
    }
}
