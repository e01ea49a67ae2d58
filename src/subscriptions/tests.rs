//! Lists through the whole way: read, planned, written, read again.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::config::{self, Diagnostics, Feed, Http};
use crate::fetch::Guard;

fn guard(allow_private_addresses: bool) -> Guard {
    let mut http: Http = config::load(std::path::Path::new("/nowhere"), &mut Diagnostics::default()).http;
    http.allow_private_addresses = allow_private_addresses;
    Guard::new(&http)
}

fn planned(list: &str) -> Plan {
    let wishes = read(list.as_bytes()).unwrap().into_iter().map(|outline| Wish { outline, tags: Vec::new() });
    plan(wishes.collect(), &BTreeMap::new(), &guard(false))
}

fn list(outlines: &str) -> String {
    format!("<?xml version=\"1.0\"?><opml version=\"2.0\"><head><title>Mine</title></head><body>{outlines}</body></opml>")
}

/// Names, addresses and tags of what would be added.
fn added(outlines: &str) -> Vec<(String, String, String)> {
    let added = planned(&list(outlines)).added.into_iter();
    added.map(|feed| (feed.name, feed.url.into(), feed.tags.join(","))).collect()
}

fn refused(outlines: &str) -> String {
    let plan = planned(&list(outlines));
    assert_eq!(plan.added, []);
    plan.refused.iter().map(|refusal| format!("{}: {}{}\n", refusal.what, refusal.why, refusal.hint)).collect()
}

/// What a configuration makes of tables of feeds.
fn configured(tables: &str) -> BTreeMap<String, Feed> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wirewatch.toml");
    std::fs::write(&path, tables).unwrap();
    let mut diagnostics = Diagnostics::default();
    let config = config::load(&path, &mut diagnostics);
    assert_eq!(diagnostics.errors(), 0, "{tables}\n{}", diagnostics.render(false));
    config.feeds
}

#[test]
fn folders_and_categories_become_tags() {
    let outlines = "<outline text='World'><outline text='Asia &amp; Pacific'>\
        <outline type='rss' text='NHK' xmlUrl='https://nhk.example/rss' htmlUrl='https://nhk.example/' category='press,/by country/jp,press'/></outline>\
        <outline xmlUrl='https://a.example/x?b=1&amp;c=2' title='The Title' text='Text'/></outline><outline XMLURL='http://b.example/'></outline>";
    let expected = [
        ("nhk", "https://nhk.example/rss", "World,Asia & Pacific,press,by country,jp"),
        ("the-title", "https://a.example/x?b=1&c=2", "World"),
        ("b", "http://b.example/", ""),
    ];
    assert_eq!(added(outlines), expected.map(|(name, url, tags)| (name.to_owned(), url.to_owned(), tags.to_owned())));
}

#[test]
fn what_is_commented_out_is_not_taken_with_all_that_lies_in_it() {
    let outlines = "<outline text='off' isComment='true'><outline text='x'><outline xmlUrl='https://a.example/'/></outline></outline>\
                    <outline xmlUrl='https://b.example/'/>";
    assert_eq!(added(outlines).len(), 1);
}

#[test]
fn the_same_feed_twice_is_taken_once_and_said() {
    let plan = planned(&list(
        "<outline text='A' xmlUrl='https://a.example/feed/'/><outline text='A' xmlUrl='http://www.a.example/feed?utm_source=x'/>\
         <outline text='A' xmlUrl='feed://b.example/'/><outline text='B' xmlUrl='feed:https://b.example'/>",
    ));
    let names: Vec<_> = plan.added.iter().map(|feed| feed.name.as_str()).collect();
    assert_eq!((names, plan.known.len()), (vec!["a", "a-2"], 2));
    assert_eq!((plan.known[0].1.as_str(), plan.known[1].1.as_str()), ("a", "a-2"));
}

