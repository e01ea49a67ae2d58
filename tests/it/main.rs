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
mod end_to_end;
mod events;
mod explain;
mod explain_stories;
mod feeds;
mod fetch;
mod fetch_hostile;
mod headlines;
mod hostile;
mod manners;
mod manners_long;
#[path = "../naive/mod.rs"]
mod naive;
mod oracle;
mod publishers;
mod readme;
mod replay;
mod rule_language;
mod rule_tests;
mod schedule;
mod support;
mod tls;
mod updates;
mod world;
