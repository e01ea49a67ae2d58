//! A feed or an entry while it is being read: the best of what was said so far.

use jiff::Timestamp;

use super::date;
use super::hints::Said;
use super::vocabulary::{Field, MEDIA, Rank};

/// Labels, authors and attachments kept of one entry.
const MAX_EACH: usize = 100;

/// What stands in for a value that is not given: an id for a link, a second summary for a text.
const LAST: Rank = 9;

/// A value that may be said more than once: the best element's is kept, and of several such the first.
#[derive(Debug)]
pub(super) struct Best<T>(Option<(Rank, T)>);

impl<T> Default for Best<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Best<T> {
    /// Takes the value if it is better than what is there, and gives back the other of the two.
    pub(super) fn offer(&mut self, rank: Rank, value: T) -> Option<(Rank, T)> {
        if self.0.as_ref().is_none_or(|(known, _)| rank < *known) { self.0.replace((rank, value)) } else { Some((rank, value)) }
    }

    /// As [`Self::offer`], but of equals the last is kept.
    fn amend(&mut self, rank: Rank, value: T) {
        if self.0.as_ref().is_none_or(|(known, _)| rank <= *known) {
            self.0 = Some((rank, value));
        }
    }

    pub(super) fn take(self) -> Option<T> {
        self.0.map(|(_, value)| value)
    }
}

/// What is known of a feed or an entry.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub id: Best<String>,
    pub title: Best<String>,
    pub summary: Best<String>,
    pub content: Best<String>,
    /// In full, if that is possible.
    pub link: Best<String>,
    /// Of a feed, where its older entries are.
    pub older: Best<String>,
    /// Of a feed, where it can be subscribed to, and as what.
    pub hub: Best<String>,
    pub topic: Best<String>,
    pub published: Best<Timestamp>,
    pub updated: Best<Timestamp>,
    pub language: Best<String>,
    /// When it asks to be asked; entries have no say.
    pub said: Said,
    pub authors: Best<Vec<String>>,
    pub categories: Vec<String>,
    pub enclosures: Vec<String>,
    /// Whether the document ends in the middle of it.
    pub is_cut_off: bool,
}

impl Draft {
    /// Takes a value. `link` is the same as a link in full, where it is one.
    pub(super) fn take(&mut self, field: Field, rank: Rank, text: String, link: Option<String>) {
        match field {
            Field::Title => _ = self.title.offer(rank, text),
            Field::Summary => self.take_summary(rank, text),
            Field::Content => _ = self.content.offer(rank, text),
            Field::Link | Field::Guid | Field::Id => self.take_name(field, rank, text, link),
            Field::Published | Field::Updated | Field::Date => self.take_date(field, rank, &text),
            Field::Category => self.add_category(&text),
            Field::Keywords => text.split(',').for_each(|keyword| self.add_category(keyword)),
            Field::Language => _ = self.language.offer(rank, text.replace('_', "-")),
            Field::Name | Field::Email | Field::Outlet => {}
            _ => self.said.note(field, &text),
        }
    }

    /// A second summary is more text, unless it may only describe a picture.
    fn take_summary(&mut self, rank: Rank, text: String) {
        if let Some((rank, other)) = self.summary.offer(rank, text)
            && rank < MEDIA
        {
            self.content.offer(LAST, other);
        }
    }

    fn take_name(&mut self, field: Field, rank: Rank, text: String, link: Option<String>) {
        if let Some(link) = link {
            self.link.offer(if field == Field::Link { rank } else { LAST }, link);
        }
        if field != Field::Link {
            self.id.offer(rank, text);
        }
    }

    fn take_date(&mut self, field: Field, rank: Rank, text: &str) {
        let Some(date) = date::parse(text) else { return };
        if field != Field::Updated {
            self.published.amend(rank, date);
        }
        if field != Field::Published {
            self.updated.amend(rank, date);
        }
    }

    /// Adds somebody; those named by a better element take the place of the others.
    pub(super) fn add_author(&mut self, rank: Rank, author: String) {
        match &mut self.authors.0 {
            Some((known, authors)) if *known == rank => add(authors, author),
            _ => _ = self.authors.offer(rank, vec![author]),
        }
    }

    pub(super) fn add_category(&mut self, category: &str) {
        add(&mut self.categories, category.trim().to_owned());
    }

    pub(super) fn add_enclosure(&mut self, link: String) {
        add(&mut self.enclosures, link);
    }
}

/// Adds a value that is not there yet.
fn add(values: &mut Vec<String>, value: String) {
    if !value.is_empty() && values.len() < MAX_EACH && !values.contains(&value) {
        values.push(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_is_kept_and_of_equals_the_first() {
        let mut best = Best::default();
        for (rank, value) in [(2, "a"), (1, "b"), (1, "c"), (3, "d")] {
            best.offer(rank, value);
        }
        assert_eq!(best.take(), Some("b"));
    }

    #[test]
    fn authors_of_the_best_kind_are_kept_each_once() {
        let mut draft = Draft::default();
        for (rank, name) in [(2, "Channel"), (1, "Ann"), (1, "Ben"), (1, "Ann"), (2, "Channel")] {
            draft.add_author(rank, name.to_owned());
        }
        assert_eq!(draft.authors.take(), Some(vec!["Ann".to_owned(), "Ben".to_owned()]));
    }
}
