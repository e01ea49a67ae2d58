//! How everything stands at a moment, for those who watch over the daemon.

use std::time::Duration;

use jiff::Timestamp;

/// How a feed stands, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeedStatus {
    /// It has not been asked yet.
    New,
    /// It answered when it was last asked.
    Ok,
    /// It could not be read when it was last asked.
    Failing,
    /// It is gone for good by its server's word, and asked no more.
    Retired,
}

impl FeedStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::New, Self::Ok, Self::Failing, Self::Retired];

    /// That of a feed that is retired or not, was asked or not, and has failed so often in a row.
    pub fn of(retired: bool, asked: bool, failures: u32) -> Self {
        match (retired, asked, failures) {
            (true, ..) => Self::Retired,
            (_, false, _) => Self::New,
            (.., 0) => Self::Ok,
            _ => Self::Failing,
        }
    }

    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Ok => "ok",
            Self::Failing => "failing",
            Self::Retired => "retired",
        }
    }
}

/// How one feed stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedStanding {
    /// Its name in the configuration.
    pub name: String,
    /// In a word.
    pub status: FeedStatus,
    /// When it last answered.
    pub last_success: Option<Timestamp>,
    /// Failed polls in a row.
    pub failures: u32,
    /// Its pause between polls, once it was asked.
    pub interval: Option<Duration>,
}

/// Deliveries to one receiver that have not arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxStanding {
    /// The receiver.
    pub receiver: String,
    /// Those that are still tried.
    pub waiting: u64,
    /// Those that were given up.
    pub failed: u64,
}

/// Feeds that name a hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HubStanding {
    /// Those that are subscribed to.
    pub confirmed: u64,
    /// Those whose hubs have yet to agree.
    pub pending: u64,
}

/// All feeds that are polled, and all deliveries that have not arrived.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// By name.
    pub feeds: Vec<FeedStanding>,
    /// By receiver.
    pub outbox: Vec<OutboxStanding>,
    /// Over all hubs.
    pub hubs: HubStanding,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_that_was_never_asked_is_new_and_one_that_is_gone_is_nothing_else() {
        let stands = [(false, false, 0), (false, true, 0), (false, true, 3), (true, true, 3)];
        let words = stands.map(|(retired, asked, failures)| FeedStatus::of(retired, asked, failures).as_str());
        assert_eq!(words, ["new", "ok", "failing", "retired"]);
    }
}
