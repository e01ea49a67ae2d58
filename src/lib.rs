//! wirewatch watches the news wires and rings once for each new real-world event.
//!
//! The modules stand in the order in which data travels: each imports only modules above it, and a test holds it to that.

pub mod model;

pub mod config;

pub mod store;

pub mod text;

pub mod rules;
