//! What an expression means.

use std::ops::RangeInclusive;
use std::sync::Arc;

use regex::Regex;

use super::actors::Target;
use crate::model::Field;
use crate::text::vocabulary::WordId;

/// A compiled expression. [`canonical`](super::canonical) writes it as an expression again.
#[derive(Debug, Clone)]
pub enum Query {
    /// Words in a row; mostly one.
    Words(Vec<Element>),
    /// Whatever a regular expression finds.
    Regex {
        /// The expression.
        regex: Regex,
        /// Whether capitals matter.
        cased: bool,
    },
    /// An actor, or anybody of a group.
    Mention {
        /// Its name in the configuration.
        name: String,
        /// Who that is; nobody if it has no names.
        target: Option<Target>,
    },
    /// That the article reports an event of a kind.
    Event(String),
    /// Another rule.
    Rule {
        /// Its name.
        name: String,
        /// What it asks.
        query: Arc<Query>,
    },
    /// Places close to each other, read from left to right: each further operand is close to a place of what stands before it.
    Close {
        /// The first operand.
        first: Box<Query>,
        /// The others.
        then: Vec<Link>,
    },
    /// A number of places at least.
    AtLeast {
        /// How many.
        times: usize,
        /// Of what.
        operand: Box<Query>,
    },
    /// What must not be found.
    Not(Box<Query>),
    /// All of these.
    And(Vec<Query>),
    /// One of these at least.
    Or(Vec<Query>),
    /// Only in one part of the article.
    Only(Scope, Box<Query>),
}

/// A word of a term or phrase.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// The word.
    pub word: WordId,
    /// What more is asked of it.
    pub form: Form,
}

/// What is asked of a word besides being there.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// Nothing.
    Any,
    /// That it is written with just these capitals.
    Written(Box<str>),
    /// Nothing, but its stem does not count where other words' do.
    Exact,
    /// That it is a number of per cent.
    Percent,
}

/// An operand close to the one before it.
#[derive(Debug, Clone)]
pub struct Link {
    /// How close.
    pub how: Closeness,
    /// Whether it must not be there.
    pub negated: bool,
    /// The operand.
    pub operand: Query,
}

/// How close two places must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closeness {
    /// Within so many words, in either order.
    Near(usize),
    /// The second within so many words after the first.
    Pre(usize),
    /// In one sentence.
    Sentence,
    /// In one paragraph.
    Paragraph,
}

/// The largest n of `NEAR/n` and `PRE/n`, in words; the /n connectors of LexisNexis end there too.
pub const DISTANCES: RangeInclusive<usize> = 1..=255;

/// A part of an article that a field prefix names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// One of its texts.
    Field(Field),
    /// The first paragraph of the body.
    Lead,
    /// Headline and first paragraph.
    Top,
}

impl Scope {
    /// Every scope with its prefix; the first prefix of a scope is the canonical one.
    pub const PREFIXES: [(&'static str, Self); 11] = [
        ("title", Self::Field(Field::Title)),
        ("headline", Self::Field(Field::Title)),
        ("body", Self::Field(Field::Body)),
        ("lead", Self::Lead),
        ("hlead", Self::Top),
        ("outlet", Self::Field(Field::Outlet)),
        ("feed", Self::Field(Field::Feed)),
        ("tag", Self::Field(Field::Tag)),
        ("lang", Self::Field(Field::Lang)),
        ("author", Self::Field(Field::Author)),
        ("url", Self::Field(Field::Url)),
    ];

    /// How it is written before a colon.
    pub fn prefix(self) -> &'static str {
        Self::PREFIXES.iter().find(|(_, scope)| *scope == self).map_or("", |(prefix, _)| prefix)
    }

