//! From drafts to what wirewatch speaks of: entries take over what their feed says for all, each gets its identity, and the
//! newest are kept.

use jiff::Timestamp;

use super::draft::Draft;
use super::{Entry, Feed, Flaw, Format, identity};
use crate::model::ArticleKey;

/// Entries kept of one document; the newest ones.
const MAX_ENTRIES: usize = 10_000;

/// The longest tag and the longest entity that are passed over as such, in bytes.
const LONGEST_TAG: usize = 4_096;
const LONGEST_ENTITY: usize = 40;

/// Dates outside of these are slips (a clock at zero, a year typed twice) and as good as none: 1971 and 2100.
const CREDIBLE: std::ops::Range<Timestamp> = Timestamp::constant(31_536_000, 0)..Timestamp::constant(4_102_444_800, 0);

/// A date, unless it cannot be true.
pub(super) fn credible(date: Timestamp) -> Option<Timestamp> {
    Some(date).filter(|date| CREDIBLE.contains(date))
}

/// The entries read so far. Not all of too many are ever held.
#[derive(Debug, Default)]
pub(super) struct Collector {
    entries: Vec<Entry>,
    left_out: usize,
}

impl Collector {
    pub(super) fn push(&mut self, draft: Draft) {
        self.entries.push(entry(draft));
        if self.entries.len() >= 2 * MAX_ENTRIES {
            self.keep_newest();
        }
    }

    /// The newest entries, if there are too many. What has no date may be new.
    fn keep_newest(&mut self) {
        if self.entries.len() > MAX_ENTRIES {
            let date = |entry: &Entry| entry.published.or(entry.updated).and_then(credible);
            self.entries.sort_by_key(|entry| std::cmp::Reverse(date(entry).unwrap_or(Timestamp::MAX)));
            self.left_out += self.entries.len() - MAX_ENTRIES;
            self.entries.truncate(MAX_ENTRIES);
        }
    }

    /// The feed of these entries.
    pub(super) fn finish(mut self, draft: Draft, format: Format) -> Feed {
        self.keep_newest();
        let mut warnings = Vec::new();
        if self.left_out > 0 {
            warnings.push(format!("{} entries beyond the newest {MAX_ENTRIES} were left out", self.left_out));
        }
        let mut entries = identity::assign(self.entries);
        let flawed = |flaw| entries.iter().filter(|entry| entry.flaw == Some(flaw)).count();
        if flawed(Flaw::Repeated) > 0 {
            warnings.push(format!("{} entries only repeat another one", flawed(Flaw::Repeated)));
        }
        if flawed(Flaw::CutOff) > 0 {
            warnings.push("the document ends in the middle of its last entry".to_owned());
        }
        let feed = feed(draft, format, warnings);
        entries.iter_mut().for_each(|entry| inherit(entry, &feed));
        Feed { entries, ..feed }
    }
}

fn feed(draft: Draft, format: Format, warnings: Vec<String>) -> Feed {
    let published = draft.published.take();
    Feed {
        format,
        title: draft.title.take(),
        link: draft.link.take(),
        id: draft.id.take(),
        published,
        updated: draft.updated.take().filter(|updated| Some(*updated) != published),
        author: joined(draft.authors.take()),
        summary: draft.summary.take(),
        categories: draft.categories,
        language: draft.language.take(),
        older: draft.older.take(),
        hub: draft.hub.take(),
        topic: draft.topic.take(),
        hints: draft.said.hints(),
        entries: Vec::new(),
        warnings,
        is_whole: true,
    }
}

fn entry(draft: Draft) -> Entry {
    let published = draft.published.take();
    Entry {
        key: ArticleKey(String::new()),
        id: draft.id.take(),
        title: draft.title.take(),
        link: draft.link.take(),
        published,
        updated: draft.updated.take().filter(|updated| Some(*updated) != published),
        author: joined(draft.authors.take()),
        summary: draft.summary.take(),
        content: draft.content.take(),
        language: draft.language.take(),
        categories: draft.categories,
        enclosures: draft.enclosures,
        flaw: draft.is_cut_off.then_some(Flaw::CutOff),
    }
}

fn joined(authors: Option<Vec<String>>) -> Option<String> {
    authors.map(|authors| authors.join(", "))
}

/// What an entry does not say of itself its feed says for it: the language, and in Atom the author (RFC 4287 §4.2.1).
fn inherit(entry: &mut Entry, feed: &Feed) {
    if entry.language.is_none() {
        entry.language.clone_from(&feed.language);
    }
    if entry.author.is_none() && feed.format == Format::Atom {
        entry.author.clone_from(&feed.author);
    }
}

/// Everything an entry says: its teaser too, unless the text holds it.
pub fn whole_text(summary: Option<String>, content: Option<String>) -> String {
    let (Some(summary), Some(content)) = (&summary, &content) else { return content.or(summary).unwrap_or_default() };
    let (teaser, text) = (letters(summary), letters(content));
    if text.contains(&teaser) {
        content.clone()
    } else if teaser.contains(&text) {
        summary.clone()
    } else {
        // a paragraph of its own, whether the two are plain or HTML
        let between = if content.contains('<') || summary.contains('<') { "\n<p>\n" } else { "\n\n" };
        [summary, between, content].concat()
    }
}

/// The letters and digits of a text, by which two tellings of it are compared.
fn letters(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    add_letters(text, &mut letters);
    letters
}

/// Adds the letters and digits of a text, in lower case, without tags and entities.
pub(super) fn add_letters(text: &str, to: &mut String) {
    let (mut at, before) = (0, to.len());
    while let Some(byte) = text.as_bytes().get(at).copied() {
        let rest = text.get(at..).unwrap_or_default();
        at += match byte {
            b'<' => length_to(b'>', LONGEST_TAG, rest),
            b'&' => length_to(b';', LONGEST_ENTITY, rest),
            _ if byte.is_ascii_alphanumeric() => {
                let length = rest.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len());
                to.push_str(rest.get(..length).unwrap_or_default());
                length
            }
            _ if byte.is_ascii() => 1,
            _ => {
                let sign = rest.chars().next().unwrap_or_default();
                to.extend(sign.to_lowercase().filter(|_| sign.is_alphanumeric()));
                sign.len_utf8()
            }
        };
    }
    if let Some(added) = to.get_mut(before..) {
        added.make_ascii_lowercase();
    }
}

/// The bytes up to and with an end; one where it is not near, for then the sign is only a sign, and looking on for each would take
/// time by the square of them.
fn length_to(end: u8, within: usize, text: &str) -> usize {
    let near = text.as_bytes().get(..within).unwrap_or(text.as_bytes());
    memchr::memchr(end, near).map_or(1, |end| end + 1)
}
