//! Why each rule does or does not fire on an article, as values.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

use super::frame::Frame;
use super::hints;
use super::placement::{Placement, Stories};
use super::tree::{self, Branch};
use crate::config::{Condition, Config, EventCondition, Rule};
use crate::events::{Detail, Telling};
use crate::model::{Article, Candidate, Event, Evidence, Match, Severity, Status};
use crate::pipeline::{Pipeline, candidate};
use crate::rules::{RuleSet, Trace};
use crate::stories::Miss;
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
    /// Which stories it was compared with, in a sentence.
    pub(super) state: String,
    pub(super) rules: Vec<RuleExplanation>,
}

/// One rule's word on the article.
#[derive(Debug, Serialize)]
pub(super) struct RuleExplanation {
    pub(super) rule: String,
    pub(super) severity: Severity,
    pub(super) fired: bool,
    pub(super) because: Because,
    /// The first condition that failed, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) failed: Option<String>,
    /// What made it fire; where it did not, the events of its kind that are not as it asks.
    pub(super) found: Vec<Finding>,
    /// Its expression, if it has one: what of it holds and what does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tree: Option<Branch>,
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
    StoryDenied,
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
    /// The event by its parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) frame: Option<Frame>,
    /// The story it joins or opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) story: Option<Placement>,
    /// The nearest stories that it does not join.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) nearest: Vec<Miss>,
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
    pipeline: &'a Pipeline,
    analysis: &'a Analysis,
    candidate: Candidate,
    stories: Stories,
    tellings: Vec<Telling>,
}

/// Explains the rule of that name, or without a name every rule.
pub(super) fn explain(config: &Config, pipeline: &Pipeline, article: &Article, only: Option<&str>) -> Explanation {
    let analysis = Analysis::of(article);
    let mut tellings = pipeline.rules().tellings(article, &analysis, Detail::Weighed);
    tellings.sort_by(|a, b| b.score.total_cmp(&a.score));
    let candidate = candidate(article.clone(), &analysis, matches(config, pipeline.rules(), article, &analysis));
    let stories = Stories::near(config, &candidate);
    let asked = Asked { config, pipeline, analysis: &analysis, candidate, stories, tellings };
    let chosen = config.rules.iter().filter(|(name, _)| only.is_none_or(|only| only == *name));
    Explanation {
        title: analysis.title.plain().to_owned(),
        body: analysis.body.plain().to_owned(),
        judged_at: article.when(),
        rules: chosen.map(|(name, rule)| asked.explain(name, rule)).collect(),
        state: asked.stories.note,
    }
}

/// What the rules find, and for rules on events the further events of their kind, as matches that open nothing.
fn matches(config: &Config, rules: &RuleSet, article: &Article, analysis: &Analysis) -> Vec<Match> {
    let (mut matches, events) = (rules.matches(article, analysis), rules.events(article, analysis));
    for (name, rule) in &config.rules {
        let Condition::Event(asked) = &rule.condition else { continue };
        for found in events.iter().filter(|found| found.event.kind == asked.kind) {
            if !matches.iter().any(|known| &*known.rule == name && known.event.as_ref() == Some(&found.event)) {
                let (severity, evidence, event) = (rule.severity, found.evidence.clone(), Some(found.event.clone()));
                matches.push(Match { rule: name.as_str().into(), severity, evidence, event, opens: false });
            }
        }
    }
    matches
}