#[test]
fn every_address_that_may_not_be_asked_is_refused_by_itself_with_its_reason() {
    for (address, why) in [
        ("http://127.0.0.1/feed", "loopback"),
        ("http://0x7f.1/", "loopback"),
        ("http://localhost:8080/", "loopback"),
        ("http://feeds.localhost./", "loopback"),
        ("http://[::ffff:10.0.0.1]/", "private"),
        ("https://169.254.169.254/latest/meta-data", "link-local"),
        ("feed://192.168.1.1/", "private"),
        ("file:///etc/passwd", "only http: and https:"),
        ("gopher://a.example/", "only http: and https:"),
        ("javascript:alert(1)", "only http: and https:"),
        ("data:text/xml,&lt;rss/&gt;", "only http: and https:"),
        ("/feed.xml", "addresses begin with https://"),
        ("https://", "not an address"),
        ("https://me:secret@a.example/", "user name or a password"),
    ] {
        let told = refused(&format!("<outline text='T' xmlUrl='{address}'/>"));
        assert!(told.contains(why) && told.starts_with("T ") && !told.contains("secret@"), "{address}: {told}");
    }
    assert!(refused("<outline text='P' htmlUrl='https://a.example/'/>").contains("feeds add"));
    assert!(refused("<outline text='I' type='include' url='https://a.example/l.opml'></outline>").contains("no address"));
    assert!(refused(&format!("<outline xmlUrl='https://a.example/{}'/>", "x".repeat(5_000))).contains("longer than"));
}

#[test]
fn hostile_lists_are_read_within_bounds() {
    let xxe = format!(
        "<!DOCTYPE opml [<!ENTITY x SYSTEM 'file:///etc/passwd'><!ENTITY y 'yyyy'>]>{}",
        list("<outline text='&x;&y;' xmlUrl='https://a.example/'/>")
    );
    assert_eq!(planned(&xxe).added[0].outlet.as_deref(), Some("&x;&y;"));
    let deep = "<outline text='f'>".repeat(50_000);
    let feeds = added(&format!(
        "{deep}<outline xmlUrl='https://a.example/'/>{}<outline xmlUrl='https://b.example/'/>",
        "</outline>".repeat(50_000)
    ));
    assert_eq!(feeds.iter().map(|(.., tags)| tags.as_str()).collect::<Vec<_>>(), ["f", ""]);
    let flood = "<outline xmlUrl='https://a.example/'/>".repeat(20_001);
    assert_eq!(read(list(&flood).as_bytes()), Err(ListError::TooMany));
    let wide =
        format!("<outline xmlUrl='https://a.example/' text='{0}' category='{1}'/>", "é".repeat(100_000), ",c".repeat(100_000));
    let feed = planned(&list(&wide)).added.remove(0);
    assert!(feed.outlet.unwrap().chars().count() == LONGEST_TITLE && feed.name.len() <= 40 && feed.tags == ["c"]);
}

#[test]
fn other_documents_are_no_lists() {
    assert_eq!(read(b"<rss/>"), Err(ListError::OtherRoot("rss".into())));
    assert_eq!(read(b"{}"), Err(ListError::NoElements));
    assert_eq!(read(format!("<{}>", "a".repeat(9_000)).as_bytes()), Err(ListError::OtherRoot("a".repeat(40))));
    assert_eq!(read(b"\xff\xfe<\0o\0p\0m\0l\0>\0"), Ok(vec![]));
}

fn words() -> impl Strategy<Value = String> {
    // what a name, a title or a tag may hold; blanks around it are nobody's wish
    "[^\\p{C}\u{fffe}\u{ffff}]{1,30}".prop_map(|words| words.trim().to_owned()).prop_filter("empty", |words| !words.is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_exported_is_imported_as_it_was(
        feeds in prop::collection::btree_map(words(), (words(), prop::collection::btree_set(words(), 0..4)), 1..6),
    ) {
        let subscription = |(at, (name, (outlet, tags))): (usize, (String, (String, std::collections::BTreeSet<String>)))| Subscription {
            name,
            url: format!("https://{at}.example/a%20b?c=1&d=<>\"'").parse().unwrap(),
            outlet: Some(outlet),
            tags: tags.into_iter().filter(|tag| !tag.contains([',', '/'])).collect(),
        };
        let feeds: Vec<Subscription> = feeds.into_iter().enumerate().map(subscription).collect();
        let export = export(&configured(&tables(&feeds)));
        prop_assert_eq!(&export.left_out, &vec![]);
        let again = planned(&export.opml);
        prop_assert_eq!((again.known.len(), again.refused.len()), (0, 0));
        prop_assert_eq!(again.added, feeds);
    }

    #[test]
    fn no_list_is_too_broken_to_be_read(text in "(<|>|/|!|=|\"|'| |opml|outline|xmlUrl|text|category|https://a.example|&amp;|é|,){0,60}") {
        let _ = read(format!("<opml>{text}").as_bytes()).map(|outlines| {
            let wishes = outlines.into_iter().map(|outline| Wish { outline, tags: Vec::new() });
            tables(&plan(wishes.collect(), &BTreeMap::new(), &guard(true)).added)
        });
    }
}
