//! What is read, written again in another format and read again stays the same.

use super::*;

/// An entry with whatever of its values.
fn entry() -> impl Strategy<Value = Entry> {
    let words = || prop::option::of("[a-zA-Z0-9 <>&;\"'/=!\\[\\]-]{0,30}[a-zé中😀.]");
    let moment = prop::option::of(100_000_000_i64..4_000_000_000);
    let path = prop::option::of("/[a-z0-9?=&%.~_-]{1,12}");
    (
        prop::option::of("[a-zA-Z0-9:.&<_-]{1,12}"),
        words(),
        words(),
        words(),
        moment,
        path,
        prop::collection::vec("[a-z&<]{1,5}", 0..3),
    )
        .prop_map(|(id, title, summary, content, moment, path, categories)| Entry {
            key: ArticleKey(String::new()),
            id,
            title,
            link: path.map(|path| format!("https://example.org{path}")),
            published: moment.map(|second| Timestamp::from_second(second).unwrap()),
            updated: None,
            author: None,
            summary,
            content,
            language: None,
            categories,
            enclosures: vec![],
            flaw: None,
        })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&#34;")
}

fn element(name: &str, value: &Option<String>, write: impl Fn(&str) -> String) -> String {
    value.as_ref().map(|value| format!("<{name}>{}</{}>", write(value), name.split(' ').next().unwrap())).unwrap_or_default()
}

fn as_rss(entries: &[Entry]) -> String {
    let cdata = |text: &str| format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"));
    let item = |entry: &Entry| {
        let date = entry.published.map(|date| date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
        [
            "<item>".to_owned(),
            element("guid isPermaLink='false'", &entry.id, escaped),
            element("title", &entry.title, cdata),
            element("link", &entry.link, escaped),
            element("pubDate", &date, escaped),
            element("description", &entry.summary, escaped),
            element("content:encoded", &entry.content, cdata),
            entry.categories.iter().map(|category| element("category", &Some(category.clone()), escaped)).collect(),
            "</item>".to_owned(),
        ]
        .concat()
    };
    rss(&entries.iter().map(item).collect::<String>())
}

fn as_atom(entries: &[Entry]) -> String {
    let written = |entry: &Entry| {
        let link = entry.link.as_ref().map(|link| format!("<link href=\"{}\"/>", escaped(link)));
        let category = |category: &String| format!("<category term=\"{}\"/>", escaped(category));
        [
            "<entry>".to_owned(),
            element("id", &entry.id, escaped),
            element("title type='html'", &entry.title, escaped),
            link.unwrap_or_default(),
            element("published", &entry.published.map(|date| date.to_string()), escaped),
            element("summary type='html'", &entry.summary, escaped),
            element("content type='html'", &entry.content, escaped),
            entry.categories.iter().map(category).collect(),
            "</entry>".to_owned(),
        ]
        .concat()
    };
    format!("<feed xmlns='http://www.w3.org/2005/Atom'>{}</feed>", entries.iter().map(written).collect::<String>())
}

fn as_json(entries: &[Entry]) -> String {
    let item = |entry: &Entry| {
        serde_json::json!({
            "id": entry.id, "url": entry.link, "title": entry.title, "summary": entry.summary, "content_html": entry.content,
            "date_published": entry.published.map(|date| date.to_string()), "tags": entry.categories,
        })
    };
    let items: Vec<_> = entries.iter().map(item).collect();
    serde_json::json!({"version": "https://jsonfeed.org/version/1.1", "items": items}).to_string()
}

proptest! {
    #[test]
    fn entries_and_their_keys_survive_every_format(entries in prop::collection::vec(entry(), 0..6)) {
        let first = read(&as_rss(&entries)).entries;
        prop_assert_eq!(first.len(), entries.len());
        for (read, written) in first.iter().zip(&entries) {
            let trimmed = |text: &Option<String>| text.as_ref().map(|text| text.trim().to_owned());
            prop_assert_eq!(&read.title, &trimmed(&written.title));
            prop_assert_eq!((&read.id, &read.link, read.published), (&written.id, &written.link, written.published));
            prop_assert_eq!((&read.summary, &read.content), (&trimmed(&written.summary), &trimmed(&written.content)));
        }
        for document in [as_rss(&first), as_atom(&first), as_json(&first)] {
            prop_assert_eq!(&read(&document).entries, &first);
        }
    }

    #[test]
    fn another_reader_makes_the_same_of_a_well_formed_feed(entries in prop::collection::vec(entry(), 0..6)) {
        for document in [as_rss(&entries), as_atom(&entries)] {
            let own = read(&document).entries;
            let other = feed_rs::parser::Builder::new().id_generator(|_, _, _| String::new()).sanitize_content(false).build();
            let other = other.parse(document.as_bytes()).unwrap().entries;
            prop_assert_eq!(own.len(), other.len());
            for (own, other) in own.iter().zip(&other) {
                prop_assert_eq!(own.id.as_deref().unwrap_or_default(), &other.id);
                prop_assert_eq!(own.title.as_deref(), other.title.as_ref().map(|title| title.content.trim()));
                prop_assert_eq!(own.summary.as_deref(), other.summary.as_ref().map(|summary| summary.content.trim()));
                prop_assert_eq!(own.published.map(Timestamp::as_second), other.published.map(|date| date.timestamp()));
                prop_assert_eq!(own.categories.len(), other.categories.iter().map(|category| &category.term).collect::<std::collections::HashSet<_>>().len());
            }
        }
    }
}
