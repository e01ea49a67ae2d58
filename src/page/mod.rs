//! Pages of articles.
mod extract;
mod prune;
pub mod robots;
pub use extract::extract;
