//! What makes an entry the same entry at the next poll.
//!
//! The id its publisher gives it; without one, its link without what differs between copies; without that, its words. An id or
//! link that several different entries of one document share distinguishes nothing: their titles and links then take part.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use super::link::names_an_article;
use super::{Entry, Flaw, canonical_link};
use crate::model::ArticleKey;

/// Ids and links longer than this are kept as their hash, in bytes.
const LONGEST_PLAIN: usize = 200;

/// Gives every entry a key of its own, and marks those that only repeat another one of the document.
///
/// Entries that have nothing but words and share all of them are counted instead: whether they are one happening or two,
/// nobody can tell, and leaving one out might lose it.
pub(super) fn assign(mut entries: Vec<Entry>) -> Vec<Entry> {
    let names: Vec<String> = entries.iter().map(own_name).collect();
    let mut fingerprints: HashMap<&str, HashSet<String>> = HashMap::new();
    for (place, name) in repeated(&names) {
        fingerprints.entry(name).or_default().extend(entries.get(place).map(fingerprint));
    }
    let mut copies: HashMap<String, usize> = HashMap::new();
    for (entry, name) in entries.iter_mut().zip(&names) {
        let is_shared = fingerprints.get(name.as_str()).is_some_and(|all| all.len() > 1);
        let key = if is_shared { format!("{name}#{}", fingerprint(entry)) } else { name.clone() };
        let copy = *copies.entry(key.clone()).and_modify(|copies| *copies += 1).or_insert(1);
        let has_only_words = entry.id.is_none() && entry.link.is_none();
        if copy > 1 && !has_only_words {
            entry.flaw = Some(Flaw::Repeated);
        }
        entry.key = ArticleKey(if copy > 1 { format!("{key}~{copy}") } else { key });
    }
    entries
}

/// The names that are there more than once, and where.
fn repeated(names: &[String]) -> impl Iterator<Item = (usize, &str)> {
    let mut counts: HashMap<&str, usize> = HashMap::with_capacity(names.len());
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let numbered = names.iter().map(String::as_str).enumerate();
    numbered.filter(move |(_, name)| counts.get(name).is_some_and(|count| *count > 1))
}

/// The name an entry has by itself, without regard to its neighbours.
pub(super) fn own_name(entry: &Entry) -> String {
    if let Some(id) = &entry.id {
        return short("guid", id);
    }
    if let Some(link) = &entry.link {
        return short("link", &canonical_link(link).unwrap_or_else(|| link.clone()));
    }
    format!("text:{}", hash(&[&entry.title, &entry.content, &entry.summary]))
}

/// What tells apart entries of one name: the link and the headline; where there is no headline, the text; where the name is no
/// more than the address of a site, both.
pub(super) fn fingerprint(entry: &Entry) -> String {
    let is_of_a_site = entry.id.is_none() && entry.link.as_deref().is_some_and(|link| !names_an_article(link));
    match &entry.title {
        Some(_) if is_of_a_site => hash(&[&entry.link, &entry.title, &entry.content, &entry.summary]),
        Some(_) => hash(&[&entry.link, &entry.title]),
        None => hash(&[&entry.link, &entry.content, &entry.summary]),
    }
}

fn short(kind: &str, name: &str) -> String {
    if name.len() <= LONGEST_PLAIN { format!("{kind}:{name}") } else { format!("{kind}-hash:{}", hash_of(&[name])) }
}

fn hash(parts: &[&Option<String>]) -> String {
    let parts: Vec<&str> = parts.iter().map(|part| part.as_deref().unwrap_or_default()).collect();
    hash_of(&parts)
}

/// The first half of a SHA-256 in hexadecimal; two entries of one feed will not share it by accident or by effort.
fn hash_of(parts: &[&str]) -> String {
    const KEPT: usize = 16;
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let digits = hasher.finalize().into_iter().take(KEPT).flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, link: &str, title: &str, content: &str) -> Entry {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Entry {
            key: ArticleKey(String::new()),
            id: given(id),
            title: given(title),
            link: given(link),
            published: None,
            updated: None,
            author: None,
            summary: None,
            content: given(content),
            language: None,
            categories: vec![],
            enclosures: vec![],
            flaw: None,
        }
    }

    fn keys(entries: &[Entry]) -> Vec<String> {
        assign(entries.to_vec()).into_iter().filter(|entry| entry.flaw.is_none()).map(|entry| entry.key.0).collect()
    }

    #[test]
    fn the_id_comes_before_the_link_and_the_link_before_the_words() {
        let entries = [
            entry("17", "https://example.org/a", "A", "x"),
            entry("", "http://www.example.org/b/?utm_source=rss", "B", "x"),
            entry("", "", "C", "x"),
        ];
        let keys = keys(&entries);
        assert_eq!(keys[0], "guid:17");
        assert_eq!(keys[1], "link:https://example.org/b");
        assert!(keys[2].starts_with("text:"), "{}", keys[2]);
    }

    #[test]
    fn an_edit_leaves_the_identity_alone_where_there_is_an_id_or_link() {
        for (id, link) in [("17", ""), ("", "https://example.org/a")] {
            assert_eq!(keys(&[entry(id, link, "Befor", "x")]), keys(&[entry(id, link, "Before", "y")]));
        }
    }

    #[test]
    fn an_id_is_taken_as_given() {
        assert_ne!(keys(&[entry("abc", "", "A", "")]), keys(&[entry("ABC", "", "A", "")]));
        assert_ne!(keys(&[entry("http://a.example/", "", "", "")]), keys(&[entry("https://a.example", "", "", "")]));
    }

    #[test]
    fn one_id_for_different_entries_loses_none_of_them() {
        let feed = [entry("same", "/1", "One", ""), entry("same", "/2", "Two", ""), entry("same", "/2", "Three", "")];
        let mut forward = keys(&feed);
        let mut backward = keys(&[feed[2].clone(), feed[1].clone(), feed[0].clone()]);
        forward.sort();
        backward.sort();
        assert_eq!(forward, backward);
        assert_eq!(forward.iter().collect::<HashSet<_>>().len(), 3);
    }

    #[test]
    fn one_link_for_entries_without_a_headline_loses_none_of_them() {
        let home = "https://example.org/";
        assert_eq!(keys(&[entry("", home, "", "One"), entry("", home, "", "Two")]).len(), 2);
    }

    #[test]
    fn the_address_of_a_site_tells_no_entries_apart() {
        let home = "https://example.org/";
        assert_eq!(keys(&[entry("", home, "Alert", "One"), entry("", home, "Alert", "Two")]).len(), 2);
        assert_eq!(keys(&[entry("", home, "Alert", "One"), entry("", home, "Alert", "One")]).len(), 1);
    }

    #[test]
    fn twins_are_one_entry() {
        assert_eq!(keys(&[entry("1", "/a", "A", "x"), entry("1", "/a", "A", "x, corrected")]), ["guid:1"]);
    }

    #[test]
    fn twins_that_have_nothing_but_words_are_counted() {
        let twins = keys(&[entry("", "", "A", "x"), entry("", "", "A", "x")]);
        assert_eq!(twins, [twins[0].clone(), format!("{}~2", twins[0])]);
    }

    #[test]
    fn long_ids_are_kept_short() {
        let long = "x".repeat(100_000);
        let key = keys(&[entry(&long, "", "A", "")]).remove(0);
        assert!(key.starts_with("guid-hash:") && key.len() < 60, "{key}");
    }
}
