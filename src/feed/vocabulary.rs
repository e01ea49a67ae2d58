//! What the elements of all feed formats mean, whatever their prefix, case or namespace address.

use super::markup::local_name;

/// How much a value's element is worth beside others for the same: the lower, the more.
pub(super) type Rank = u8;

/// What an element is to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    /// The root of a document that is a feed.
    Root,
    /// What describes the feed as a whole.
    Channel,
    /// One entry.
    Entry,
    /// Somebody, by name and address or in words.
    Person(Rank),
    /// A value.
    Value(Field, Rank),
    /// An attachment, by its attribute.
    Enclosure,
    /// An attachment whose children speak of the entry.
    Media,
    /// Something whose children speak of the entry.
    Through,
    /// Something whose children speak of something else: an image, the feed an entry was taken from.
    Aside,
    /// Anything else.
    Other,
}

/// What a value is of a feed, an entry or a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Title,
    Summary,
    Content,
    Link,
    Id,
    /// An id that is a link too unless it says otherwise (RSS 2.0).
    Guid,
    Published,
    Updated,
    /// A date that does not say of what.
    Date,
    Category,
    /// Several categories, between commas.
    Keywords,
    Language,
    /// Minutes that a copy stays good.
    Ttl,
    /// An hour or a day in which nobody need ask.
    SkipHour,
    SkipDay,
    /// How often the feed is updated: a period, times in it, and the moment from which they count.
    UpdatePeriod,
    UpdateFrequency,
    UpdateBase,
    /// The software that wrote it.
    Generator,
    Name,
    Email,
    /// The publisher, which an entry of a sitemap names for want of a channel.
    Outlet,
}

/// A vocabulary, whatever the prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// RSS, Atom, CDF, RDF: their words do not contradict each other.
    Core,
    Content,
    Dublin,
    Terms,
    Media,
    Itunes,
    Syndication,
    Xhtml,
    Sitemap,
    /// Google's extension of sitemaps for news.
    News,
    Other,
}

impl Space {
    /// The vocabulary of a namespace name. Case, scheme and a closing slash are often wrong.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        let name = name.split_once("://").map_or(name.as_str(), |(_, name)| name).trim_end_matches(['/', '#']);
        Some(match name.strip_prefix("www.").unwrap_or(name) {
            "w3.org/2005/atom" | "purl.org/atom/ns" | "purl.org/pie" | "purl.org/echo" | "purl.org/rss/1.0" => Self::Core,
            "my.netscape.com/rdf/simple/0.9" | "purl.org/rss/1.0/modules/rss091" | "purl.org/net/rss1.1" => Self::Core,
            "w3.org/1999/02/22-rdf-syntax-ns" | "blogs.law.harvard.edu/tech/rss" | "cyber.law.harvard.edu/rss/rss.html" => {
                Self::Core
            }
            "channel.netscape.com/rdf/simple/0.9" | "uri/of/echo/namespace" | "example.com/newformat" | "example.com/necho" => {
                Self::Core
            }
            "purl.org/rss/1.0/modules/content" => Self::Content,
            "purl.org/dc/elements/1.1" | "purl.org/dc/elements/1.0" => Self::Dublin,
            "purl.org/dc/terms" => Self::Terms,
            "search.yahoo.com/mrss" | "search.yahoo.com/rss" => Self::Media,
            "itunes.com/dtds/podcast-1.0.dtd" | "example.com/dtds/podcast-1.0.dtd" => Self::Itunes,
            "google.com/schemas/play-podcasts/1.0" | "google.com/schemas/play-podcasts/1.0/play-podcasts.xsd" => Self::Itunes,
            "purl.org/rss/1.0/modules/syndication" => Self::Syndication,
            "w3.org/1999/xhtml" => Self::Xhtml,
            "sitemaps.org/schemas/sitemap/0.9" | "google.com/schemas/sitemap/0.84" => Self::Sitemap,
            "google.com/schemas/sitemap-news/0.9" => Self::News,
            other if other.contains("backend.userland.com/rss") => Self::Core,
            _ => return None,
        })
    }

    /// The vocabulary that a prefix stands for where nothing declares it.
    pub(super) fn of_prefix(prefix: &str) -> Self {
        match prefix.to_ascii_lowercase().as_str() {
            "" | "rss" | "atom" | "atom10" | "atom03" | "rdf" | "a10" => Self::Core,
            "content" => Self::Content,
            "dc" => Self::Dublin,
            "dcterms" => Self::Terms,
            "media" => Self::Media,
            "itunes" | "googleplay" => Self::Itunes,
            "sy" => Self::Syndication,
            "xhtml" => Self::Xhtml,
            "news" => Self::News,
            _ => Self::Other,
        }
    }
}

const CORE: Rank = 0;
const DUBLIN: Rank = 1;
const ITUNES: Rank = 2;
/// From here on an element may speak of what is attached.
pub(super) const MEDIA: Rank = 3;

