//! A feed in XML, read in one pass without recursion, as far as it goes and however it is written.
//!
//! Elements that are open stand on a stack. An end tag closes the nearest open element of its name and all within it; without one
//! it closes nothing. What opens another entry, or ends the one around it, ends whatever was left open before.

mod roles;

use url::Url;

use super::capture::Capture;
use super::convert::Collector;
use super::draft::Draft;
use super::entities::Entities;
use super::markup::{Tag, Token, Tokens, local_name};
use super::scope::Scopes;
use super::vocabulary::{Element, Field, Rank};
use super::{Feed, Format, ParseError, link};

/// How deeply elements may be nested; what lies deeper is read as text. Real feeds stay below 30, XHTML content included.
const MAX_DEPTH: usize = 100;

/// The longest name that is told of a root element, in characters.
const LONGEST_NAME: usize = 40;

/// An element that is open.
#[derive(Debug)]
struct Open<'a> {
    name: &'a str,
    role: Role,
}

#[derive(Debug)]
enum Role {
    Root,
    Channel,
    Entry,
    /// An element whose children speak of the one around it.
    Through,
    /// A person, of whom name, address and plain words are gathered.
    Person(Rank, Person),
    /// The element whose text is being captured.
    Value(Capture),
    /// An element inside of it.
    Inline,
    /// An element that is unknown. Its children may speak of what is around it, above all if its end tag is missing.
    Other,
    /// An element whose children speak of something else.
    Aside,
}

#[derive(Debug, Default)]
struct Person {
    name: Option<String>,
    email: Option<String>,
    words: String,
}

impl Person {
    fn finish(self, entities: &Entities<'_>) -> Option<String> {
        match (self.name, self.email) {
            (Some(name), Some(email)) => Some(format!("{name} ({email})")),
            (name, email) => name.or(email).or_else(|| {
                let words = entities.mended(&self.words);
                Some(words.trim().to_owned()).filter(|words| !words.is_empty())
            }),
        }
    }
}

/// Reads a feed. `base` is the address it came from, `is_utf8` says whether it was in UTF-8.
///
/// # Errors
/// A document that is no feed.
pub(super) fn read(document: &str, is_utf8: bool, base: Option<&Url>) -> Result<Feed, ParseError> {
    let mut reader = Reader {
        entities: Entities::new(is_utf8),
        scopes: Scopes::new(base),
        open: Vec::new(),
        value: None,
        format: None,
        outermost: None,
        feed: Draft::default(),
        entry: None,
        entries: Collector::default(),
        is_page: false,
        is_too_deep: false,
    };
    for token in Tokens::new(document) {
        reader.take(token)?;
    }
    let ends_in_a_tag = !document.trim_end().ends_with('>');
    reader.finish(ends_in_a_tag)
}

struct Reader<'a> {
    entities: Entities<'a>,
    scopes: Scopes<'a>,
    open: Vec<Open<'a>>,
    /// Where on the stack the element stands whose text is being captured.
    value: Option<usize>,
    format: Option<Format>,
    /// The name of the first element.
    outermost: Option<&'a str>,
    feed: Draft,
    entry: Option<Draft>,
    entries: Collector,
    /// Whether it calls itself a page for people.
    is_page: bool,
    is_too_deep: bool,
}

