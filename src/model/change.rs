//! What later articles add to a story.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Ailment, Status};

/// Everything a story's articles have told of its event so far, by which a later one is measured.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// Who took part, by anybody's account.
    pub actors: BTreeSet<String>,
    /// Whom it is done to.
    pub targets: BTreeSet<String>,
    /// What was done, in the order of telling.
    pub actions: Vec<String>,
    /// Rates, in the order of telling.
    pub rates: Vec<String>,
    /// What it is about, by the first article that says so.
    pub object: Option<String>,
    /// Days that articles named, in the order of telling.
    pub days: Vec<Date>,
    /// The day it was taken to be while nobody had named one.
    pub taken_day: Option<Date>,
    /// How it was said to stand.
    pub statuses: BTreeSet<Status>,
    /// The countries whose own side has told it.
    pub sides: BTreeSet<String>,
}

/// One thing that is materially new in a later article of a story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "lowercase")]
pub enum Change {
    /// A number that nobody had told.
    Rate {
        /// The one told last.
        from: Option<String>,
        /// The new one.
        to: String,
    },
    /// A day that is not the one known.
    Date {
        /// The day known so far.
        from: Option<Date>,
        /// The new one.
        to: Date,
    },
    /// A step the other way, or another one.
    Action {
        /// The one told last.
        from: String,
        /// The new one.
        to: String,
    },
    /// Somebody else took part.
    Actor {
        /// Who.
        actor: String,
    },
    /// Somebody else is hit.
    Target {
        /// ISO 3166 code in lower case, or `eu`.
        country: String,
    },
    /// What was planned has happened, or the like.
    Status {
        /// How it stood.
        from: Status,
        /// How it stands.
        to: Status,
    },
    /// It did not happen, by this account.
    Denied {
        /// The outlet that says so.
        by: String,
        /// The country whose own side the outlet is, if it is one.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        side: Option<String>,
    },
    /// A side of it tells it for the first time.
    Side {
        /// ISO 3166 code in lower case, or `eu`.
        country: String,
        /// Its outlet.
        by: String,
    },
    /// A feed ails otherwise than before, or no more.
    Health {
        /// What was wrong with it.
        from: Ailment,
        /// What is wrong with it now.
        to: Option<Ailment>,
        /// For how long it has been unwell.
        seconds: i64,
    },
}

/// A change as it is told: the values for programs, the words for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// What changed.
    #[serde(flatten)]
    pub change: Change,
    /// The same in words.
    pub words: String,
}
