//! Which entries of a document were seen before, by whatever name they come this time, and which of those were edited.
//!
//! A name (guid, else link) is believed unless everything else speaks against it: then its publisher has given it to something
//! else. What has no known name is known by its link, and where a whole document is strange, by its words. In doubt an entry is
//! new: stories fold what is told twice, and nothing brings back what was passed over.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use super::convert::add_letters;
use super::identity::{fingerprint, own_name};
use super::{Entry, link_of_article};
use crate::model::{ArticleKey, Ask, Seen, Traits};

/// Letters in a row that count as one feature of a headline.
const SHINGLE: usize = 5;
/// Features kept of a headline: the smallest by their hashes.
const FEATURES: usize = 16;
/// Features of so many that two wordings of one headline have in common. Headlines about the same matter share up to a fifth.
const ALIKE: usize = 6;

/// Articles of one link, or of the same words, that an entry is compared with.
const CANDIDATES: usize = 50;

/// Bytes of letters that it takes for the same words to mean the same article: what is shorter is said again.
const TELLING: usize = 50;

/// An entry with what it is known by.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The entry.
    pub entry: Entry,
    /// What is to be remembered of it.
    pub traits: Traits,
    /// What it is called by itself, without regard to its neighbours.
    name: String,
    /// Bytes of letters that it has.
    length: usize,
    /// When it was read.
    at: Timestamp,
}

/// Whether an entry is news.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// It was never seen.
    New,
    /// It was, with other words.
    Edited(Seen),
    /// It was, as it is.
    Known(Seen),
}

/// An entry under the key by which it is remembered.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognised {
    /// The entry.
    pub entry: Entry,
    /// What is to be remembered of it.
    pub traits: Traits,
    /// Whether it is news.
    pub standing: Standing,
}

impl Item {
    /// Looks at an entry, read at a moment, for what it can be known by.
    pub fn of(entry: Entry, at: Timestamp) -> Self {
        let (traits, length) = traits(&entry);
        Self { traits, name: own_name(&entry), length, entry, at }
    }

    /// What to look for in what is remembered of its feed.
    pub fn ask(&self) -> Ask {
        let mut keys = vec![self.entry.key.0.clone(), self.name.clone(), self.key_beside_others().0];
        keys.dedup();
        Ask { keys, link: self.traits.link }
    }

    /// The key under which it stands if others have had its name.
    fn key_beside_others(&self) -> ArticleKey {
        ArticleKey(format!("{}#{}", self.name, fingerprint(&self.entry)))
    }

    /// Whether it says that it was published after that was seen. A date that is still to come says nothing.
    fn is_later_than(&self, seen: &Seen) -> bool {
        self.entry.published.is_some_and(|published| published > seen.first_seen && published <= self.at)
    }

    /// Whether it is another article than the one that had its name.
    fn is_another(&self, seen: &Seen) -> bool {
        let Some(known) = seen.traits.as_ref().filter(|known| known.digest != self.traits.digest) else { return false };
        let elsewhere = self.traits.link.zip(known.link).map(|(own, known)| own != known);
        match elsewhere {
            Some(true) => !self.is_alike(known) || self.is_later_than(seen),
            Some(false) => false,
            None => !self.is_alike(known) && (self.is_later_than(seen) || self.entry.published.is_none()),
        }
    }

    fn is_alike(&self, known: &Traits) -> bool {
        are_alike(&self.traits.sketch, &known.sketch)
    }

    /// Whether it is an article of the same link under a new name.
    fn is_renamed(&self, seen: &Seen) -> bool {
        let same = |known: &Traits| known.digest == self.traits.digest || self.is_alike(known) && !self.is_later_than(seen);
        seen.traits.as_ref().is_some_and(same)
    }

    fn has_words_of(&self, seen: &Seen) -> bool {
        seen.traits.as_ref().is_some_and(|known| known.digest == self.traits.digest) && !self.is_later_than(seen)
    }

    /// Whether it is an article of the same words under a new name and address.
    fn is_moved(&self, seen: &Seen) -> bool {
        self.length >= TELLING && self.has_words_of(seen)
    }

    fn standing(&self, seen: &Seen) -> Standing {
        let is_edited = seen.traits.as_ref().is_some_and(|known| known.digest != self.traits.digest);
        if is_edited { Standing::Edited(seen.clone()) } else { Standing::Known(seen.clone()) }
    }
}

/// Tells for every entry of a document whether it is news, by what is remembered of its feed.
pub fn recognise(items: Vec<Item>, known: &[Seen]) -> Vec<Recognised> {
    let memory = Memory::of(known);
    let mut taken: HashSet<&ArticleKey> = HashSet::new();
    let by_name = items.iter().map(|item| memory.by_name(item).filter(|seen| taken.insert(&seen.key)));
    let by_name: Vec<Option<&Seen>> = by_name.collect();
    let mut recognised = Vec::with_capacity(items.len());
    for (item, by_name) in items.into_iter().zip(by_name) {
        let seen = by_name.or_else(|| memory.by_traits(&item, &taken));
        taken.extend(seen.map(|seen| &seen.key));
        recognised.push(memory.settle(item, seen));
    }
    recognised
}

