//! OPML, read however it is written. Folders are told from feeds by what feeds alone have: an address.

use super::{LONGEST_TITLE, NAME_ATTRIBUTE, Outline};
use crate::feed::{Document, Element, Piece};

/// Feeds taken from one list.
const MAX_FEEDS: usize = 20_000;
/// Outlines within outlines; what lies deeper is taken as if it lay there.
const MAX_DEPTH: usize = 100;
/// Labels of one feed.
const MAX_TAGS: usize = 20;

/// The longest name that is told of a root element, in characters.
const LONGEST_NAME: usize = 40;

/// Why a document is no list of feeds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// It is something else.
    #[error("this is no list of feeds (OPML): its root element is <{0}>")]
    OtherRoot(String),
    /// It is nothing in tags.
    #[error("this is no list of feeds (OPML): it has no elements")]
    NoElements,
    /// It would be cut silently.
    #[error("this list has more than {MAX_FEEDS} feeds")]
    TooMany,
}

/// Reads a list: every outline that should be a feed, in order.
///
/// # Errors
/// A document of another kind, or one beyond all measure.
pub fn read(bytes: &[u8]) -> Result<Vec<Outline>, ListError> {
    let document = Document::of(bytes, None);
    let mut reader = Reader::default();
    let mut is_list = false;
    for piece in document.pieces() {
        match piece {
            Piece::Start(element) if !is_list => match element.name().as_ref() {
                "opml" => is_list = true,
                name => return Err(ListError::OtherRoot(name.chars().take(LONGEST_NAME).collect())),
            },
            Piece::Start(element) if element.name() == "outline" => reader.start(&element),
            Piece::End(name) if name == "outline" => reader.end(),
            _ => {}
        }
        if reader.found.len() > MAX_FEEDS {
            return Err(ListError::TooMany);
        }
    }
    if is_list { Ok(reader.found) } else { Err(ListError::NoElements) }
}

#[derive(Default)]
struct Reader {
    open: Vec<Folder>,
    /// Outlines that are open beyond the depth that is kept.
    deeper: usize,
    found: Vec<Outline>,
}

/// An outline that is open.
#[derive(Default)]
struct Folder {
    tag: Option<String>,
    /// Commented out, and with it everything inside (OPML 2.0, `isComment`).
    is_comment: bool,
    /// What it is if nothing is inside.
    if_empty: Option<Outline>,
}

impl Reader {
    fn start(&mut self, element: &Element<'_>) {
        if let Some(parent) = self.open.last_mut() {
            parent.if_empty = None;
        }
        let is_comment = self.open.last().is_some_and(|folder| folder.is_comment)
            || element.attribute("isComment").is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let outline = self.outline(element);
        let mut folder = Folder { is_comment, ..Folder::default() };
        match (&outline.address, &outline.page) {
            _ if is_comment => {}
            (Some(_), _) => self.found.push(outline),
            (None, page) => {
                folder.tag = outline.title.clone();
                folder.if_empty = page.is_some().then_some(outline);
            }
        }
        if element.is_empty() {
            self.found.extend(folder.if_empty);
        } else if self.open.len() < MAX_DEPTH {
            self.open.push(folder);
        } else {
            self.deeper += 1;
        }
    }

    fn end(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
        } else if let Some(folder) = self.open.pop() {
            self.found.extend(folder.if_empty);
        }
    }

    fn outline(&self, element: &Element<'_>) -> Outline {
        let title = element.attribute("title").or_else(|| element.attribute("text")).and_then(|title| short(&title));
        let mut tags = Vec::new();
        let folders = self.open.iter().filter_map(|folder| folder.tag.clone());
        for tag in folders.chain(categories(&element.attribute("category").unwrap_or_default())) {
            if tags.len() < MAX_TAGS && !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        Outline {
            address: element.attribute("xmlUrl"),
            title,
            name: element.attribute(NAME_ATTRIBUTE).and_then(|name| short(&name)),
            page: element.attribute("htmlUrl").or_else(|| element.attribute("url")),
            tags,
        }
    }
}

/// The parts of categories: strings between commas, each a path of parts between slashes (OPML 2.0, `category`).
fn categories(written: &str) -> impl Iterator<Item = String> {
    written.split([',', '/']).filter_map(short)
}

/// A text without blanks around it and not beyond measure; nothing if it is empty.
fn short(text: &str) -> Option<String> {
    let text: String = text.trim().chars().take(LONGEST_TITLE).collect();
    Some(text.trim_end().to_owned()).filter(|text| !text.is_empty())
}
