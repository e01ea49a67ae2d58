//! Whole documents through the whole reader.

use proptest::prelude::*;

use super::*;

mod broken;
mod round_trip;
mod sitemap;

const NAMESPACES: &str = "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' xmlns:media='http://search.yahoo.com/mrss/' \
                          xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/'";

fn rss(items: &str) -> String {
    format!("<rss version='2.0' {NAMESPACES}><channel><title>News</title>{items}</channel></rss>")
}

fn read(document: &str) -> Feed {
    parse(document.as_bytes(), None, Some(&"https://example.org/feeds/news.xml".parse().unwrap())).unwrap()
}

fn keys(document: &str) -> Vec<String> {
    read(document).entries.into_iter().map(|entry| entry.key.0).collect()
}

fn time(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

#[test]
fn rss_2_is_read_as_published() {
    let feed = read(&rss("<link>https://example.org/</link><ttl>30</ttl><language>en-GB</language>\
        <item><guid>17</guid><title>Tariffs &amp;amp; talks</title><link>/news/17</link>\
        <pubDate>Thu, 05 Jun 2025 14:00:00 +0200</pubDate><dc:creator>A. Writer</dc:creator><category>Trade</category>\
        <description>&lt;p&gt;Short&lt;/p&gt;</description><content:encoded>&lt;p&gt;Short and long&lt;/p&gt;</content:encoded>\
        <enclosure url='/sound.mp3' length='1' type='audio/mpeg'/></item>"));
    assert_eq!((feed.format, feed.title.as_deref()), (Format::Rss2, Some("News")));
    assert_eq!((feed.link.as_deref(), feed.hints.ttl_minutes), (Some("https://example.org/"), 30));
    let entry = &feed.entries[0];
    assert_eq!((entry.id.as_deref(), entry.key.0.as_str()), (Some("17"), "guid:17"));
    assert_eq!(entry.title.as_deref(), Some("Tariffs &amp; talks"));
    assert_eq!(entry.link.as_deref(), Some("https://example.org/news/17"));
    assert_eq!((entry.published, entry.updated), (time("2025-06-05T12:00:00Z"), None));
    assert_eq!((entry.author.as_deref(), entry.language.as_deref()), (Some("A. Writer"), Some("en-GB")));
    assert_eq!((entry.summary.as_deref(), entry.content.as_deref()), (Some("<p>Short</p>"), Some("<p>Short and long</p>")));
    assert_eq!(entry.categories, ["Trade"]);
    assert_eq!(entry.enclosures, ["https://example.org/sound.mp3"]);
}

#[test]
fn atom_is_read_as_published() {
    let feed = read(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='fr'><title>Nouvelles</title><id>urn:feed</id>\
        <updated>2025-06-05T12:00:00Z</updated><author><name>Desk</name></author>\
        <link rel='self' href='https://example.org/feed'/><link href='https://example.org/'/>\
        <entry><id>urn:1</id><title type='html'>&lt;b&gt;Un&lt;/b&gt;</title><updated>2025-06-05T11:00:00Z</updated>\
        <link rel='enclosure' href='a.pdf'/><link rel='replies' href='r'/><link href='../1'/><summary>Bref</summary></entry></feed>",
    );
    assert_eq!((feed.format, feed.id.as_deref()), (Format::Atom, Some("urn:feed")));
    assert_eq!(feed.link.as_deref(), Some("https://example.org/"));
    let entry = &feed.entries[0];
    assert_eq!((entry.title.as_deref(), entry.link.as_deref()), (Some("<b>Un</b>"), Some("https://example.org/1")));
    assert_eq!((entry.published, entry.updated), (None, time("2025-06-05T11:00:00Z")));
    assert_eq!((entry.author.as_deref(), entry.language.as_deref()), (Some("Desk"), Some("fr")));
    assert_eq!(entry.enclosures, ["https://example.org/feeds/a.pdf"]);
}

#[test]
fn json_feed_is_read_as_published() {
    let feed = read(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"News","home_page_url":"https://example.org/","language":"en",
        "items":[{"id":"1","url":"/1","title":"One","content_text":"Text","date_published":"2025-06-05T12:00:00Z","tags":["a"],
        "attachments":[{"url":"https://example.org/a.mp3","mime_type":"audio/mpeg"}]},{"id":"2","external_url":"https://elsewhere.example/"}]}"#,
    );
    assert_eq!((feed.format, feed.link.as_deref()), (Format::Json, Some("https://example.org/")));
    let entry = &feed.entries[0];
    assert_eq!((entry.link.as_deref(), entry.content.as_deref()), (Some("https://example.org/1"), Some("Text")));
    assert_eq!(entry.enclosures, ["https://example.org/a.mp3"]);
    assert_eq!(feed.entries[1].link.as_deref(), Some("https://elsewhere.example/"));
}

