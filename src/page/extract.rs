//! The text of the article in a page.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_smoothie::{Config, Readability};

use super::prune::prune;
use crate::feed::decode::decode;
use crate::text::to_plain;

/// How far into a page its own word on its encoding is looked for, in bytes (HTML §13.2.3.2).
const PROLOG: usize = 1024;

/// The article's text, one paragraph a line; nothing where none is to be found.
///
/// `content_type` is the HTTP field the page came with. Navigation, comments, teasers and whatever else stands around the article
/// are left out, as far as they can be told.
pub fn extract(bytes: &[u8], content_type: Option<&str>) -> Option<String> {
    let page = characters(bytes, content_type);
    let is_plain = content_type.is_some_and(|given| given.trim_start().to_ascii_lowercase().starts_with("text/plain"));
    // no panic is known; one would be a page without an article, no more
    let text = if is_plain { Some(to_plain(&page)) } else { catch_unwind(AssertUnwindSafe(|| read(&page))).ok().flatten() };
    text.filter(|text| !text.is_empty())
}

/// The characters of a page, by what its server or it itself says of its encoding, or as they seem.
pub fn characters<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    let declared = content_type.filter(|given| given.to_ascii_lowercase().contains("charset=")).map(str::to_owned);
    decode(bytes, declared.or_else(|| charset(bytes)).as_deref()).text
}

fn read(page: &str) -> Option<String> {
    let config = Config { disable_json_ld: true, ..Config::default() };
    let article = Readability::new(prune(page), None, Some(config)).ok()?.parse().ok()?;
    Some(to_plain(&article.content))
}

/// What a page says of its encoding in a `meta` element, as a content type would.
fn charset(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(bytes.get(..PROLOG).unwrap_or(bytes)).to_ascii_lowercase();
    let value = start.split("<meta").skip(1).find_map(|meta| meta.split('>').next()?.split_once("charset"))?.1;
    let value =
        value.trim_start().strip_prefix('=')?.trim_start_matches(|sign: char| sign.is_whitespace() || "\"'".contains(sign));
    let label: String = value.chars().take_while(|sign| sign.is_ascii_alphanumeric() || "-_:.".contains(*sign)).collect();
    (!label.is_empty()).then(|| format!("text/html; charset={label}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAD: &str = "The ministry said on Tuesday that the duty on imported steel would rise to a quarter of its price, \
                        effective at once, and that further metals were under study by its experts.";
    const SECOND: &str = "Producers abroad, who were told an hour before, called the step a breach of what had been agreed in \
                          spring, and asked their own governments to answer it in kind, with fruit, machines and aircraft parts.";

    fn page(article: &str) -> String {
        format!(
            "<!doctype html><html><head><meta charset=utf-8><title>Duty rises | The Wire</title><script>var a = '<p>no</p>';</script></head>\
             <body><header><ul><li><a href=/>Home</a><li><a href=/sport>Sport</a></ul></header><div class=cookie-banner><p>We use cookies.</p></div>\
             <div class=\"story-body\">{article}</div><aside class=related><ul><li><a href=/1>Cats</a><li><a href=/2>Dogs</a></ul></aside>\
             <footer><p>Copyright</p></footer></body></html>"
        )
    }

    fn text(page: &str) -> Option<String> {
        extract(page.as_bytes(), Some("text/html"))
    }

    #[test]
    fn the_article_is_found_and_what_stands_around_it_is_not() {
        let article = format!("<h1>Duty rises</h1><p>{LEAD}</p><p>{SECOND}</p><p>{LEAD}</p>");
        let text = text(&page(&article)).unwrap();
        assert!(text.contains(LEAD) && text.contains(SECOND), "{text}");
        assert!(text.lines().count() >= 3, "{text}");
        for other in ["Sport", "cookies", "Cats", "Copyright", "no"] {
            assert!(
                !text.lines().any(|line| line.contains(other) && !line.contains("ministry") && !line.contains("abroad")),
                "{text}"
            );
        }
    }

    #[test]
    fn a_page_without_an_article_gives_nothing_or_little() {
        for page in ["", "<html></html>", "<script>location='/'</script>", "\u{0}\u{1}"] {
            assert_eq!(text(page), None, "{page}");
        }
    }

    #[test]
    fn a_plain_text_is_its_own_article() {
        assert_eq!(
            extract(b"Duty rises\n\nOn steel.", Some("Text/Plain; charset=utf-8")).as_deref(),
            Some("Duty rises\nOn steel.")
        );
    }

    #[test]
    fn a_page_is_read_in_the_encoding_it_declares() {
        let article = page(&format!("<p>Größe: {LEAD}</p><p>{SECOND}</p>")).replace("utf-8", "'iso-8859-1'");
        let bytes: Vec<u8> = article.chars().map(|sign| u8::try_from(u32::from(sign)).unwrap()).collect();
        assert!(extract(&bytes, Some("text/html")).unwrap().contains("Größe"));
        assert_eq!(
            charset(b"<meta http-equiv=x content='text/html; CHARSET=Shift_JIS'>").as_deref(),
            Some("text/html; charset=shift_jis")
        );
        assert_eq!(charset(b"<meta name=charset><p>charset=x"), None);
    }
}
