//! wirewatch watches the news wires and rings once for each new real-world event.
//!
//! The modules stand in the order in which data travels: each imports only modules above it, and a test holds it to that.
//! `ARCHITECTURE.md` is the map in words.

pub mod model;

pub mod metrics;

pub mod config;

pub mod store;

pub mod schedule;

pub mod fetch;

pub mod feed;

pub mod websub;

pub mod text;

pub mod site;

pub mod subscriptions;

pub mod events;

pub mod rules;

pub mod stories;

pub mod alerts;

pub mod pipeline;

pub mod delivery;

pub mod server;

pub mod daemon;

pub mod cli;
