//! What wirewatch does, seen from outside: against real servers on loopback, some of which misbehave.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed; Clippy knows helpers of integration tests for tests only inside test functions"
)]

mod check;
mod daemon;
mod delivery;
mod discover;
mod end_to_end;
mod events;
mod explain;
mod explain_stories;
mod feeds;
mod fetch;
mod fetch_hostile;
mod headlines;
mod health;
mod hostile;
mod identity;
mod identity_feeds;
mod manners;
mod manners_long;
#[path = "../naive/mod.rs"]
mod naive;
mod oracle;
mod pages;
mod publishers;
mod readme;
mod replay;
mod roll_off;
mod rule_language;
mod rule_tests;
mod schedule;
mod server;
mod sitemap;
mod subscriptions;
mod support;
mod tls;
mod updates;
mod wants_more;
mod websub;
mod world;
