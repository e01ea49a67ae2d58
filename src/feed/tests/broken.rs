//! Feeds that are broken, odd or hostile.

use super::*;

#[test]
fn values_beyond_all_measure_cost_nothing() {
    for item in [
        "<itunes:duration>999999999999999999999</itunes:duration>",
        "<itunes:duration>١٢:٣٤:٥٦</itunes:duration>",
        "<author>Zoë Müller，a@b.example</author>",
        "<pubDate>99999999999999999999999999</pubDate>",
        "<enclosure url='http://[bad' length='x'/>",
    ] {
        assert_eq!(read(&rss(&format!("<item>{item}</item><item/>"))).entries.len(), 2, "{item}");
    }
    let huge = format!("<rss {} version='2.0'><item><title>a</title></item></rss>", "a='b' ".repeat(100_000));
    assert_eq!(read(&huge).entries.len(), 1);
    let prefixes: String = (0..20_000).map(|number| format!(" xmlns:n{number}='u'")).collect();
    assert_eq!(read(&format!("<rss{prefixes}>{}</rss>", "<item/>".repeat(1_000))).entries.len(), 1_000);
}

#[test]
fn nesting_without_end_costs_nobody_an_entry() {
    for tag in ["media:group", "itunes:category", "x", "description"] {
        let deep =
            format!("<item><guid>1</guid>{}{}</item>", format!("<{tag}>").repeat(60_000), format!("</{tag}>").repeat(60_000));
        let feed = read(&rss(&format!("{deep}<item><guid>2</guid></item>")));
        assert!(feed.entries.iter().any(|entry| entry.id.as_deref() == Some("2")), "{tag}");
    }
    let open = rss(&format!("<item><guid>1</guid>{}<item><guid>2</guid></item>", "<br>".repeat(200)));
    assert_eq!(read(&open).entries.len(), 2);
    let deep = format!(r#"{{"version":"https://jsonfeed.org/version/1","x":{}"#, "[".repeat(1_000_000));
    assert!(matches!(parse(deep.as_bytes(), None, None), Err(ParseError::Malformed(_))));
    let nested = rss(&format!("<item>{}</item>", "<x>".repeat(200)));
    assert_eq!(read(&nested).warnings, ["elements nested more than 100 deep were read as text"]);
}

#[test]
fn an_entry_in_whose_middle_the_document_ends_is_shown_and_not_judged() {
    let whole = "<item><guid>1</guid><title>One</title></item>";
    for cut in ["<item><guid>2", "<item><title>Tw", "<item><guid>2</guid><ti", "<item><description><![CDATA[Tw"] {
        let feed = read(&format!("<rss><channel>{whole}{cut}"));
        assert_eq!(feed.entries.len(), 2, "{cut}");
        assert_eq!(feed.warnings, ["the document ends in the middle of its last entry"], "{cut}");
        assert_eq!(feed.articles(None, "", Timestamp::UNIX_EPOCH).len(), 1, "{cut}");
    }
    for whole in
        ["<rss><channel><item><guid>2</guid>", "<rss><channel><item><guid>2</guid></item>", "<rss><item><guid>2</guid></rss>\n"]
    {
        assert_eq!(read(whole).sound_entries().len(), 1, "{whole}");
    }
}

#[test]
fn every_dialect_is_read() {
    for (document, format) in [
        ("<RSS VERSION='2.0'><CHANNEL><ITEM><TITLE>a</TITLE><LINK>/1</LINK></ITEM></CHANNEL></RSS>", Format::Rss2),
        ("<rss version=' 2.01 '><channel><item><title>a</title><link>/1</link></item></channel></rss>", Format::Rss2),
        ("<rss version='0.93'><channel><item><title>a</title><link>/1</link></item></channel></rss>", Format::Rss0),
        ("<rss><item><title>a</title><link>/1</link></item></rss>", Format::Rss2),
        ("<rdf:RDF><channel/><item rdf:about='x'><title>a</title><link>/1</link></item></rdf:RDF>", Format::Rss1),
        (
            "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple/0.9/'>\
             <channel/><item><title>a</title><link>/1</link></item></r:RDF>",
            Format::Rss1,
        ),
        (
            "<rdf:RDF xmlns:s='http://purl.org/rss/1.0/'><s:item><s:title>a</s:title><s:link>/1</s:link></s:item></rdf:RDF>",
            Format::Rss1,
        ),
        (
            "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title mode='escaped'>a</title>\
             <link rel='alternate' type='text/html' href='/1'/></entry></feed>",
            Format::Atom,
        ),
        (
            "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>a</a:title><a:link href='/1'/></a:entry></a:feed>",
            Format::Atom,
        ),
        ("<entry xmlns='http://www.w3.org/2005/Atom'><title>a</title><link href='/1'/></entry>", Format::Atom),
        ("<Channel HREF='x'><Item HREF='/1' LASTMOD='2025-06-05'><Title>a</Title></Item></Channel>", Format::Cdf),
    ] {
        let feed = read(document);
        assert_eq!((feed.format, feed.entries.len()), (format, 1), "{document}");
        let entry = &feed.entries[0];
        assert_eq!((entry.title.as_deref(), entry.link.as_deref()), (Some("a"), Some("https://example.org/1")), "{document}");
    }
}

#[test]
fn one_slip_costs_no_entry_and_no_other_value() {
    for (slip, summary) in [
        ("<description>AT&T & co <3 <b</description>", Some("AT&T & co <3 <b")),
        ("<description>caf&eacute;&nbsp;&rsquo;&#146;</description>", Some("café\u{a0}’’")),
        ("<description>a\u{b}b\u{1}</description>", Some("ab")),
        ("<description>a</descripton>", Some("a")),
        ("<description>a <b>bold</description>", Some("a <b>bold</b>")),
        ("<description>a", Some("a")),
        ("<description><![CDATA[a]]></description></p></div>", Some("a")),
        ("<description/><summary>a</summary>", Some("a")),
        ("<foo:bar>x</foo:bar><description>a</description>", Some("a")),
        ("<enclosure url='/1' url='/2' type=a><description>a</description>", Some("a")),
        ("<image><title>no</title><link>/no</link><description>a</description>", None),
    ] {
        let item =
            |slip: &str| format!("<item>{slip}<guid>1</guid><pubDate>2025-06-05</pubDate></item><item><guid>2</guid></item>");
        let feed = read(&rss(&item(slip)));
        assert_eq!(feed.entries.len(), 2, "{slip}");
        let entry = &feed.entries[0];
        assert_eq!(entry.summary.as_deref(), summary, "{slip}");
        if !slip.starts_with("<enclosure") && !slip.starts_with("<image") {
            assert_eq!((entry.id.as_deref(), entry.published), (Some("1"), time("2025-06-05T00:00:00Z")), "{slip}");
        }
    }
}

#[test]
fn what_stands_before_or_after_a_feed_is_passed_over() {
    let feed = rss("<item><guid>1</guid></item>");
    for (before, after) in [
        ("\n\n \u{feff}", ""),
        ("Warning: something() failed in line 3<br/>\n<?xml version='1.0'?>", ""),
        ("<?xml version='1.0'?><?xml-stylesheet href='x'?><!-- <rss> -->", "<!-- cached > --><script>1</script>"),
        ("<!DOCTYPE rss PUBLIC '-//x' 'http://x/' [<!ENTITY a 'b'>]>", "\0\0"),
    ] {
        assert_eq!(read(&[before, &feed, after].concat()).entries.len(), 1, "{before}");
    }
}

#[test]
fn entities_of_files_and_of_entities_are_never_followed() {
    let head = "<!DOCTYPE rss [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'><!ENTITY f SYSTEM 'file:///etc/hostname'>]>";
    let feed = read(&format!("{head}<rss><item><title>&a; &b; &f;</title></item></rss>"));
    assert_eq!(feed.entries[0].title.as_deref(), Some("ha &b; &f;"));
}

#[test]
fn no_repetition_takes_time_by_the_square_of_it() {
    let cdata = format!("{}</item>]]>", "<![CDATA[".repeat(30_000));
    let mut floods: Vec<String> =
        ["<!--", "<![CDATA[", "<?", "<!x>", "<![>", "<!DOCTYPE [", "<a b='", "<a b=\"<c d='", "</", "&a", "<item "]
            .iter()
            .map(|piece| piece.repeat(30_000))
            .collect();
    floods.push(cdata);
    for flood in floods {
        assert!(parse(rss(&flood).as_bytes(), None, None).is_ok(), "{}", &flood[..10]);
    }
}