impl Asked<'_> {
    fn explain(&self, name: &str, rule: &Rule) -> RuleExplanation {
        let matches: Vec<&Match> = self.candidate.matches.iter().filter(|matched| &*matched.rule == name).collect();
        let because = self.because(rule, &matches);
        let fired = matches!(because, Because::ExpressionHolds | Because::EventReported | Because::StoryDenied);
        let speaks = |matched: &&&Match| because != Because::EventReported || matched.opens || self.denies(rule, matched);
        let deaf = because == Because::OtherFeed;
        let rules = self.pipeline.rules();
        let trace = if deaf { None } else { rules.trace(name, &self.candidate.article, self.analysis) };
        RuleExplanation {
            rule: name.to_owned(),
            severity: rule.severity,
            fired,
            because,
            failed: self.failed(because, rule, trace.as_ref(), &matches),
            found: matches.iter().filter(speaks).filter(|_| !deaf).map(|matched| self.finding(rule, matched)).collect(),
            tree: trace.map(Branch::of),
            tellings: match &rule.condition {
                Condition::Event(event) if !deaf => self.tellings(&event.kind),
                _ => Vec::new(),
            },
        }
    }

    fn because(&self, rule: &Rule, matches: &[&Match]) -> Because {
        match &rule.condition {
            _ if self.is_deaf(rule) => Because::OtherFeed,
            Condition::When(_) if matches.is_empty() => Because::ExpressionFails,
            Condition::When(_) => Because::ExpressionHolds,
            Condition::Event(_) if matches.is_empty() => Because::NothingTold,
            Condition::Event(_) if matches.iter().any(|matched| matched.opens) => Because::EventReported,
            Condition::Event(_) if matches.iter().any(|matched| self.denies(rule, matched)) => Because::StoryDenied,
            Condition::Event(asked) if matches.iter().any(|matched| asks(asked, matched)) => Because::OtherActors,
            Condition::Event(_) => Because::OtherStatus,
        }
    }

    /// Whether a match is the denial of a story of its rule.
    fn denies(&self, rule: &Rule, matched: &Match) -> bool {
        let is_denial = matched.event.as_ref().is_some_and(|event| event.status == Status::Denied);
        is_denial && !self.is_deaf(rule) && self.stories.place(self.pipeline, &self.candidate, matched).is_some()
    }

    fn finding(&self, rule: &Rule, matched: &Match) -> Finding {
        let rings = matched.opens || self.denies(rule, matched);
        let story = rings.then(|| self.stories.place(self.pipeline, &self.candidate, matched)).flatten();
        let joins = story.as_ref().is_some_and(|story| story.place == "joins");
        Finding {
            frame: matched.event.as_ref().map(|event| Frame::of(event, &matched.evidence)),
            nearest: if joins { Vec::new() } else { self.stories.misses(&self.candidate, matched) },
            event: matched.event.clone(),
            story,
            why: matched.evidence.clone(),
        }
    }

    /// The first condition that failed, in a sentence.
    fn failed(&self, because: Because, rule: &Rule, trace: Option<&Trace>, matches: &[&Match]) -> Option<String> {
        match (because, &rule.condition) {
            (Because::OtherFeed, _) => {
                let feed = self.candidate.article.feed.as_deref().unwrap_or_default();
                Some(format!("the article came from `{feed}`; it listens to {}", list(rule.feeds.iter().flatten())))
            }
            (Because::ExpressionFails, _) => tree::failed(trace?),
            (Because::NothingTold, Condition::Event(asked)) => {
                Some(hints::missing(self.config.events.get(&asked.kind)?, self.config, self.analysis))
            }
            (Because::OtherStatus, Condition::Event(asked)) => {
                let frame = Frame::of(matches.first()?.event.as_ref()?, &matches.first()?.evidence);
                let [_, _, (_, status), _] = frame.lines();
                let weight = self.tellings(&asked.kind).first().map(|telling| format!(", weighing {:+.2}", telling.score));
                Some(format!(
                    "it is told as {status}{}; asked is {}",
                    weight.unwrap_or_default(),
                    list(asked.status.iter().map(|status| status.as_str()))
                ))
            }
            (Because::OtherActors, Condition::Event(asked)) => {
                let told = matches.iter().find(|matched| asks(asked, matched))?.event.as_ref()?;
                let wanted = list(asked.actors.iter().map(|actor| &actor.value));
                Some(format!("those told of are {}; asked are {wanted}", list(told.values("actors"))))
            }
            _ => None,
        }
    }

    fn is_deaf(&self, rule: &Rule) -> bool {
        rule.feeds.as_ref().zip(self.candidate.article.feed.as_ref()).is_some_and(|(feeds, feed)| !feeds.contains(feed))
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
    let gist = (telling.gist != 0.0).then(|| Feature { feature: "gist".to_owned(), weight: telling.gist });
    let mut features: Vec<Feature> = bias.into_iter().chain(gist).chain(noticed).collect();
    features.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    Weighed { kind: telling.kind.clone(), key: telling.key(), score: telling.score, features, evidence: telling.evidence.clone() }
}

fn list(words: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| word.as_ref().to_owned()).collect();
    words.join(", ")
}

/// Whether a rule asks for an event that stands as this one does.
fn asks(asked: &EventCondition, matched: &Match) -> bool {
    matched.event.as_ref().is_some_and(|event| asked.status.contains(&event.status))
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ExpressionHolds => "its expression holds",
            Self::EventReported => "the article reports what it asks for",
            Self::StoryDenied => "the article denies what a story of it tells",
            Self::OtherFeed => "it does not listen to the article's feed",
            Self::ExpressionFails => "its expression does not hold",
            Self::NothingTold => "no sentence tells of such an event",
            Self::OtherStatus => "the event does not stand as it asks",
            Self::OtherActors => "those it asks for do not take part",
        })
    }
}
