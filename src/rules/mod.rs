//! Rules: which articles are worth telling about, and the places in them that prove it.
//!
//! An expression goes through [`lexer`] and [`parser`] to a [`query`]; [`eval`] asks an article, prepared once for all rules,
//! whether the query holds.

mod actors;
mod eval;
mod index;
mod lexer;
mod near;
mod parser;
mod pattern;
mod query;
mod report;

use std::sync::Arc;

use actors::Actors;
use eval::Reading;
use query::Query;

use crate::config::{self, Config, Diagnostics};
use crate::model::{Article, Match, Severity};
use crate::text::Analysis;

/// All rules of a configuration, compiled.
#[derive(Debug)]
pub struct RuleSet {
    rules: Vec<Rule>,
    actors: Actors,
}

#[derive(Debug)]
struct Rule {
    name: Arc<str>,
    severity: Severity,
    feeds: Option<Vec<String>>,
    query: Query,
}

impl RuleSet {
    /// Compiles every rule; those with errors are reported and left out.
    pub fn compile(config: &Config, diagnostics: &mut Diagnostics) -> Self {
        let actors = Actors::compile(config, diagnostics);
        let rules = config.rules.iter().filter_map(|(name, rule)| Rule::compile(name, rule, &actors, diagnostics)).collect();
        Self { rules, actors }
    }

    /// The rules an article satisfies, by name.
    pub fn matches(&self, article: &Article, analysis: &Analysis) -> Vec<Match> {
        let reading = Reading::of(article, analysis, &self.actors);
        let listening = self.rules.iter().filter(|rule| rule.listens_to(article));
        listening.filter_map(|rule| rule.judge(&reading)).collect()
    }
}

impl Rule {
    fn compile(name: &str, rule: &config::Rule, actors: &Actors, diagnostics: &mut Diagnostics) -> Option<Self> {
        let query = parser::parse(&rule.when, actors, diagnostics)?;
        Some(Self { name: name.into(), severity: rule.severity, feeds: rule.feeds.clone(), query })
    }

    /// An article that no feed brought is heard by every rule.
    fn listens_to(&self, article: &Article) -> bool {
        match (&self.feeds, &article.feed) {
            (Some(feeds), Some(feed)) => feeds.contains(feed),
            _ => true,
        }
    }

    fn judge(&self, reading: &Reading<'_>) -> Option<Match> {
        let evidence = reading.evidence(&self.query)?;
        Some(Match { rule: Arc::clone(&self.name), severity: self.severity, evidence })
    }
}
