//! From what `feed-rs` read to what wirewatch speaks of: nothing added, empty values gone, dates checked.

use std::collections::HashSet;
use std::time::Duration;

use feed_rs::model;
use jiff::Timestamp;
use url::Url;

use super::{Entry, Feed, Format, identity};
use crate::model::ArticleKey;

/// Entries kept of one document; the newest ones.
const MAX_ENTRIES: usize = 10_000;

/// Dates outside of these are slips (a clock at zero, a year typed twice) and as good as none: 1971 and 2100.
const CREDIBLE: std::ops::Range<Timestamp> = Timestamp::constant(31_536_000, 0)..Timestamp::constant(4_102_444_800, 0);

/// The feed without what `feed-rs` made up or nobody needs. `lost` entries of the document are not in it.
pub(super) fn feed(parsed: model::Feed, lost: usize, base: Option<&Url>) -> Feed {
    let format = format(&parsed.feed_type);
    let mut warnings = Vec::new();
    if lost > 0 {
        warnings.push(format!("{lost} entries could not be read and were left out"));
    }
    let context = Context { format, base, language: given(parsed.language), author: author(&parsed.authors) };
    let entries: Vec<Entry> = parsed.entries.into_iter().map(|parsed| entry(parsed, &context)).collect();
    let entries = keep_newest(entries, &mut warnings);
    let before = entries.len();
    let entries = identity::assign(entries);
    if entries.len() < before {
        warnings.push(format!("{} entries repeat another one and were left out", before - entries.len()));
    }
    Feed {
        format,
        title: words(parsed.title),
        link: main_link(&parsed.links, &context),
        id: given(Some(parsed.id)),
        published: parsed.published.and_then(credible),
        updated: parsed.updated.and_then(credible),
        summary: words(parsed.description),
        language: context.language,
        ttl: parsed.ttl.map(|minutes| Duration::from_secs(u64::from(minutes) * 60)),
        entries,
        warnings,
    }
}

/// What entries take over from their feed.
struct Context<'a> {
    format: Format,
    base: Option<&'a Url>,
    language: Option<String>,
    author: Option<String>,
}

fn format(parsed: &model::FeedType) -> Format {
    match parsed {
        model::FeedType::RSS0 => Format::Rss0,
        model::FeedType::RSS1 => Format::Rss1,
        model::FeedType::RSS2 => Format::Rss2,
        model::FeedType::Atom => Format::Atom,
        model::FeedType::JSON => Format::Json,
    }
}

fn entry(parsed: model::Entry, context: &Context<'_>) -> Entry {
    let published = parsed.published.and_then(credible);
    let updated = parsed.updated.and_then(credible);
    // for RSS, feed-rs says "updated" where it was only told "published"
    let is_copy = !matches!(context.format, Format::Atom | Format::Json) && updated == published;
    Entry {
        key: ArticleKey(String::new()),
        id: given(Some(parsed.id)),
        title: words(parsed.title),
        link: main_link(&parsed.links, context),
        published,
        updated: updated.filter(|_| !is_copy),
        author: author(&parsed.authors).or_else(|| inherited_author(context)),
        summary: words(parsed.summary),
        content: given(parsed.content.and_then(|content| content.body)),
        language: given(parsed.language).or_else(|| context.language.clone()),
        enclosures: enclosures(&parsed.links, &parsed.media, context),
        categories: parsed.categories.into_iter().filter_map(|category| given(Some(category.term))).collect(),
    }
}

/// An Atom entry without an author is by the feed's (RFC 4287 §4.2.1).
fn inherited_author(context: &Context<'_>) -> Option<String> {
    context.author.clone().filter(|_| context.format == Format::Atom)
}

fn author(authors: &[model::Person]) -> Option<String> {
    let names: Vec<&str> = authors.iter().filter_map(|person| person.name.as_deref().or(person.email.as_deref())).collect();
    given(Some(names.join(", ")))
}

/// A value, unless it is empty.
fn given(text: Option<String>) -> Option<String> {
    let text = text?;
    let trimmed = text.trim();
    match trimmed.len() {
        0 => None,
        length if length == text.len() => Some(text),
        _ => Some(trimmed.to_owned()),
    }
}

fn words(text: Option<model::Text>) -> Option<String> {
    given(text.map(|text| text.content))
}

/// The link to what a feed or entry is about: not to itself, its comments or its attachments.
fn main_link(links: &[model::Link], context: &Context<'_>) -> Option<String> {
    let is_main = |link: &&model::Link| {
        link.target.is_none() && matches!(link.rel.as_deref(), None | Some("alternate")) && !is_attachment(link, context)
    };
    links.iter().find(is_main).and_then(|link| absolute(&link.href, context.base))
}

/// Whether a link leads to an attachment; those of JSON Feed are known by their media type.
fn is_attachment(link: &model::Link, context: &Context<'_>) -> bool {
    link.rel.as_deref() == Some("enclosure") || context.format == Format::Json && link.media_type.is_some()
}

fn enclosures(links: &[model::Link], media: &[model::MediaObject], context: &Context<'_>) -> Vec<String> {
    let attached = links.iter().filter(|link| is_attachment(link, context)).filter_map(|link| absolute(&link.href, context.base));
    let media = media.iter().flat_map(|object| &object.content).filter_map(|content| content.url.as_ref().map(Url::to_string));
    let mut seen = HashSet::new();
    attached.chain(media).filter(|link| seen.insert(link.clone())).collect()
}

/// A link in full, or as given where it cannot be completed.
fn absolute(link: &str, base: Option<&Url>) -> Option<String> {
    let link = link.trim();
    let full = match base {
        Some(base) => base.join(link),
        None => Url::parse(link),
    };
    given(Some(full.map_or_else(|_| link.to_owned(), String::from)))
}

fn credible(date: impl Into<std::time::SystemTime>) -> Option<Timestamp> {
    Timestamp::try_from(date.into()).ok().filter(|date| CREDIBLE.contains(date))
}

/// The newest entries, if there are too many. What has no date may be new.
fn keep_newest(mut entries: Vec<Entry>, warnings: &mut Vec<String>) -> Vec<Entry> {
    if entries.len() > MAX_ENTRIES {
        warnings.push(format!("{} entries beyond the newest {MAX_ENTRIES} were left out", entries.len() - MAX_ENTRIES));
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.published.or(entry.updated).unwrap_or(Timestamp::MAX)));
        entries.truncate(MAX_ENTRIES);
    }
    entries
}

/// Everything an entry says: its teaser too, unless the text holds it.
pub(super) fn whole_text(summary: Option<String>, content: Option<String>) -> String {
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

/// The letters and digits of a text, without tags and entities, by which two tellings of it are compared.
fn letters(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['<', '&']) {
        let (before, after) = rest.split_at(start);
        letters.extend(before.chars().filter(|letter| letter.is_alphanumeric()));
        let end = after.find(if after.starts_with('<') { '>' } else { ';' }).unwrap_or(0);
        rest = after.get(end + 1..).unwrap_or_default();
    }
    letters.extend(rest.chars().filter(|letter| letter.is_alphanumeric()));
    letters
}
