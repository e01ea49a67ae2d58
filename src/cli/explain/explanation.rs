//! Why each rule does or does not fire on an article, as values.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

use crate::config::{Condition, Config, EventCondition, Rule};
use crate::events::{Detail, Recognised, Telling};
use crate::model::{Article, Event, Evidence, Match, Severity};
use crate::rules::RuleSet;
use crate::text::Analysis;

/// What is printed as one object.
#[derive(Debug, Serialize)]
pub(super) struct Explanation {
    /// The normalised headline.
    pub(super) title: String,
    /// The normalised text below it.
    pub(super) body: String,
    /// The moment the article is judged by.
    pub(super) judged_at: Timestamp,
    pub(super) rules: Vec<RuleExplanation>,
}

/// One rule's word on the article.
#[derive(Debug, Serialize)]
pub(super) struct RuleExplanation {
    pub(super) rule: String,
    pub(super) severity: Severity,
    pub(super) fired: bool,
    pub(super) because: Because,
    /// What made it fire; where it did not, the events of its kind that are not as it asks.
    pub(super) found: Vec<Finding>,
    /// Where it asks for a kind of event: every sentence that might tell of one, the likeliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tellings: Vec<Weighed>,
}

/// Why a rule fired or did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Because {
    ExpressionHolds,
    EventReported,
    OtherFeed,
    ExpressionFails,
    NothingTold,
    OtherStatus,
    OtherActors,
}

/// A match, or an event that is none.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    pub(super) event: Option<Event>,
    pub(super) why: Vec<Evidence>,
}

/// A telling with what spoke for it (above zero) and against it.
#[derive(Debug, Serialize)]
pub(super) struct Weighed {
    pub(super) kind: String,
    pub(super) key: Vec<String>,
    pub(super) score: f64,
    /// The weightiest first.
    pub(super) features: Vec<Feature>,
    pub(super) evidence: Vec<Evidence>,
}

/// Something noticed of a telling.
#[derive(Debug, Serialize)]
pub(super) struct Feature {
    pub(super) feature: String,
    /// What it adds to the score; 0 where its kind gives it no weight.
    pub(super) weight: f64,
}

/// Everything that is known of one article, to answer for one rule after the other.
struct Asked<'a> {
    config: &'a Config,
    article: &'a Article,
    matches: Vec<Match>,
    events: Vec<Recognised>,
    tellings: Vec<Telling>,
}

/// Explains the rule of that name, or without a name every rule.
pub(super) fn explain(config: &Config, rules: &RuleSet, article: &Article, only: Option<&str>) -> Explanation {
    let analysis = Analysis::of(article);
    let mut tellings = rules.tellings(article, &analysis, Detail::Weighed);
    tellings.sort_by(|a, b| b.score.total_cmp(&a.score));
    let (matches, events) = (rules.matches(article, &analysis), rules.events(article, &analysis));
    let asked = Asked { config, article, matches, events, tellings };
    let chosen = config.rules.iter().filter(|(name, _)| only.is_none_or(|only| only == *name));
    Explanation {
        title: analysis.title.plain().to_owned(),
        body: analysis.body.plain().to_owned(),
        judged_at: article.when(),
        rules: chosen.map(|(name, rule)| asked.explain(name, rule)).collect(),
    }
}

impl Asked<'_> {
    fn explain(&self, name: &str, rule: &Rule) -> RuleExplanation {
        let matches: Vec<&Match> = self.matches.iter().filter(|matched| matched.opens && &*matched.rule == name).collect();
        let fired = !matches.is_empty();
        let (because, tellings) = match &rule.condition {
            _ if self.is_deaf(rule) => (Because::OtherFeed, Vec::new()),
            Condition::When(_) if fired => (Because::ExpressionHolds, Vec::new()),
            Condition::When(_) => (Because::ExpressionFails, Vec::new()),
            Condition::Event(event) => (self.because(event, fired), self.tellings(&event.kind)),
        };
        let found = match &rule.condition {
            Condition::Event(event) if !fired => self.events(&event.kind).map(Finding::from).collect(),
            _ => matches.into_iter().map(Finding::from).collect(),
        };
        RuleExplanation { rule: name.to_owned(), severity: rule.severity, fired, because, found, tellings }
    }

    fn is_deaf(&self, rule: &Rule) -> bool {
        rule.feeds.as_ref().zip(self.article.feed.as_ref()).is_some_and(|(feeds, feed)| !feeds.contains(feed))
    }

    fn because(&self, asked: &EventCondition, fired: bool) -> Because {
        let mut events = self.events(&asked.kind).peekable();
        if fired {
            Because::EventReported
        } else if events.peek().is_none() {
            Because::NothingTold
        } else if events.any(|found| asked.status.contains(&found.event.status)) {
            Because::OtherActors
        } else {
            Because::OtherStatus
        }
    }

    fn events(&self, kind: &str) -> impl Iterator<Item = &Recognised> {
        self.events.iter().filter(move |found| found.event.kind == kind)
    }

    fn tellings(&self, kind: &str) -> Vec<Weighed> {
        let weights = self.config.events.get(kind).map(|kind| &kind.weights);
        self.tellings.iter().filter(|telling| telling.kind == kind).map(|telling| weighed(telling, weights)).collect()
    }
}

fn weighed(telling: &Telling, weights: Option<&BTreeMap<String, f64>>) -> Weighed {
    let weight = |feature: &str| weights.and_then(|weights| weights.get(feature)).copied();
    let bias = weight("bias").map(|weight| Feature { feature: "bias".to_owned(), weight });
    let noticed =
        telling.features.iter().map(|feature| Feature { feature: feature.clone(), weight: weight(feature).unwrap_or(0.0) });
    let mut features: Vec<Feature> = bias.into_iter().chain(noticed).collect();
    features.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    Weighed { kind: telling.kind.clone(), key: telling.key(), score: telling.score, features, evidence: telling.evidence.clone() }
}

impl From<&Match> for Finding {
    fn from(matched: &Match) -> Self {
        Self { event: matched.event.clone(), why: matched.evidence.clone() }
    }
}

impl From<&Recognised> for Finding {
    fn from(found: &Recognised) -> Self {
        Self { event: Some(found.event.clone()), why: found.evidence.clone() }
    }
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ExpressionHolds => "its expression holds",
            Self::EventReported => "the article reports what it asks for",
            Self::OtherFeed => "it does not listen to the article's feed",
            Self::ExpressionFails => "its expression does not hold",
            Self::NothingTold => "no sentence tells of such an event",
            Self::OtherStatus => "the event does not stand as it asks",
            Self::OtherActors => "those it asks for do not take part",
        })
    }
}