    /// Whether it is part of what is told, not of what is known about it.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Lead | Self::Top | Self::Field(Field::Title | Field::Body))
    }

    /// What two prefixes in a row leave; nothing where they exclude each other.
    pub fn within(self, outer: Self) -> Option<Self> {
        const BODY: Scope = Scope::Field(Field::Body);
        match (self, outer) {
            (inner, outer) if inner == outer => Some(inner),
            (Self::Top, narrow @ (Self::Field(Field::Title) | Self::Lead))
            | (narrow @ (Self::Field(Field::Title) | Self::Lead), Self::Top) => Some(narrow),
            (Self::Lead, BODY) | (BODY, Self::Lead | Self::Top) | (Self::Top, BODY) => Some(Self::Lead),
            _ => None,
        }
    }
}

impl Query {
    /// What stands in for an operand with an error.
    pub fn nothing() -> Self {
        Self::Or(Vec::new())
    }

    /// Whether a match always rests on something that was found, never on absence alone.
    pub fn needs_something(&self) -> bool {
        match self {
            Self::Words(_) | Self::Regex { .. } | Self::Mention { .. } | Self::Event(_) | Self::Close { .. } => true,
            Self::Rule { query, .. } => query.needs_something(),
            Self::Not(_) => false,
            Self::And(operands) => operands.iter().any(Self::needs_something),
            Self::Or(operands) => operands.iter().all(Self::needs_something),
            Self::AtLeast { operand, .. } | Self::Only(_, operand) => operand.needs_something(),
        }
    }

    /// The operator, if there is one, that leaves no places to measure a distance from.
    pub fn placeless(&self) -> Option<&'static str> {
        match self {
            Self::Words(_) | Self::Regex { .. } | Self::Mention { .. } | Self::Close { .. } => None,
            Self::Event(_) => Some("`#kind`"),
            Self::Rule { query, .. } => query.placeless(),
            Self::AtLeast { .. } => Some("ATLEAST"),
            Self::Not(_) => Some("NOT"),
            Self::And(_) => Some("AND"),
            Self::Or(operands) => operands.iter().find_map(Self::placeless),
            Self::Only(_, operand) => operand.placeless(),
        }
    }

    /// Whether it can hold inside a part of an article, given its own field prefixes.
    pub fn can_hold_in(&self, scope: Scope) -> bool {
        match self {
            Self::Words(_) | Self::Not(_) => true,
            Self::Regex { .. } => scope.is_text(),
            Self::Event(_) => false,
            Self::Mention { target, .. } => target.is_some() && scope.is_text(),
            Self::Rule { query, .. } => query.can_hold_in(scope),
            Self::Close { first, then } => {
                let asked = then.iter().filter(|link| !link.negated).map(|link| &link.operand);
                std::iter::once(first.as_ref()).chain(asked).all(|operand| operand.can_hold_in(scope))
            }
            Self::And(operands) => operands.iter().all(|operand| operand.can_hold_in(scope)),
            Self::Or(operands) => operands.is_empty() || operands.iter().any(|operand| operand.can_hold_in(scope)),
            Self::AtLeast { operand, .. } => operand.can_hold_in(scope),
            Self::Only(only, operand) => only.within(scope).is_some_and(|narrow| operand.can_hold_in(narrow)),
        }
    }

    /// The parts it is joined of.
    pub fn operands(&self) -> Vec<&Self> {
        match self {
            Self::And(operands) | Self::Or(operands) => operands.iter().collect(),
            Self::Close { first, then } => std::iter::once(first.as_ref()).chain(then.iter().map(|link| &link.operand)).collect(),
            Self::AtLeast { operand, .. } | Self::Not(operand) | Self::Only(_, operand) => vec![operand],
            Self::Rule { query, .. } => vec![query],
            Self::Words(_) | Self::Regex { .. } | Self::Mention { .. } | Self::Event(_) => Vec::new(),
        }
    }

    /// Whether anything in it, itself included, is so.
    pub fn any(&self, is_so: &dyn Fn(&Self) -> bool) -> bool {
        is_so(self) || self.operands().into_iter().any(|operand| operand.any(is_so))
    }
}