#[test]
fn older_rss_is_read() {
    let old = read(
        "<rss version='0.91'><channel><title>t</title><item><title>a</title><link>https://a.example/</link></item></channel></rss>",
    );
    assert_eq!((old.format, old.entries.len()), (Format::Rss0, 1));
    let rdf = read(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>\
        <channel><title>t</title></channel><item><title>a</title><link>https://a.example/</link></item></rdf:RDF>",
    );
    assert_eq!((rdf.format, rdf.entries.len()), (Format::Rss1, 1));
    let unversioned = read("<rss><channel><title>t</title><item><title>a</title></item></channel></rss>");
    assert_eq!((unversioned.format, unversioned.entries.len()), (Format::Rss2, 1));
}

#[test]
fn identity_survives_reordering_and_neighbours() {
    let one = "<item><guid>1</guid><title>One</title></item>";
    let two = "<item><title>Two</title><link>http://www.example.org/2/?utm_source=rss</link></item>";
    let three = "<item><description>Only words</description></item>";
    let forward = keys(&rss(&[one, two, three].concat()));
    let mut backward = keys(&rss(&[three, two, one].concat()));
    backward.reverse();
    assert_eq!(forward, backward);
    assert_eq!(forward[1], "link:https://example.org/2");
    assert_eq!(keys(&rss(three)), forward[2..]);
}

#[test]
fn an_entry_without_an_id_has_the_same_key_at_every_poll() {
    for item in ["<item/>", "<item><title>A</title></item>", "<item><guid> </guid><description>x</description></item>"] {
        assert_eq!(keys(&rss(item)), keys(&rss(item)), "{item}");
        assert_eq!(keys(&rss(item)).len(), 1, "{item}");
    }
}

#[test]
fn dates_that_cannot_be_are_shown_and_not_believed() {
    for (date, shown) in [
        ("Thu, 01 Jan 1970 00:00:00 GMT", time("1970-01-01T00:00:00Z")),
        ("3000-12-31T00:00:00Z", time("3000-12-31T00:00:00Z")),
        ("2024-02-30", None),
        ("yesterday", None),
        ("", None),
    ] {
        let feed = read(&rss(&format!("<item><guid>1</guid><pubDate>{date}</pubDate></item>")));
        assert_eq!(feed.entries[0].published, shown, "{date}");
        assert_eq!(feed.articles(None, "", Timestamp::UNIX_EPOCH)[0].published, None, "{date}");
    }
}

#[test]
fn what_is_no_feed_says_what_it_is() {
    let error = |document: &str| parse(document.as_bytes(), None, None).unwrap_err().to_string();
    assert_eq!(error("<!DOCTYPE html><html><body>Log in</body></html>"), "this is an HTML page, not a feed");
    assert_eq!(error(""), "it is empty");
    assert_eq!(error("<opml version='2.0'/>"), "this is no feed: its root element is <opml>");
    assert_eq!(error("Service unavailable"), "this is no feed: it is neither XML nor JSON");
    assert!(error("{\"error\":\"not found\"}").contains("version"));
}

#[test]
fn links_are_relative_to_the_nearest_base() {
    let feed = read(
        "<feed xml:base='/a/'><link href='./'/><entry xml:base='b/'><link href='1'/><link rel='enclosure' href='2'/></entry>\
         <entry xml:base='http://['><link href='3'/></entry><entry><id>https://example.org/4</id></entry></feed>",
    );
    assert_eq!(feed.link.as_deref(), Some("https://example.org/a/"));
    let links: Vec<_> = feed.entries.iter().map(|entry| entry.link.as_deref().unwrap()).collect();
    assert_eq!(links, ["https://example.org/a/b/1", "https://example.org/a/3", "https://example.org/4"]);
    assert_eq!(feed.entries[0].enclosures, ["https://example.org/a/b/2"]);
}

#[test]
fn values_of_modules_stand_in_for_missing_ones() {
    let feed = read(&rss(
        "<item><media:title>Picture</media:title><title>Own</title><dc:date>2025-06-05</dc:date><dc:subject>x</dc:subject></item>\
         <item><media:group><media:title>Film</media:title><media:content url='/f.mp4'/><media:description>About</media:description>\
         </media:group><guid isPermaLink='true'>/film</guid></item>\
         <item><dc:title>Dublin</dc:title><itunes:summary>Talk</itunes:summary><itunes:keywords>a, b</itunes:keywords>\
         <itunes:author>Ann</itunes:author><guid isPermaLink='false'>/no</guid></item>",
    ));
    let [own, film, talk] = feed.entries.as_slice() else { panic!() };
    assert_eq!((own.title.as_deref(), own.published, own.updated), (Some("Own"), time("2025-06-05T00:00:00Z"), None));
    assert_eq!((film.title.as_deref(), film.summary.as_deref()), (Some("Film"), Some("About")));
    assert_eq!((film.link.as_deref(), film.id.as_deref()), (Some("https://example.org/film"), Some("/film")));
    assert_eq!((talk.title.as_deref(), talk.summary.as_deref(), talk.link.as_deref()), (Some("Dublin"), Some("Talk"), None));
    assert_eq!((talk.author.as_deref(), talk.categories.len()), (Some("Ann"), 2));
}

