//! The article to explain, from whatever it is kept in.

use anyhow::Context;
use jiff::Timestamp;

use crate::cli::article::Written;
use crate::cli::source::Bytes;
use crate::model::{Article, ArticleKey};
use crate::page;
use crate::text::to_plain;

/// An article, and of a web page which part of it that is.
pub(super) struct Input {
    pub(super) article: Article,
    pub(super) part: Option<&'static str>,
}

/// Reads an article: an object as `replay` reads them, a web page with its title, or a text whose first line is the headline. A page is
/// read as the daemon reads pages.
pub(super) fn read(place: &str, source: Bytes, now: Timestamp) -> anyhow::Result<Input> {
    if source.bytes.trim_ascii_start().starts_with(b"{") {
        let written: Written = serde_json::from_slice(&source.bytes).with_context(|| place.to_owned())?;
        return Ok(Input { article: written.into_article(now), part: None });
    }
    let content_type = source.content_type.as_deref();
    let written = page::characters(&source.bytes, content_type);
    let (title, text) = headline_and_text(&written);
    let (text, part) = match page_title(&written).map(|_| page::extract(&source.bytes, content_type)) {
        Some(Some(found)) => (found, Some("the text is the article found in the page, as the daemon finds it")),
        Some(None) => (text, Some("no article was found in the page: the text is all of it")),
        None => (text, None),
    };
    let url = source.url.map(String::from);
    let article = Article {
        key: ArticleKey(url.clone().unwrap_or_else(|| place.to_owned())),
        feed: None,
        outlet: String::new(),
        url,
        title,
        text,
        author: None,
        language: None,
        published: None,
        first_seen: now,
    };
    Ok(Input { article, part })
}

fn headline_and_text(written: &str) -> (String, String) {
    if let Some((title, text)) = page_title(written) {
        return (title.to_owned(), text.to_owned());
    }
    let plain = to_plain(written);
    let (title, text) = plain.split_once('\n').unwrap_or((&plain, ""));
    (title.to_owned(), text.to_owned())
}

/// What stands in the first `<title>`, and all that follows it.
fn page_title(page: &str) -> Option<(&str, &str)> {
    let lower = page.to_ascii_lowercase();
    let tag = lower.find("<title")?;
    let start = tag + lower.get(tag..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title>")?;
    Some((page.get(start..end)?, page.get(end + "</title>".len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn halves(written: &str) -> (String, String) {
        headline_and_text(written)
    }

    #[test]
    fn the_first_line_of_a_text_is_its_headline() {
        assert_eq!(halves("\n Duties rise\n\nOn steel.\nOn zinc."), ("Duties rise".into(), "On steel.\nOn zinc.".into()));
        assert_eq!(halves("Duties rise"), ("Duties rise".into(), String::new()));
    }

    #[test]
    fn a_page_has_its_title_for_a_headline() {
        let page = "<html><head><TITLE lang=en>Duties &amp; quotas</title></head><body><p>On steel.</body>";
        assert_eq!(halves(page), ("Duties &amp; quotas".into(), "</head><body><p>On steel.</body>".into()));
    }

    #[test]
    fn a_page_without_a_title_begins_with_its_first_paragraph() {
        assert_eq!(halves("<p>Duties rise</p><p>On steel.</p>"), ("Duties rise".into(), "On steel.".into()));
    }

    #[test]
    fn an_undated_article_is_judged_now() {
        let now = Timestamp::UNIX_EPOCH;
        let bytes = |text: &str| Bytes { bytes: text.into(), content_type: None, url: None };
        let dated = read("-", bytes(r#" {"id":"a","published":"2025-06-05T10:00:00Z"}"#), now).unwrap();
        assert_eq!(dated.article.when().to_string(), "2025-06-05T10:00:00Z");
        assert_eq!(read("-", bytes(r#"{"id":"a"}"#), now).unwrap().article.when(), now);
        assert_eq!(read("-", bytes("Duties rise"), now).unwrap().article.when(), now);
    }
}
