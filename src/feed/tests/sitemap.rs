//! Sitemaps read as feeds.

use super::*;

const NEWS: &str = "<?xml version='1.0' encoding='UTF-8'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' \
    xmlns:n='http://www.google.com/schemas/sitemap-news/0.9' xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'>\
    <url><loc>https://example.org/business/article55.html?a=1&amp;b=2</loc><lastmod>2026-11-20T12:30:00+01:00</lastmod>\
    <n:news><n:publication><n:name>The Example Times</n:name><n:language>zh-cn</n:language></n:publication>\
    <n:publication_date>2026-11-20T09:14:00Z</n:publication_date><n:title><![CDATA[Ports & <tariffs>]]></n:title>\
    <n:keywords>trade, ports,</n:keywords><n:genres>Blog</n:genres></n:news>\
    <image:image><image:loc>https://example.org/a.jpg</image:loc><image:title>A crane</image:title></image:image></url>\
    <url><loc>/two.html</loc><n:news><n:publication><n:name>The Example Times</n:name></n:publication>\
    <n:publication_date>2026-11-19</n:publication_date><n:title>Two</n:title></n:news></url></urlset>";

fn plain(urls: &str) -> String {
    format!("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>")
}

#[test]
fn a_news_sitemap_is_read_as_published() {
    let feed = read(NEWS);
    assert_eq!((feed.format.as_str(), feed.title.as_deref(), feed.is_whole), ("sitemap", Some("The Example Times"), true));
    let [one, two] = feed.entries.as_slice() else { panic!() };
    assert_eq!(one.title.as_deref(), Some("Ports & <tariffs>"));
    assert_eq!(one.link.as_deref(), Some("https://example.org/business/article55.html?a=1&b=2"));
    assert_eq!((one.published, one.updated), (time("2026-11-20T09:14:00Z"), time("2026-11-20T11:30:00Z")));
    assert_eq!(
        (one.language.as_deref(), one.categories.as_slice()),
        (Some("zh-cn"), ["trade".into(), "ports".into()].as_slice())
    );
    assert_eq!((one.summary.as_deref(), one.content.as_deref(), one.enclosures.len()), (None, None, 0));
    assert_eq!((two.link.as_deref(), two.published), (Some("https://example.org/two.html"), time("2026-11-19T00:00:00Z")));
}

#[test]
fn a_sitemap_that_declares_no_namespace_is_one_all_the_same() {
    let bare = NEWS.split(" xmlns").next().unwrap().to_owned() + &NEWS[NEWS.find("><url>").unwrap()..].replace("n:", "news:");
    let (bare, whole) = (read(&bare), read(NEWS));
    let said = |feed: &Feed| {
        feed.entries.iter().map(|entry| (entry.title.clone(), entry.link.clone(), entry.published)).collect::<Vec<_>>()
    };
    assert_eq!(said(&bare), said(&whole));
}

#[test]
fn pages_of_a_plain_sitemap_are_links_of_which_nobody_knows_when_they_appeared() {
    let feed = read(&plain("<url><loc>https://example.org/a</loc><lastmod>2026-11-20</lastmod></url><url><loc>/b</loc></url>"));
    assert_eq!(feed.entries[0].updated, time("2026-11-20T00:00:00Z"));
    assert!(feed.warnings.iter().any(|warning| warning.contains("not one for news")));
    let articles = feed.articles(None, "Example", "2026-11-20T01:00:00Z".parse().unwrap());
    let said: Vec<_> =
        articles.iter().map(|article| (article.title.as_str(), article.url.as_deref(), article.published)).collect();
    assert_eq!(said, [("", Some("https://example.org/a"), None), ("", Some("https://example.org/b"), None)]);
}

#[test]
fn a_page_is_the_same_at_the_next_poll_whatever_was_changed_in_it() {
    let page = |changed| keys(&plain(&format!("<url><loc>http://example.org/a</loc><lastmod>{changed}</lastmod></url>")));
    assert_eq!(page("2026-11-20"), page("2026-11-21"));
    let retitled =
        NEWS.replace("Ports", "Harbours").replace("09:14", "10:00").replace("https://example.org", "http://www.example.org");
    assert_eq!(keys(NEWS)[0], keys(&retitled)[0]);
}

#[test]
fn the_largest_sitemap_there_may_be_is_read_for_its_newest_pages() {
    let day = |number: usize| 1 + number / 2_000;
    let url = |number: usize| {
        format!("<url><loc>https://example.org/{number}</loc><lastmod>2026-10-{:02}</lastmod></url>", day(number))
    };
    let feed = read(&plain(&(0..50_000).map(url).collect::<String>()));
    assert_eq!((feed.entries.len(), feed.entries[0].updated), (10_000, time("2026-10-25T00:00:00Z")));
    assert!(feed.warnings[0].starts_with("40000 entries beyond the newest"));
}

#[test]
fn urls_of_feeds_are_no_entries() {
    let feed =
        read(&rss("<image><url>https://example.org/i.png</url><loc>x</loc></image><item><url>x</url><title>One</title></item>"));
    assert_eq!((feed.format, feed.entries.len()), (Format::Rss2, 1));
    assert!(
        matches!(parse(b"<sitemapindex><sitemap><loc>a</loc></sitemap></sitemapindex>", None, None), Err(ParseError::OtherXml(name)) if name == "sitemapindex")
    );
}
