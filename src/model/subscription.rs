//! A feed's subscription with a hub, which sends what is new instead of being asked for it.

use jiff::Timestamp;

/// What a feed says of where it can be subscribed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubOffer {
    /// The hub's address.
    pub hub: String,
    /// What the hub calls the feed.
    pub topic: String,
}

/// A subscription, wished for or at work.
#[derive(Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The feed's name in the configuration.
    pub feed: String,
    /// Where, and to what.
    pub offer: HubOffer,
    /// The part of the callback's address that nobody can guess.
    pub callback: String,
    /// What the hub signs with.
    pub secret: String,
    /// The end of the time in which the hub may come back to a request of ours.
    pub asked_until: Option<Timestamp>,
    /// The end of what the hub has agreed to.
    pub lease_until: Option<Timestamp>,
    /// Whether news of the feed comes from the hub before polls find it.
    pub delivers: bool,
    /// Requests in a row that came to nothing.
    pub failures: u32,
}

impl Subscription {
    /// Whether the hub can be relied on.
    pub fn is_at_work(&self, now: Timestamp) -> bool {
        self.delivers && self.lease_until.is_some_and(|until| until > now)
    }

    /// A hub's words without what only it and we may know, and what it may have repeated: they go into the log and the state.
    pub fn hushed(&self, words: &str) -> String {
        let secrets = [&self.secret, &self.callback].into_iter().filter(|secret| !secret.is_empty());
        secrets.fold(words.to_owned(), |words, secret| words.replace(secret.as_str(), "[secret]"))
    }

    /// Whether a request of ours is open.
    pub fn is_awaited(&self, now: Timestamp) -> bool {
        self.asked_until.is_some_and(|until| until >= now)
    }
}

/// How it went on with a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subscribing {
    /// The hub has verified that it was us.
    Confirmed {
        /// The end of what it has agreed to.
        until: Timestamp,
        /// When to ask for more.
        renew_at: Timestamp,
    },
    /// The request did not reach the hub, or it would not have it.
    Failed {
        /// Why, in words.
        error: String,
        /// When to ask again.
        at: Timestamp,
    },
    /// The hub does not want us, now or any more.
    Denied {
        /// Why, in words.
        reason: String,
        /// When to ask again.
        at: Timestamp,
    },
    /// News came from the hub, or failed to: a poll has found it first.
    Delivers(bool),
}

/// A feed claimed for what was sent to us; its schedule is to stay as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedFeed {
    /// The feed.
    pub feed: super::DueFeed,
    /// When it is asked next.
    pub next_due: Timestamp,
    /// The earliest moment that its server wishes for.
    pub not_before: Timestamp,
}
