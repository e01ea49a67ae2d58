//! What holds within an element and ends with it: prefixes, the base of links, the language.

use std::borrow::Cow;

use url::Url;

use super::markup::Tag;
use super::vocabulary::Space;

/// Prefixes declared at one time; more are not looked at.
const MAX_PREFIXES: usize = 64;

/// Scopes by the depth of the element that opened them.
pub(super) struct Scopes<'a> {
    prefixes: Vec<(usize, &'a str, Space)>,
    bases: Vec<(usize, Url)>,
    languages: Vec<(usize, Cow<'a, str>)>,
    outer: Option<&'a Url>,
}

impl<'a> Scopes<'a> {
    /// `base` is the address of the document.
    pub(super) fn new(base: Option<&'a Url>) -> Self {
        Self { prefixes: Vec::new(), bases: Vec::new(), languages: Vec::new(), outer: base }
    }

    /// Takes what a start tag says for the element it opens at a depth.
    pub(super) fn enter(&mut self, depth: usize, tag: &Tag<'a>) {
        if tag.rest.is_empty() {
            return;
        }
        for (name, value) in tag.attributes() {
            let Some((before, after)) = name.split_once(':') else {
                match name {
                    "xmlns" => self.declare(depth, "", value),
                    _ if name.eq_ignore_ascii_case("base") => self.rebase(depth, value),
                    _ => {}
                }
                continue;
            };
            match (before, after) {
                ("xmlns", prefix) => self.declare(depth, prefix, value),
                ("xml", "base") => self.rebase(depth, value),
                ("xml", "lang") => self.languages.push((depth, value.trim().replace('_', "-").into())),
                _ => {}
            }
        }
    }

    /// Forgets what was said at a depth and below.
    pub(super) fn leave(&mut self, depth: usize) {
        fn forget<T>(scopes: &mut Vec<T>, depth: usize, depth_of: impl Fn(&T) -> usize) {
            while scopes.last().is_some_and(|last| depth_of(last) >= depth) {
                scopes.pop();
            }
        }
        forget(&mut self.prefixes, depth, |scope| scope.0);
        forget(&mut self.bases, depth, |scope| scope.0);
        forget(&mut self.languages, depth, |scope| scope.0);
    }

    /// A name that is none of ours makes its prefix a stranger's; the default one is then taken for the feed's own.
    fn declare(&mut self, depth: usize, prefix: &'a str, name: &str) {
        if self.prefixes.len() < MAX_PREFIXES {
            let stranger = if prefix.is_empty() { Space::Core } else { Space::Other };
            self.prefixes.push((depth, prefix, Space::of_name(name).unwrap_or(stranger)));
        }
    }

    /// A base that cannot be one is passed over.
    fn rebase(&mut self, depth: usize, value: &str) {
        let value = value.trim();
        let base = self.base().map_or_else(|| Url::parse(value), |base| base.join(value));
        if let Ok(base) = base
            && !base.cannot_be_a_base()
        {
            self.bases.push((depth, base));
        }
    }

    /// The vocabulary of a name.
    pub(super) fn space_of(&self, name: &str) -> Space {
        let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
        let declared = self.prefixes.iter().rev().find(|(_, known, _)| *known == prefix);
        declared.map_or_else(|| Space::of_prefix(prefix), |(.., space)| *space)
    }

    /// What links are relative to.
    pub(super) fn base(&self) -> Option<&Url> {
        self.bases.last().map(|(_, base)| base).or(self.outer)
    }

    /// The language, unless it is unknown.
    pub(super) fn language(&self) -> Option<&str> {
        self.languages.last().map(|(_, language)| language.as_ref()).filter(|language| !language.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(rest: &str) -> Tag<'_> {
        Tag { name: "x", rest, is_empty: false }
    }

    #[test]
    fn the_innermost_declaration_holds_until_its_element_ends() {
        let outer = Url::parse("https://example.org/feeds/a.xml").unwrap();
        let mut scopes = Scopes::new(Some(&outer));
        scopes.enter(0, &tag(" xmlns:d='http://purl.org/dc/elements/1.1/' xml:base='../b/' xml:lang='en_GB'"));
        scopes.enter(1, &tag(" xmlns:d='http://weather.example/' xml:base='c/' xml:lang=''"));
        assert_eq!((scopes.space_of("d:date"), scopes.base().unwrap().path()), (Space::Other, "/b/c/"));
        assert_eq!(scopes.language(), None);
        scopes.leave(1);
        assert_eq!((scopes.space_of("d:date"), scopes.base().unwrap().path()), (Space::Dublin, "/b/"));
        assert_eq!(scopes.language(), Some("en-GB"));
        scopes.leave(0);
        assert_eq!((scopes.space_of("d:date"), scopes.base()), (Space::Other, Some(&outer)));
    }

    #[test]
    fn well_known_prefixes_need_no_declaration_and_strangers_by_default_are_ours() {
        let mut scopes = Scopes::new(None);
        assert_eq!((scopes.space_of("dc:date"), scopes.space_of("foo:title")), (Space::Dublin, Space::Other));
        scopes.enter(0, &tag(" xmlns='http://weather.example/'"));
        assert_eq!(scopes.space_of("title"), Space::Core);
    }

    #[test]
    fn bases_that_are_none_are_passed_over() {
        let outer = Url::parse("https://example.org/").unwrap();
        let mut scopes = Scopes::new(Some(&outer));
        for attributes in [" xml:base='http://['", " xml:base='mailto:a@example.org'"] {
            scopes.enter(0, &tag(attributes));
        }
        assert_eq!(scopes.base(), Some(&outer));
    }
}
