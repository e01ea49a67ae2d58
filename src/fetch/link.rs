//! The `Link` fields of an answer (RFC 8288).

/// One link with its parameters: names in lower case, values without quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link<'a> {
    /// The address, as written.
    pub target: &'a str,
    parameters: Vec<(String, String)>,
}

impl Link<'_> {
    /// What a parameter says; of one given twice the first counts (§3.3, §3.4).
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether it has a relation, among others.
    pub fn is_related(&self, relation: &str) -> bool {
        let relations = self.parameter("rel").unwrap_or_default();
        relations.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(relation))
    }
}

/// The links of a field: `<target>; name=value; name="value", …`. What cannot be read ends the reading.
pub fn links(field: &str) -> impl Iterator<Item = Link<'_>> {
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
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn links_are_read_however_they_are_written() {
        for field in [
            "<https://hub.example/>; rel=\"hub\"; title=\"News, \\\"and\\\" more\"",
            "<x>, <https://hub.example/>; crossorigin; title=\"News, \\\"and\\\" more\"; REL=\"first HUB\"; rel=self",
            "</b>;rel=next,<https://hub.example/>;title=\"News, \\\"and\\\" more\" ;rel = hub",
        ] {
            let link = links(field).find(|link| link.is_related("hub")).unwrap();
            assert_eq!((link.target, link.parameter("title")), ("https://hub.example/", Some("News, \"and\" more")), "{field}");
            assert!(!link.is_related("self"), "{field}");
        }
    }

    proptest! {
        #[test]
        fn no_field_is_too_broken_to_be_looked_at(field in "(<|>|;|,|=|\"|\\\\| |rel|alternate|type|text/xml|é|x){0,40}") {
            prop_assert!(links(&field).count() <= field.len());
        }
    }
}
