//! The way back: older documents of a feed (RFC 5005), asked for where its newest holds nothing that is known.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use tracing::info;
use url::Url;

use super::ingest::{Ingest, Setback};
use super::poll::{self, Document, Poll};
use crate::config::Feed;
use crate::feed::{Item, first_known};
use crate::fetch::{Fetched, Space, with_credentials_of};
use crate::model::{BusyHost, DueFeed, Seen, Validators};
use crate::schedule::interval::later;

/// Older documents asked for after one poll. Whoever publishes more than that between two polls must be asked more often.
const MAX_DOCUMENTS: usize = 10;
/// Entries held at once beyond which no further document is asked for.
const MAX_ENTRIES: usize = 10_000;

impl Ingest {
    /// Adds to the document of a poll the entries before it, and what is known of them, until one of them is; says whether that came
    /// to pass. A host that is busy is left alone. Told to stop, it gives up the whole poll: what was read of it must not be taken for
    /// all there was.
    pub(super) async fn reach_back(
        &self,
        (due, feed): (&DueFeed, &Feed),
        poll: &mut Poll,
        document: &mut Document,
        known: &mut Vec<Seen>,
    ) -> Result<bool, Setback> {
        let (mut asked, mut names) = (HashSet::new(), known.iter().map(|seen| seen.key.clone()).collect::<HashSet<_>>());
        while let Some(older) = document.older.take() {
            if asked.len() == MAX_DOCUMENTS || asked.contains(&older) || document.items.len() > MAX_ENTRIES {
                break;
            }
            // whoever keeps room while waiting for more waits for itself
            poll.space = Space::default();
            let Some(page) = self.older_document((&older, feed), poll).await? else { break };
            asked.insert(older);
            let acquainted = self.acquainted(due, &page.items).await?;
            let end = first_known(&page.items, &acquainted);
            let since =
                due.state.last_success.and_then(|last| last.checked_sub(SignedDuration::try_from(feed.backlog).ok()?).ok());
            add_missed(&mut document.items, page.items, end, since);
            known.extend(acquainted.into_iter().filter(|seen| names.insert(seen.key.clone())));
            if end.is_some() {
                info!(
                    feed = due.name,
                    documents = asked.len(),
                    "what it had published since the last poll was found in its archive"
                );
                return Ok(true);
            }
            document.older = page.older;
        }
        Ok(false)
    }

    async fn older_document(&self, (address, feed): (&Url, &Feed), poll: &mut Poll) -> Result<Option<Document>, Setback> {
        let (nothing, address) = (Validators::default(), with_credentials_of(&feed.url, address));
        let answer = tokio::select! {
            answer = self.setup.fetcher_for(feed).get(&address, &nothing) => answer,
            () = self.stop.cancelled() => return Err(Setback::Stopped),
        };
        let until = later(poll.at, answer.pause);
        poll.busy = poll.busy.take().or(answer.busy_host.map(|host| BusyHost { host, until }));
        match answer.fetched {
            Fetched::Page(page) => Ok(poll::document(page, poll.at).await),
            Fetched::NotAsked if self.stop.is_cancelled() => Err(Setback::Stopped),
            _ => Ok(None),
        }
    }
}

/// Adds those entries of an older document that may have been missed: by their dates, or else those before the first that is known.
fn add_missed(items: &mut Vec<Item>, older: Vec<Item>, first_known: Option<usize>, since: Option<Timestamp>) {
    let is_missed = |place: usize, item: &Item| match item.entry.published.zip(since) {
        Some((published, since)) => published >= since,
        None => first_known.is_none_or(|known| place <= known),
    };
    let here: HashSet<_> = items.iter().map(|item| item.entry.key.clone()).collect();
    let older = older.into_iter().enumerate().filter(|(place, item)| is_missed(*place, item) && !here.contains(&item.entry.key));
    items.extend(older.map(|(_, item)| item).collect::<Vec<_>>());
}