impl<'a> Reader<'a> {
    fn take(&mut self, token: Token<'a>) -> Result<(), ParseError> {
        match token {
            Token::Text(text) => self.text(text, true),
            Token::Verbatim(text) => self.text(text, false),
            Token::Start(tag) if self.open.is_empty() && self.format.is_none() && is_html(tag.name) => {
                return Err(ParseError::HtmlPage);
            }
            Token::Start(tag) => self.start(&tag),
            Token::End(name) => self.end(name),
            Token::Doctype(doctype) => {
                self.is_page |= is_html(doctype);
                self.entities.declare(doctype);
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &str, has_references: bool) {
        match self.open.last_mut().map(|open| &mut open.role) {
            Some(Role::Person(_, person)) if has_references => person.words.push_str(&self.entities.resolve(text)),
            Some(Role::Person(_, person)) => person.words.push_str(text),
            Some(Role::Value(_) | Role::Inline) => {
                let is_inside = self.value.is_some_and(|at| at + 1 < self.open.len());
                let Some(Role::Value(capture)) = self.value.and_then(|at| self.open.get_mut(at)).map(|open| &mut open.role)
                else {
                    return;
                };
                if is_inside && !capture.is_rich() {
                    return;
                }
                if has_references {
                    capture.push_text(text, &self.entities);
                } else {
                    capture.push_verbatim(text);
                }
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'a>) {
        self.outermost.get_or_insert(tag.name);
        if self.open.len() >= MAX_DEPTH {
            self.is_too_deep = true;
            if self.element(tag.name) != Element::Entry {
                return;
            }
            self.close_down_to_feed();
        }
        self.scopes.enter(self.open.len(), tag);
        let element = self.element(tag.name);
        if let Some(at) = self.value {
            if !self.is_cut_short(at, element, tag.name) {
                self.start_inline(at, tag);
                return;
            }
            self.close(at);
        }
        if element == Element::Entry {
            self.close_down_to_feed();
        }
        let role = self.role(element, tag);
        if matches!(role, Role::Value(_)) {
            self.value = Some(self.open.len());
        }
        self.open.push(Open { name: tag.name, role });
        if tag.is_empty {
            self.close(self.open.len() - 1);
        }
    }

    /// Whether an element shows that the text before it was never closed.
    fn is_cut_short(&self, at: usize, element: Element, name: &str) -> bool {
        let is_markup = matches!(self.open.get(at).map(|open| &open.role), Some(Role::Value(capture)) if capture.is_markup);
        !is_markup && element.ends_text(name)
    }

    fn start_inline(&mut self, at: usize, tag: &Tag<'a>) {
        let depth = self.open.len() - at - 1;
        if let Some(Role::Value(capture)) = self.open.get_mut(at).map(|open| &mut open.role) {
            capture.start(tag, depth);
        }
        self.open.push(Open { name: tag.name, role: Role::Inline });
        if tag.is_empty {
            self.close(self.open.len() - 1);
        }
    }

    /// Closes what is open within the feed.
    fn close_down_to_feed(&mut self) {
        let feed = self.open.iter().rposition(|open| matches!(open.role, Role::Root | Role::Channel));
        self.close(feed.map_or(0, |at| at + 1));
    }

    fn end(&mut self, name: &str) {
        let is_same = |open: &Open<'_>| open.name == name || open.name.eq_ignore_ascii_case(name);
        if let Some(at) = self.open.iter().rposition(is_same) {
            self.close(at);
        }
    }

    /// Closes every element from a place of the stack on.
    fn close(&mut self, at: usize) {
        while self.open.len() > at {
            let Some(open) = self.open.pop() else { return };
            match open.role {
                Role::Value(capture) => self.finish_value(capture),
                Role::Inline => self.end_inline(open.name),
                Role::Person(rank, person) => {
                    if let Some(person) = person.finish(&self.entities) {
                        self.draft().add_author(rank, person);
                    }
                }
                Role::Entry => self.finish_entry(),
                Role::Root | Role::Channel | Role::Through | Role::Other | Role::Aside => {}
            }
            self.scopes.leave(self.open.len());
        }
    }

    fn end_inline(&mut self, name: &str) {
        let Some(at) = self.value else { return };
        let depth = self.open.len() - at - 1;
        if let Some(Role::Value(capture)) = self.open.get_mut(at).map(|open| &mut open.role) {
            capture.end(name, depth);
        }
    }

    fn finish_entry(&mut self) {
        if let Some(entry) = self.entry.take() {
            self.entries.push(entry);
        }
    }

    fn finish_value(&mut self, capture: Capture) {
        self.value = None;
        let (field, rank, is_permalink) = (capture.field, capture.rank, capture.is_permalink);
        let Some(text) = capture.finish(&self.entities) else { return };
        if let (Field::Name | Field::Email, Some(Role::Person(_, person))) =
            (field, self.open.last_mut().map(|open| &mut open.role))
        {
            *if field == Field::Name { &mut person.name } else { &mut person.email } = Some(text);
            return;
        }
        if field == Field::Outlet {
            self.feed.title.offer(rank, text);
            return;
        }
        let is_link = field == Field::Link || is_permalink || field == Field::Id && is_address(&text);
        let link = is_link.then(|| link::absolute(&text, self.scopes.base()));
        let language = self.scopes.language().map(str::to_owned);
        let draft = self.draft();
        draft.take(field, rank, text, link);
        if let (Field::Title | Field::Content, Some(language)) = (field, language) {
            draft.language.offer(4, language);
        }
    }

    fn finish(mut self, ends_in_a_tag: bool) -> Result<Feed, ParseError> {
        if let Some(entry) = &mut self.entry {
            entry.is_cut_off = ends_in_a_tag || self.value.is_some();
        }
        let is_whole = self.open.is_empty();
        self.close(0);
        match (self.format, self.outermost) {
            (None, _) if self.is_page => Err(ParseError::HtmlPage),
            (_, None) => Err(ParseError::NeitherXmlNorJson),
            (None, Some(name)) => Err(ParseError::OtherXml(local_name(name).chars().take(LONGEST_NAME).collect())),
            (Some(format), _) => {
                let mut feed = Feed { is_whole, ..self.entries.finish(self.feed, format) };
                if format == Format::Sitemap && feed.entries.iter().all(|entry| entry.title.is_none()) {
                    feed.warnings.push("this sitemap is not one for news: its entries have neither titles nor dates".to_owned());
                }
                if self.is_too_deep {
                    feed.warnings.push(format!("elements nested more than {MAX_DEPTH} deep were read as text"));
                }
                Ok(feed)
            }
        }
    }
}

/// Whether an id can be followed as it is.
fn is_address(id: &str) -> bool {
    let start = id.get(..8).unwrap_or(id).to_ascii_lowercase();
    start.starts_with("http://") || start.starts_with("https://")
}

fn is_html(name: &str) -> bool {
    name.trim_start().get(..4).is_some_and(|name| name.eq_ignore_ascii_case("html"))
}
