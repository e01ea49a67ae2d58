//! Lists of feeds from and to other programmes (OPML 2.0, <https://opml.org/spec2.opml>), and the configuration file that feeds
//! are added to.

mod file;
mod naming;
mod opml;
mod outline;
mod plan;
mod table;

use url::Url;

pub use file::append;
pub use opml::{ListError, read};
pub use outline::{Export, export};
pub use plan::{Plan, Refusal, Wish, plan};
pub use table::tables;

/// The longest title or name taken from a list, in characters.
const LONGEST_TITLE: usize = 200;
/// The attribute in which a list of ours keeps a feed's name in the configuration, in a namespace of its own as OPML 2.0 asks.
const NAME_ATTRIBUTE: &str = "wirewatch:name";

/// A feed as it is written into a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its name, unlike any other.
    pub name: String,
    /// Where it is.
    pub url: Url,
    /// Who publishes it, if that is known.
    pub outlet: Option<String>,
    /// Its labels.
    pub tags: Vec<String>,
}

/// A feed as a list tells of it: nothing of it is believed yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// Its address as written.
    pub address: Option<String>,
    /// What it is called.
    pub title: Option<String>,
    /// Its name in the configuration that it was exported from.
    pub name: Option<String>,
    /// The page it belongs to, or what else the list says instead of its address.
    pub page: Option<String>,
    /// The folders it lies in and the categories it has.
    pub tags: Vec<String>,
}

#[cfg(test)]
mod tests;
