//! One article against all rules: one pass along its words, and then only the rules that one of them may fire.

mod eval;
mod hangs;
mod near;
pub mod percent;
mod proof;
mod reading;
#[cfg(test)]
mod tests;

pub use eval::narrowed;
pub use hangs::Hangs;
pub use near::{Place, distance};
#[cfg(test)]
pub use proof::MAX_EVIDENCE;
pub use reading::{Glossary, Reading, is_one_text};
