//! JSON Feed 1.0 and 1.1, read for what is there: no slip in one value costs more than that value.

use serde_json::{Map, Value};
use url::Url;

use super::convert::Collector;
use super::draft::Draft;
use super::vocabulary::Field;
use super::{Feed, Format, ParseError, link};

/// Values of one document, lists and objects counted once more: the smallest object takes eighty times its bytes in memory.
const MAX_VALUES: usize = 200_000;

/// Reads a feed. `base` is the address it came from.
///
/// # Errors
/// What is no JSON, or has neither a list of items nor the version of a feed.
pub(super) fn read(document: &str, base: Option<&Url>) -> Result<Feed, ParseError> {
    if values(document) > MAX_VALUES {
        return Err(ParseError::Malformed(format!("this JSON holds more than {MAX_VALUES} values")));
    }
    let mut values = serde_json::Deserializer::from_str(document).into_iter::<Value>();
    let malformed = |error: String| ParseError::Malformed(format!("unable to parse JSON: {error}"));
    let Some(Value::Object(feed)) = values.next().transpose().map_err(|error| malformed(error.to_string()))? else {
        return Err(malformed("no object".to_owned()));
    };
    let version = feed.get("version").and_then(Value::as_str).unwrap_or_default();
    let items = feed.get("items").and_then(Value::as_array);
    if items.is_none() && !version.contains("jsonfeed.org") {
        return Err(ParseError::Malformed("this JSON is no feed: it has neither a version nor items".to_owned()));
    }
    let mut entries = Collector::default();
    for item in items.into_iter().flatten().filter_map(Value::as_object) {
        entries.push(self::item(item, base));
    }
    Ok(entries.finish(about(&feed, base), Format::Json))
}

/// How many values a document holds, without building them: by commas and opening brackets outside of texts.
fn values(document: &str) -> usize {
    let (mut count, mut rest) = (0, document.as_bytes());
    while let Some(start) = memchr::memchr(b'"', rest) {
        let (before, text) = rest.split_at(start);
        count += marks(before);
        rest = after_text(text.get(1..).unwrap_or_default());
    }
    count + marks(rest)
}

fn marks(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count()
}

/// What follows a text whose opening quote has been passed.
fn after_text(mut rest: &[u8]) -> &[u8] {
    while let Some(at) = memchr::memchr2(b'"', b'\\', rest) {
        let escapes = rest.get(at) == Some(&b'\\');
        rest = rest.get(at + 1 + usize::from(escapes)..).unwrap_or_default();
        if !escapes {
            return rest;
        }
    }
    &[]
}

fn about(feed: &Map<String, Value>, base: Option<&Url>) -> Draft {
    let mut draft = Draft::default();
    for (name, field) in [
        ("title", Field::Title),
        ("home_page_url", Field::Link),
        ("feed_url", Field::Id),
        ("description", Field::Summary),
        ("language", Field::Language),
    ] {
        take(&mut draft, feed, name, field, 0, base);
    }
    if let Some(next) = feed.get("next_url").and_then(words) {
        draft.older.offer(0, link::absolute(&next, base));
    }
    if let Some(own) = feed.get("feed_url").and_then(words) {
        draft.topic.offer(0, link::absolute(&own, base));
    }
    let hubs = feed.get("hubs").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    for hub in hubs.filter(|hub| hub.get("type").and_then(words).is_some_and(|kind| kind.eq_ignore_ascii_case("websub"))) {
        if let Some(url) = hub.get("url").and_then(words) {
            draft.hub.offer(0, link::absolute(&url, base));
        }
    }
    authors(&mut draft, feed);
    draft
}

fn item(item: &Map<String, Value>, base: Option<&Url>) -> Draft {
    let mut draft = Draft::default();
    for (name, field, rank) in [
        ("id", Field::Id, 0),
        ("url", Field::Link, 0),
        ("external_url", Field::Link, 1),
        ("title", Field::Title, 0),
        ("summary", Field::Summary, 0),
        ("content_html", Field::Content, 0),
        ("content_text", Field::Content, 1),
        ("date_published", Field::Published, 0),
        ("date_modified", Field::Updated, 0),
        ("language", Field::Language, 0),
    ] {
        take(&mut draft, item, name, field, rank, base);
    }
    authors(&mut draft, item);
    for tag in list(item, "tags").filter_map(words) {
        draft.add_category(&tag);
    }
    for url in list(item, "attachments").filter_map(|attachment| words(attachment.get("url")?)) {
        draft.add_enclosure(link::absolute(&url, base));
    }
    draft
}

fn take(draft: &mut Draft, object: &Map<String, Value>, name: &str, field: Field, rank: u8, base: Option<&Url>) {
    if let Some(text) = object.get(name).and_then(words) {
        let link = (field == Field::Link).then(|| link::absolute(&text, base));
        draft.take(field, rank, text, link);
    }
}

/// The authors of version 1.1, or the one of version 1.0.
fn authors(draft: &mut Draft, object: &Map<String, Value>) {
    for (author, rank) in list(object, "authors").map(|author| (author, 0)).chain(object.get("author").map(|author| (author, 1)))
    {
        if let Some(name) = words(author).or_else(|| words(author.get("name")?)) {
            draft.add_author(rank, name);
        }
    }
}

/// The members of a list; a single value where a list should be is its only one.
fn list<'a>(object: &'a Map<String, Value>, name: &str) -> impl Iterator<Item = &'a Value> {
    let value = object.get(name);
    let members = value.map_or(&[][..], |value| value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice));
    members.iter()
}

/// A text, or a number that stands for one as ids may (version 1.1); nothing if it is empty.
fn words(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_cost_no_more_than_the_value_they_are_in() {
        let document = r#"{"version":"https://jsonfeed.org/version/1","title":7,"items":[
            {"id":1,"title":"One","date_published":"soon","author":{"name":"Ann"},"tags":"a","attachments":[{"url":"b.mp3"},{}]},
            "two",{"id":"3","authors":[{"name":"Ben"},{"url":"x"}],"author":{"name":"Cy"},"tags":["b",null,"b"]}]} trailing"#;
        let feed = read(document, Some(&Url::parse("https://example.org/f/").unwrap())).unwrap();
        assert_eq!((feed.title.as_deref(), feed.entries.len()), (Some("7"), 2));
        let (one, three) = (&feed.entries[0], &feed.entries[1]);
        assert_eq!((one.id.as_deref(), one.published, one.author.as_deref()), (Some("1"), None, Some("Ann")));
        assert_eq!(
            (one.categories.as_slice(), one.enclosures.as_slice()),
            (["a".into()].as_slice(), ["https://example.org/f/b.mp3".into()].as_slice())
        );
        assert_eq!((three.author.as_deref(), three.categories.len()), (Some("Ben"), 1));
    }

    #[test]
    fn other_json_is_no_feed() {
        for document in [r#"{"error":"not found"}"#, r#"{"items":"#, "{", r#"{"items":{}}"#] {
            assert!(matches!(read(document, None), Err(ParseError::Malformed(_))), "{document}");
        }
        assert!(read(r#"{"items":[]}"#, None).is_ok());
        let flood = format!(r#"{{"items":[0{}]}}"#, ",0".repeat(MAX_VALUES + 1));
        assert!(matches!(read(&flood, None), Err(ParseError::Malformed(_))));
        let prose = format!(r#"{{"items":[{{"content_text":"{}"}}]}}"#, r#"a, [b], \"{c}\\"#.repeat(MAX_VALUES));
        assert!(read(&prose, None).is_ok());
    }
}
