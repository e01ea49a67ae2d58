//! An expression as a tree: what of it holds in the article, with what was found, and how near the rest came.

use std::io::{self, Write};

use serde::Serialize;

use super::frame;
use crate::model::Evidence;
use crate::rules::Trace;

/// A part of an expression.
#[derive(Debug, Serialize)]
pub(super) struct Branch {
    /// As the canonical form writes it.
    pub(super) expression: String,
    pub(super) holds: bool,
    /// What of the article proves it.
    pub(super) found: Vec<Evidence>,
    /// Where it does not hold: how near it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) miss: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) parts: Vec<Branch>,
}

/// The part that keeps an expression from holding, in a sentence.
pub(super) fn failed(trace: &Trace) -> Option<String> {
    let part = trace.failing()?;
    let miss = part.miss.as_ref().map(|miss| format!(": {miss}")).unwrap_or_default();
    Some(format!("`{}` does not hold{miss}", part.expression))
}

impl Branch {
    /// The tree of a traced expression.
    pub(super) fn of(trace: Trace) -> Self {
        let Trace { expression, holds, evidence, miss, parts } = trace;
        Self { expression, holds, found: evidence, miss, parts: parts.into_iter().map(Self::of).collect() }
    }

    /// Everything that any part of it found.
    pub(super) fn evidence(&self) -> Vec<&Evidence> {
        self.found.iter().chain(self.parts.iter().flat_map(Self::evidence)).collect()
    }

    /// Writes it with its parts below it, each a step further to the right.
    pub(super) fn write(&self, out: &mut impl Write, depth: usize) -> io::Result<()> {
        let word = if self.holds { "holds" } else { "missing" };
        let mut found: Vec<String> = self.found.iter().map(|place| place.text.clone()).collect();
        found.dedup();
        let more = match (&self.miss, found.as_slice(), self.parts.is_empty()) {
            (Some(miss), _, _) => format!(" ({miss})"),
            (None, found @ [_, ..], true) => format!(": {}", frame::quotes(found)),
            _ => String::new(),
        };
        writeln!(out, "    {word:<7}  {:indent$}{}{more}", "", self.expression, indent = 2 * depth)?;
        self.parts.iter().try_for_each(|part| part.write(out, depth + 1))
    }
}
