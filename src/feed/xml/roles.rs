//! What an element is where it stands, and what it says in its attributes.

use super::super::capture::Capture;
use super::super::draft::Draft;
use super::super::markup::{Tag, local_name};
use super::super::vocabulary::{Element, Field, Rank, Space, element};
use super::super::{Format, date, link};
use super::{Person, Reader, Role};

impl<'a> Reader<'a> {
    /// What an element means. In a sitemap that does not say that it is one, unmarked names are a sitemap's.
    pub(super) fn element(&self, name: &str) -> Element {
        match self.scopes.space_of(name) {
            Space::Core if self.format == Some(Format::Sitemap) => element(Space::Sitemap, name),
            space => element(space, name),
        }
    }

    /// What an element is where it stands; the values that are in its attributes are taken at once.
    pub(super) fn role(&mut self, element: Element, tag: &Tag<'a>) -> Role {
        match (element, self.open.last().map(|open| &open.role)) {
            (Element::Entry, _) => self.begin_entry(tag),
            (Element::Root | Element::Channel, _) => self.begin_feed(element, tag),
            (Element::Value(field @ (Field::Name | Field::Email), rank), Some(Role::Person(..))) => {
                Role::Value(Capture::new(field, rank, tag))
            }
            (_, Some(Role::Person(..) | Role::Aside)) | (Element::Aside, _) => Role::Aside,
            (Element::Value(Field::Name | Field::Email, _), _) => Role::Aside,
            (Element::Value(field, rank), _) => self.begin_value(field, self.rank_here(rank), tag),
            (Element::Person(rank), _) => Role::Person(self.rank_here(rank), Person::default()),
            (Element::Enclosure | Element::Media, _) => self.attach(tag),
            (Element::Through, _) => Role::Through,
            (Element::Other, _) => Role::Other,
        }
    }

    /// What a value within an unknown element is worth: less than any other.
    fn rank_here(&self, rank: Rank) -> Rank {
        const WITHIN_OTHERS: Rank = 20;
        let around = self.open.iter().rev().take_while(|open| matches!(open.role, Role::Through | Role::Other));
        if around.into_iter().any(|open| matches!(open.role, Role::Other)) { rank + WITHIN_OTHERS } else { rank }
    }

    fn begin_feed(&mut self, element: Element, tag: &Tag<'a>) -> Role {
        if self.format.is_none() {
            self.format = Some(format(tag));
        }
        if element == Element::Root {
            return Role::Root;
        }
        self.channel_attributes(tag);
        Role::Channel
    }

    fn begin_entry(&mut self, tag: &Tag<'a>) -> Role {
        self.format.get_or_insert_with(|| format(tag));
        self.entry = Some(Draft::default());
        let named = tag.attributes().find(|(name, _)| local_name(name) == "about").map(|(_, value)| value);
        if let Some(id) = named.and_then(|value| self.attribute_value(value)) {
            self.draft().id.offer(Rank::MAX, id);
        }
        self.channel_attributes(tag);
        Role::Entry
    }

    /// What a channel or an item says in attributes: its language, and in CDF its link and date.
    fn channel_attributes(&mut self, tag: &Tag<'a>) {
        let language = self.scopes.language().map(str::to_owned);
        if let Some(language) = language {
            self.draft().language.offer(3, language);
        }
        if let Some(link) = tag.attribute("href").and_then(|value| self.link_value(value)) {
            self.draft().link.offer(0, link);
        }
        if let Some(date) = tag.attribute("lastmod").and_then(date::parse) {
            self.draft().updated.offer(0, date);
        }
    }

    fn begin_value(&mut self, field: Field, rank: Rank, tag: &Tag<'a>) -> Role {
        match field {
            Field::Link => {
                if let Some(href) = ["href", "url", "uri"].iter().find_map(|name| tag.attribute(name)) {
                    self.take_link(href, rank, tag);
                    return Role::Through;
                }
            }
            Field::Category => {
                let term =
                    ["term", "text", "label"].iter().find_map(|name| tag.attribute(name).filter(|value| !value.is_empty()));
                if let Some(term) = term.and_then(|value| self.attribute_value(value)) {
                    self.draft().add_category(&term);
                    return Role::Through;
                }
            }
            _ => {}
        }
        Role::Value(Capture::new(field, rank, tag))
    }

    /// A link by its relation (RFC 4287 §4.2.7.2): to what the feed or entry is about, or to what is attached.
    fn take_link(&mut self, href: &str, rank: Rank, tag: &Tag<'a>) {
        let Some(link) = self.link_value(href) else { return };
        let relation = tag.attribute("rel").unwrap_or_default().trim().to_ascii_lowercase();
        let kind = tag.attribute("type").unwrap_or_default().trim().to_ascii_lowercase();
        let relation = relation.strip_prefix("http://www.iana.org/assignments/relation/").unwrap_or(&relation);
        match relation {
            "" | "alternate" => {
                let is_page = kind.is_empty() || kind.contains("html");
                let is_beside_rss = !matches!(self.format, Some(Format::Atom));
                self.draft().link.offer(rank + u8::from(is_beside_rss) + 2 * u8::from(!is_page), link);
            }
            "enclosure" => self.draft().add_enclosure(link),
            // an archive is complete, a page may shift while it is read (RFC 5005 §2 and §3)
            "prev-archive" if self.entry.is_none() => _ = self.feed.older.offer(0, link),
            "next" if self.entry.is_none() => _ = self.feed.older.offer(1, link),
            // one relation beside others, as hubs are named (WebSub §4)
            _ if self.entry.is_none() => {
                let has = |wanted| relation.split_ascii_whitespace().any(|known| known == wanted);
                if has("hub") {
                    self.feed.hub.offer(0, link.clone());
                }
                if has("self") {
                    self.feed.topic.offer(0, link);
                }
            }
            _ => {}
        }
    }

    fn attach(&mut self, tag: &Tag<'a>) -> Role {
        let address = ["url", "href", "uri"].iter().find_map(|name| tag.attribute(name));
        if let Some(link) = address.and_then(|value| self.link_value(value)) {
            self.draft().add_enclosure(link);
        }
        Role::Through
    }

    fn attribute_value(&self, raw: &str) -> Option<String> {
        let value = self.entities.resolve(raw);
        let value = self.entities.mended(&value);
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn link_value(&self, raw: &str) -> Option<String> {
        self.attribute_value(raw).map(|value| link::absolute(&value, self.scopes.base()))
    }

    /// What is being described: the entry, or else the feed.
    pub(super) fn draft(&mut self) -> &mut Draft {
        self.entry.as_mut().unwrap_or(&mut self.feed)
    }
}

fn format(tag: &Tag<'_>) -> Format {
    let version = tag.attribute("version").unwrap_or_default().trim();
    match local_name(tag.name).as_ref() {
        "rss" if version.starts_with("0.") => Format::Rss0,
        "rss" | "item" => Format::Rss2,
        "rdf" => Format::Rss1,
        "urlset" => Format::Sitemap,
        "channel" => Format::Cdf,
        _ => Format::Atom,
    }
}