/// What an element of a vocabulary is.
pub(super) fn element(space: Space, name: &str) -> Element {
    use Field::*;
    let name = local_name(name);
    let name = name.as_ref();
    let (field, rank) = match space {
        Space::Core => return core(name),
        Space::Content if name == "encoded" => (Content, CORE),
        Space::Xhtml if name == "body" => (Content, CORE),
        Space::Dublin => match name {
            "creator" | "author" => return Element::Person(DUBLIN),
            "title" => (Title, DUBLIN),
            "description" => (Summary, DUBLIN),
            "subject" => (Category, CORE),
            "date" => (Date, DUBLIN),
            "language" => (Language, DUBLIN),
            _ => return Element::Other,
        },
        Space::Terms => match name {
            "title" => (Title, DUBLIN),
            "issued" => (Published, DUBLIN),
            "created" => (Published, MEDIA),
            "modified" => (Updated, DUBLIN),
            "date" => (Date, DUBLIN),
            _ => return Element::Other,
        },
        Space::Media => match name {
            "group" => return Element::Through,
            "content" => return Element::Media,
            "title" => (Title, MEDIA),
            "description" => (Summary, MEDIA),
            "category" => (Category, CORE),
            "keywords" => (Keywords, CORE),
            _ => return Element::Other,
        },
        Space::Itunes => match name {
            "author" => return Element::Person(ITUNES),
            "owner" => return Element::Aside,
            "title" => (Title, ITUNES),
            "summary" | "description" => (Summary, ITUNES),
            "subtitle" => (Summary, MEDIA),
            "category" => (Category, CORE),
            "keywords" => (Keywords, CORE),
            _ => return Element::Other,
        },
        Space::Sitemap => return sitemap(name),
        Space::News => return news(name),
        Space::Syndication => match name {
            "updateperiod" => (UpdatePeriod, CORE),
            "updatefrequency" => (UpdateFrequency, CORE),
            "updatebase" => (UpdateBase, CORE),
            _ => return Element::Other,
        },
        Space::Content | Space::Xhtml | Space::Other => return Element::Other,
    };
    Element::Value(field, rank)
}

/// Sitemaps 0.9 (<https://www.sitemaps.org/protocol.html>).
fn sitemap(name: &str) -> Element {
    match name {
        "urlset" => Element::Root,
        "url" => Element::Entry,
        "loc" => Element::Value(Field::Link, CORE),
        "lastmod" => Element::Value(Field::Updated, CORE),
        _ => Element::Other,
    }
}

/// News sitemaps (<https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap>).
fn news(name: &str) -> Element {
    let field = match name {
        "news" | "publication" => return Element::Through,
        "title" => Field::Title,
        "name" => Field::Outlet,
        "language" => Field::Language,
        "publication_date" => Field::Published,
        "keywords" => Field::Keywords,
        _ => return Element::Other,
    };
    Element::Value(field, CORE)
}

fn core(name: &str) -> Element {
    use Field::*;
    let (field, rank) = match name {
        "rss" | "rdf" | "urlset" => return Element::Root,
        "feed" | "channel" => return Element::Channel,
        "item" | "entry" => return Element::Entry,
        "author" | "managingeditor" => return Element::Person(CORE),
        "enclosure" => return Element::Enclosure,
        "image" | "textinput" | "source" | "contributor" | "webmaster" => return Element::Aside,
        "title" => (Title, CORE),
        "description" | "summary" | "abstract" | "subtitle" | "tagline" => (Summary, CORE),
        "content" | "body" | "fullitem" => (Content, CORE),
        "link" => (Link, CORE),
        "id" => (Id, CORE),
        "guid" => (Guid, CORE),
        "pubdate" | "published" | "issued" => (Published, CORE),
        "created" => (Published, MEDIA),
        "updated" | "modified" | "lastbuilddate" => (Updated, CORE),
        "date" => (Date, DUBLIN),
        "category" => (Category, CORE),
        "keywords" | "tags" => (Keywords, CORE),
        "language" => (Language, CORE),
        "skiphours" | "skipdays" => return Element::Through,
        "ttl" => (Ttl, CORE),
        "hour" => (SkipHour, CORE),
        "day" => (SkipDay, CORE),
        "generator" => (Generator, CORE),
        "name" => (Name, CORE),
        "email" => (Email, CORE),
        _ => return Element::Other,
    };
    Element::Value(field, rank)
}

impl Element {
    /// Whether a start tag inside a text shows that the text's end tag is missing: no page for people has such an element.
    pub(super) fn ends_text(self, name: &str) -> bool {
        const ALSO_HTML: [&str; 7] = ["title", "link", "body", "summary", "content", "name", "source"];
        self != Self::Other && !ALSO_HTML.contains(&local_name(name).as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_are_known_in_spite_of_slips() {
        for name in ["http://www.itunes.com/DTDs/PodCast-1.0.dtd", "https://www.itunes.com/dtds/podcast-1.0.dtd"] {
            assert_eq!(Space::of_name(name), Some(Space::Itunes));
        }
        for name in ["http://search.yahoo.com/mrss", " http://search.yahoo.com/mrss/ "] {
            assert_eq!(Space::of_name(name), Some(Space::Media));
        }
        assert_eq!(Space::of_name("http://backend.userland.com/RSS2"), Some(Space::Core));
        assert_eq!(Space::of_name("http://weather.example/ns"), None);
    }

    #[test]
    fn elements_are_known_in_every_case() {
        for name in ["pubDate", "PUBDATE", "x:pubdate"] {
            assert_eq!(element(Space::Core, name), Element::Value(Field::Published, CORE));
        }
        assert_eq!(element(Space::Other, "title"), Element::Other);
        assert_eq!(element(Space::Content, "items"), Element::Other);
    }

    #[test]
    fn only_what_no_page_has_ends_a_text() {
        assert!(element(Space::Core, "pubDate").ends_text("pubDate") && element(Space::Core, "item").ends_text("item"));
        assert!(!element(Space::Core, "title").ends_text("title") && !element(Space::Core, "p").ends_text("p"));
    }
}
