//! What kind of document is asked for, and how much of it is taken.

use super::FetchError;
use super::limits::Crowd;

/// Feeds first, then whatever may turn out to be one.
const FEEDS: &str = "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, \
                     application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1";

/// A kind of document.
#[derive(Debug, Clone, Copy)]
pub struct Want {
    /// What the `Accept` field says.
    pub accept: &'static str,
    /// The content types that are taken; empty for any. What says nothing of its type is taken as well.
    pub types: &'static [&'static str],
    /// The most bytes taken, before and after decompression.
    pub most: u64,
    /// What becomes of a body beyond that.
    pub beyond: Beyond,
    /// Whom it belongs to at its host.
    pub(super) crowd: Crowd,
}

/// What becomes of a body that is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// The request has failed.
    Fail,
    /// Its beginning is taken.
    Cut,
}

impl Want {
    /// A feed of at most so many bytes.
    pub fn feed(most: u64) -> Self {
        Self { accept: FEEDS, types: &[], most, beyond: Beyond::Fail, crowd: Crowd::Feeds }
    }

    /// Something besides feeds: whoever answers it with a wish to be left alone does not speak for feeds.
    pub const fn other(accept: &'static str, types: &'static [&'static str], most: u64, beyond: Beyond) -> Self {
        Self { accept, types, most, beyond, crowd: Crowd::Others }
    }

    /// Refuses a type that is of no use before a byte of it is read.
    pub(super) fn check_type(&self, content_type: Option<&[u8]>) -> Result<(), FetchError> {
        let given = String::from_utf8_lossy(content_type.unwrap_or_default()).into_owned();
        let kind = given.split(';').next().unwrap_or_default().trim();
        let is_taken =
            kind.is_empty() || self.types.is_empty() || self.types.iter().any(|known| known.eq_ignore_ascii_case(kind));
        if is_taken { Ok(()) } else { Err(FetchError::OtherType(kind.to_owned())) }
    }
}