/// The place of the first entry of a document that was seen before.
pub fn first_known(items: &[Item], known: &[Seen]) -> Option<usize> {
    let (memory, nobody) = (Memory::of(known), HashSet::new());
    items.iter().position(|item| memory.by_name(item).or_else(|| memory.by_traits(item, &nobody)).is_some())
}

/// What is remembered of a feed, by all that it may be asked for.
struct Memory<'a> {
    keys: HashMap<&'a str, &'a Seen>,
    links: HashMap<u64, Vec<&'a Seen>>,
    words: HashMap<u64, Vec<&'a Seen>>,
}

impl<'a> Memory<'a> {
    fn of(known: &'a [Seen]) -> Self {
        let mut memory = Self { keys: HashMap::with_capacity(known.len()), links: HashMap::new(), words: HashMap::new() };
        for seen in known {
            memory.keys.insert(&seen.key.0, seen);
            if let Some(traits) = &seen.traits {
                traits.link.into_iter().for_each(|link| memory.links.entry(link).or_default().push(seen));
                memory.words.entry(traits.digest).or_default().push(seen);
            }
        }
        memory
    }

    /// The article of an entry's name: the one that has the name alone, or with the same link and headline beside others.
    fn by_name(&self, item: &Item) -> Option<&'a Seen> {
        if self.keys.is_empty() {
            return None;
        }
        let exact = self.keys.get(&*item.entry.key.0).copied();
        if item.entry.key.0 != item.name {
            // it shares its name with others of its document, one of which may have had it alone
            let alone = || self.keys.get(&*item.name).copied().filter(|seen| item.has_words_of(seen));
            return exact.or_else(alone);
        }
        let beside_others = || self.keys.get(&*item.key_beside_others().0).copied();
        exact.filter(|seen| !item.is_another(seen)).or_else(beside_others)
    }

    /// The article of an entry's link or words.
    fn by_traits(&self, item: &Item, taken: &HashSet<&ArticleKey>) -> Option<&'a Seen> {
        let free = |seen: &&&Seen| !taken.contains(&seen.key);
        let of_link = item.traits.link.and_then(|link| self.links.get(&link)).into_iter().flatten().take(CANDIDATES);
        let of_words = self.words.get(&item.traits.digest).into_iter().flatten().take(CANDIDATES);
        let renamed = of_link.filter(free).find(|seen| item.is_renamed(seen));
        renamed.or_else(|| of_words.filter(free).find(|seen| item.is_moved(seen))).copied()
    }

    fn settle(&self, item: Item, seen: Option<&Seen>) -> Recognised {
        let (key, standing) = match seen {
            Some(seen) => (seen.key.clone(), item.standing(seen)),
            None if self.keys.contains_key(&*item.entry.key.0) => (item.key_beside_others(), Standing::New),
            None => (item.entry.key.clone(), Standing::New),
        };
        Recognised { entry: Entry { key, ..item.entry }, traits: item.traits, standing }
    }
}

/// What an entry is known by, and the bytes of letters it has.
fn traits(entry: &Entry) -> (Traits, usize) {
    const PARTS: usize = 3;
    let parts: [_; PARTS] = [&entry.title, &entry.summary, &entry.content];
    let mut words = String::with_capacity(parts.iter().map(|part| part.as_ref().map_or(1, |part| part.len() + 1)).sum());
    let mut headline = 0..0;
    for part in parts {
        let start = words.len();
        add_letters(part.as_deref().unwrap_or_default(), &mut words);
        if headline.is_empty() {
            headline = start..words.len();
        }
        words.push('\n');
    }
    let link = entry.link.as_deref().and_then(link_of_article);
    let traits = Traits {
        link: link.map(|link| xxh3_64(link.as_bytes())),
        digest: xxh3_64(words.as_bytes()),
        sketch: sketch(words.get(headline).unwrap_or_default()),
    };
    (traits, words.len() - PARTS)
}

/// The smallest hashes of a text's letters, taken in groups that overlap (see [`crate::model::Sketch`]).
fn sketch(text: &str) -> Vec<u16> {
    /// Letters looked at: more than most headlines have.
    const LETTERS: usize = 120;
    let letters: Vec<u32> = text.chars().take(LETTERS).map(u32::from).collect();
    // FNV-1a, folded to what is kept
    let fold = |hash: u64| (hash ^ hash >> 16 ^ hash >> 32 ^ hash >> 48) as u16;
    let hash = |group: &[u32]| {
        fold(group.iter().fold(0xcbf2_9ce4_8422_2325, |hash, letter| (hash ^ u64::from(*letter)).wrapping_mul(0x0100_0000_01b3)))
    };
    let mut hashes: Vec<u16> = letters.windows(SHINGLE.min(letters.len()).max(1)).map(hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes.truncate(FEATURES);
    hashes
}

/// Whether two sketches are of one headline, give or take an edit. Two headlines that say nothing are alike.
fn are_alike(one: &[u16], other: &[u16]) -> bool {
    let mut union: Vec<u16> = one.iter().chain(other).copied().collect();
    union.sort_unstable();
    union.dedup();
    let of = union.len().min(FEATURES);
    let shared = union.iter().take(of).filter(|hash| one.contains(hash) && other.contains(hash)).count();
    shared * FEATURES >= ALIKE * of
}

#[cfg(test)]
mod tests;