#[test]
fn only_the_newest_of_too_many_entries_are_kept() {
    let item = |number: usize| {
        let day = jiff::civil::date(2000, 1, 1).saturating_add(jiff::Span::new().days(number as i64));
        format!("<item><guid>{number}</guid><pubDate>{day}T00:00:00Z</pubDate></item>")
    };
    let feed = read(&rss(&(0..10_010).map(item).collect::<String>()));
    assert_eq!(feed.entries.len(), 10_000);
    assert!(feed.entries.iter().all(|entry| entry.id.as_deref() != Some("9")));
    assert_eq!(feed.warnings, ["10 entries beyond the newest 10000 were left out"]);
}

#[test]
fn an_article_holds_teaser_and_text_unless_one_holds_the_other() {
    let text = |summary: &str, content: &str| {
        let document =
            rss(&format!("<item><description>{summary}</description><content:encoded>{content}</content:encoded></item>"));
        read(&document).articles(Some("feed"), "Outlet", Timestamp::UNIX_EPOCH).remove(0).text
    };
    assert_eq!(text("Short", "&lt;p&gt;Short and long"), "<p>Short and long");
    assert_eq!(text("The short, the long", "The short"), "The short, the long");
    assert_eq!(text("Teaser", ""), "Teaser");
    assert_eq!(text("Teaser", "Another text"), "Teaser\n\nAnother text");
    assert_eq!(text("Teaser", "&lt;p&gt;Another"), "Teaser\n<p>\n<p>Another");
}

#[test]
fn an_article_is_dated_by_its_publisher_or_not_at_all() {
    let feed = read(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><entry><id>1</id><link href='/1'/>\
        <updated>2025-06-05T11:00:00Z</updated></entry><entry><id>2</id></entry></feed>",
    );
    let articles = feed.articles(None, "Outlet", Timestamp::UNIX_EPOCH);
    assert_eq!((articles[0].published, articles[1].published), (time("2025-06-05T11:00:00Z"), None));
    assert_eq!((articles[0].url.as_deref(), articles[1].url.as_deref()), (Some("https://example.org/1"), None));
}

#[test]
fn the_view_leaves_out_what_is_absent_and_what_is_dangerous() {
    let view = FeedView::from(read(&rss("<item><guid>1</guid><title>A &lt;script&gt;alert(1)&lt;/script&gt;</title>\
        <link>javascript:alert(1)</link><description>&lt;p onclick='x'&gt;b&lt;/p&gt;</description></item>")));
    assert_eq!(
        serde_json::to_string(&view).unwrap(),
        r#"{"format":"rss-2.0","title":"News","entries":[{"id":"1","title":"A ","summary":"<p>b</p>","categories":[],"enclosures":[]}],"warnings":[]}"#
    );
}

/// A feed with something of everything, for mutation.
fn specimen() -> Vec<u8> {
    rss("<item><guid>1</guid><title><![CDATA[A <b>b</b>]]></title><author>a@b.example (É)</author><media:group><media:content \
        url='https://a.example/1' duration='12'/><media:thumbnail url='x' time='1:00:00'/></media:group><itunes:duration>1:02:03\
        </itunes:duration><pubDate>Thu, 05 Jun 2025 14:00:00 +0200</pubDate></item>")
    .into_bytes()
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = parse(&bytes, None, None);
    }

    #[test]
    fn no_mutation_of_a_feed_makes_the_reader_panic(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        end in any::<prop::sample::Index>(),
    ) {
        let mut bytes = specimen();
        for (place, byte) in edits {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        bytes.truncate(end.index(bytes.len() + 1));
        let first = parse(&bytes, None, None);
        prop_assert_eq!(first, parse(&bytes, None, None));
    }
}

#[test]
fn a_feed_names_its_hub_and_itself_and_what_entries_name_is_theirs() {
    let both = |document: &str| {
        let feed = parse(document.as_bytes(), None, Some(&"https://news.example/all".parse().unwrap())).unwrap();
        (feed.hub, feed.topic)
    };
    let expected = (Some("https://hub.example/?a=1&b=2".to_owned()), Some("https://news.example/f".to_owned()));
    for document in [
        "<feed><link rel='hub' href='https://hub.example/?a=1&amp;b=2'/><link rel=\"self\" href=\"/f\"/></feed>",
        "<rss><channel><link>https://news.example/</link><item/><atom10:link rel=\"Hub x\" href=\" https://hub.example/?a=1&amp;b=2 \"/>\
         <atom:link href=\"https://news.example/f\" rel=\"http://www.iana.org/assignments/relation/self\"/></channel></rss>",
        "{\"version\":\"https://jsonfeed.org/version/1.1\",\"feed_url\":\"/f\",\"hubs\":[{\"type\":\"rssCloud\",\"url\":\"https://a.example\"},\
         {\"type\":\"WebSub\",\"url\":\"https://hub.example/?a=1&b=2\"}],\"items\":[]}",
    ] {
        assert_eq!(both(document), expected, "{document}");
    }
    assert_eq!(both("<feed><entry><link rel='hub' href='h'/><link rel='self' href='s'/></entry></feed>"), (None, None));
    assert_eq!(both("{\"version\":\"https://jsonfeed.org/version/1\",\"hubs\":3,\"items\":[]}"), (None, None));
}
