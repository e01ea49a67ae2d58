//! The `Link` fields of an answer (RFC 8288): what they declare as feeds.

use url::Url;

use super::{MAX_OFFERS, Offer, Way, address, is_feed_type, title};

/// The feeds that fields declare, in order.
pub(super) fn offers(fields: &[String], base: &Url) -> Vec<Offer> {
    fields.iter().flat_map(|field| links(field)).take(MAX_OFFERS).filter_map(|link| link.offer(base)).collect()
}

/// One link with its parameters: names in lower case, values without quotes.
struct Link<'a> {
    target: &'a str,
    parameters: Vec<(String, String)>,
}

impl Link<'_> {
    /// Of a parameter given twice the first counts (§3.3, §3.4).
    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn offer(&self, base: &Url) -> Option<Offer> {
        let relations = self.parameter("rel")?.to_ascii_lowercase();
        let is_alternate = relations.split_ascii_whitespace().any(|relation| relation == "alternate");
        if !is_alternate || !is_feed_type(self.parameter("type")?) {
            return None;
        }
        Some(Offer { url: address(self.target, base)?, title: self.parameter("title").and_then(title), way: Way::Declared })
    }
}

/// The links of a field: `<target>; name=value; name="value", …`. What cannot be read ends the reading.
fn links(field: &str) -> impl Iterator<Item = Link<'_>> {
    let mut rest = field;
    std::iter::from_fn(move || {
        let (target, after) = rest.split_once('<')?.1.split_once('>')?;
        rest = after;
        let parameters = std::iter::from_fn(|| parameter(&mut rest)).collect();
        Some(Link { target, parameters })
    })
}

/// The next parameter of a link; nothing at the link's end.
fn parameter(rest: &mut &str) -> Option<(String, String)> {
    let after = rest.trim_start().strip_prefix(';')?.trim_start();
    let (name, after) = after.split_at(after.find(['=', ';', ',', ' ']).unwrap_or(after.len()));
    let name = name.to_ascii_lowercase();
    let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start) else {
        *rest = after;
        return Some((name, String::new()));
    };
    let (value, after) = match value.strip_prefix('"') {
        Some(quoted) => unquoted(quoted),
        None => {
            let (token, after) = value.split_at(value.find([';', ',', ' ']).unwrap_or(value.len()));
            (token.to_owned(), after)
        }
    };
    *rest = after;
    Some((name, value))
}

/// A quoted string (RFC 9110 §5.6.4) from behind its first quote, and what follows it.
fn unquoted(quoted: &str) -> (String, &str) {
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, quoted.get(at + 1..).unwrap_or_default()),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            other => value.push(other),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(field: &str) -> Vec<(String, Option<String>)> {
        let base = "https://news.example/world/".parse().unwrap();
        offers(&[field.to_owned()], &base).into_iter().map(|offer| (offer.url.into(), offer.title)).collect()
    }

    #[test]
    fn feeds_are_found_among_other_links() {
        let field = "<https://news.example/wp-json/>; rel=\"https://api.w.org/\", <style.css>;rel=preload;as=style, \
                     <feed.atom>; REL=\"self Alternate\"; title=\"News, \\\"and\\\" more\"; type=\"application/atom+xml; charset=utf-8\",\
                     </b>;rel=alternate;type=application/rss+xml";
        let expected = [
            ("https://news.example/world/feed.atom".to_owned(), Some("News, \"and\" more".to_owned())),
            ("https://news.example/b".to_owned(), None),
        ];
        assert_eq!(read(field), expected);
    }

    #[test]
    fn other_alternates_are_no_feeds() {
        for field in
            ["<de.html>; rel=alternate; hreflang=de", "<x>; rel=alternate", "<x>; type=text/xml", "<x", "", "x;rel=alternate"]
        {
            assert_eq!(read(field), [], "{field}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_field_is_too_broken_to_be_looked_at(field in "(<|>|;|,|=|\"|\\\\| |rel|alternate|type|text/xml|é|x){0,40}") {
            let _ = read(&field);
        }
    }
}
