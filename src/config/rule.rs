//! What a rule is made of.

use std::time::Duration;

use super::{Located, Spot};
use crate::model::{Ailment, Severity, Status, Updates};

/// What a rule asks of an article.
#[derive(Debug, Clone)]
pub enum Condition {
    /// That an expression holds.
    When(Expression),
    /// That it reports an event.
    Event(EventCondition),
    /// Nothing of an article: that a feed is unwell.
    Health(HealthCondition),
}

/// `when`, `dialect` and `stem` of a rule.
#[derive(Debug, Clone)]
pub struct Expression {
    /// As written.
    pub text: Located<String>,
    /// The language it is written in.
    pub dialect: Dialect,
    /// The language whose endings do not count, BCP 47.
    pub stem: Option<Located<String>>,
}

/// A language that expressions can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// Ours.
    #[default]
    Wirewatch,
    /// Terms and connectors of LexisNexis.
    Nexis,
    /// Search statements of Factiva.
    Factiva,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 3] = [Self::Wirewatch, Self::Nexis, Self::Factiva];

    /// The word used in configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wirewatch => "wirewatch",
            Self::Nexis => "nexis",
            Self::Factiva => "factiva",
        }
    }
}

/// `event`, `actors` and `status` of a rule.
#[derive(Debug, Clone)]
pub struct EventCondition {
    /// The kind of event.
    pub kind: String,
    /// Who must take part: ids of actors or `@groups`; empty for all that the kind allows.
    pub actors: Vec<Located<String>>,
    /// How it must stand.
    pub status: Vec<Status>,
}

/// `health` and `for` of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthCondition {
    /// What must be wrong with a feed; never empty.
    pub ailments: Vec<Ailment>,
    /// For how long it must have been failing, or had nothing new. Left out, failing is patient for a while, and how long a feed
    /// may be silent follows from its own rhythm.
    pub patience: Option<Duration>,
}

/// `[rules.NAME]`
#[derive(Debug, Clone)]
pub struct Rule {
    /// What it asks.
    pub condition: Condition,
    /// Where it is defined.
    pub spot: Spot,
    /// The names of the feeds it listens to; `None` for all.
    pub feeds: Option<Vec<String>>,
    /// How much it matters.
    pub severity: Severity,
    /// Which later articles on a story are told.
    pub updates: Updates,
    /// Whether it rings; if not, it is there for other rules to ask for.
    pub alert: bool,
}
