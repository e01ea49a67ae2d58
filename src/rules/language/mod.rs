//! From an expression as people write it to a [`Query`](super::query::Query), and every reason why not.
//!
//! `lexer` (ours), `nexis` and `factiva` read the words of their language into the same symbols; `parser` joins symbols to a
//! query by the binding of each operator, which `symbols` knows for each language, and `faults` says what is wrong. `lint` looks
//! at finished queries for what was probably not meant.

mod factiva;
mod faults;
mod lexer;
mod lint;
mod nexis;
mod operands;
mod parser;
#[cfg(test)]
mod properties;
mod report;
mod symbols;
mod terms;
#[cfg(test)]
mod tests;

pub use lint::{Linted, lint};
pub use parser::{Known, parse, references};
