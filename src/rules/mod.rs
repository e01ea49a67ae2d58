//! Rules: which articles are worth telling about, and the places in them that prove it.
//!
//! `language` reads an expression into a `query`, whose words are numbers of the `vocabulary`; `matching` looks every word of an
//! article up once, finds the few rules that may hold, and asks those; `trace` tells for one rule what holds and what does not.

mod actors;
mod asked;
mod canonical;
mod compile;
mod language;
mod matching;
mod outlook;
mod query;
#[cfg(test)]
mod testing;
mod trace;

use std::sync::{Arc, OnceLock};

use actors::Target;
use asked::Asked;
use matching::{Glossary, Hangs, Reading};
use query::Query;
pub use trace::Trace;

use crate::config::{Config, Diagnostics};
use crate::events::{Detail, Recognised, Telling};
use crate::model::{Article, Event, Evidence, Match, Severity, Status};
use crate::text::{Analysis, Pool};

/// All rules of a configuration, compiled.
#[derive(Debug)]
pub struct RuleSet {
    rules: Vec<Rule>,
    glossary: Glossary,
    hangs: Hangs,
    pool: Pool,
    /// Made when first asked for.
    asked: OnceLock<Asked>,
}

#[derive(Debug)]
struct Rule {
    name: Arc<str>,
    severity: Severity,
    feeds: Option<Vec<String>>,
    /// Whether it rings by itself.
    alert: bool,
    asks: Asks,
}

/// What a rule asks of an article.
#[derive(Debug)]
enum Asks {
    /// That an expression holds.
    Query(Arc<Query>),
    /// That it reports an event of a kind, standing so, with these among its participants.
    Event { kind: String, status: Vec<Status>, actors: Vec<Target> },
}

impl RuleSet {
    /// Compiles every rule; those with errors are reported and left out.
    pub fn compile(config: &Config, diagnostics: &mut Diagnostics) -> Self {
        let (rules, glossary) = compile::rules(config, diagnostics);
        let ringing: Vec<_> = (0..).zip(&rules).filter(|(_, rule)| rule.alert).collect();
        let hangs = Hangs::of(&ringing, &glossary);
        Self { rules, glossary, hangs, pool: Pool::default(), asked: OnceLock::new() }
    }

    /// The rules an article satisfies, by name; a rule on events once for each event. Denials of what a rule asks for are among
    /// them, marked as opening no story.
    pub fn matches(&self, article: &Article, analysis: &Analysis) -> Vec<Match> {
        self.read(article, analysis, |reading| self.matches_of(article, reading))
    }

    fn matches_of(&self, article: &Article, reading: &Reading<'_>) -> Vec<Match> {
        let candidates = self.hangs.candidates(reading.positions()).into_iter();
        let rules = candidates.filter_map(|number| self.rules.get(number as usize));
        rules.filter(|rule| rule.is_asked(article)).flat_map(|rule| rule.matches(reading)).collect()
    }

    /// The events that an article reports, asked for or not.
    pub fn events(&self, article: &Article, analysis: &Analysis) -> Vec<Recognised> {
        self.read(article, analysis, |reading| reading.events().to_vec())
    }

    /// What of a rule's expression holds in an article and what does not; nothing for a rule on events.
    pub fn trace(&self, rule: &str, article: &Article, analysis: &Analysis) -> Option<Trace> {
        let query = self.rules.iter().find(|known| &*known.name == rule)?.query()?;
        Some(self.read(article, analysis, |reading| Trace::of(query, None, reading)))
    }

    /// Every telling of an event that was weighed, told or not.
    pub fn tellings(&self, article: &Article, analysis: &Analysis, detail: Detail) -> Vec<Telling> {
        self.read(article, analysis, |reading| self.glossary.recogniser.tellings(article, &reading.index(), detail))
    }

    /// Every rule that has an expression, with its canonical form.
    pub fn expressions(&self) -> impl Iterator<Item = (&str, String)> {
        let written = |rule: &Rule| Some(canonical::canonical(rule.query()?, &self.glossary.vocabulary));
        self.rules.iter().filter_map(move |rule| Some((&*rule.name, written(rule)?)))
    }

    /// What each word of an article adds to what it weighs as a whole for a kind of event, the weightiest first.
    pub fn gist(&self, kind: &str, article: &Article, analysis: &Analysis) -> Vec<(String, f64)> {
        self.read(article, analysis, |reading| self.glossary.recogniser.gist(kind, &reading.index()))
    }

    /// Looks every word of an article up, once, in tables that are used again.
    fn read<T>(&self, article: &Article, analysis: &Analysis, ask: impl FnOnce(&Reading<'_>) -> T) -> T {
        let reading = Reading::of(article, analysis, &self.glossary, self.pool.take());
        let answer = ask(&reading);
        self.pool.give_back(reading.into_positions());
        answer
    }
}

impl Rule {
    fn query(&self) -> Option<&Arc<Query>> {
        match &self.asks {
            Asks::Query(query) => Some(query),
            Asks::Event { .. } => None,
        }
    }

    /// What an article gives it.
    fn matches(&self, reading: &Reading<'_>) -> Vec<Match> {
        match &self.asks {
            Asks::Query(query) => {
                reading.evidence_for(query).map(|evidence| self.matched(evidence, None, true)).into_iter().collect()
            }
            Asks::Event { kind, status, actors } => {
                let asked_for = |recognised: &&Recognised| {
                    let event = &recognised.event;
                    // a denial is heard whatever is asked for: it may be of something that has rung
                    event.kind == *kind
                        && (status.contains(&event.status) || event.status == Status::Denied)
                        && reading.glossary().actors.are_all_among(actors, event.values("actors"), reading.day())
                };
                let matched = |found: &Recognised| {
                    let opens = status.contains(&found.event.status);
                    self.matched(found.evidence.clone(), Some(found.event.clone()), opens)
                };
                reading.events().iter().filter(asked_for).map(matched).collect()
            }
        }
    }

    /// Whether it rings at all, and for this article's feed. An article that no feed brought is heard by every rule.
    fn is_asked(&self, article: &Article) -> bool {
        let hears = match (&self.feeds, &article.feed) {
            (Some(feeds), Some(feed)) => feeds.contains(feed),
            _ => true,
        };
        self.alert && hears
    }

    fn matched(&self, evidence: Vec<Evidence>, event: Option<Event>, opens: bool) -> Match {
        Match { rule: Arc::clone(&self.name), severity: self.severity, evidence, event, opens }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::{Setup, article};
    use super::*;

    fn names(rules: &RuleSet, article: &Article) -> Vec<String> {
        rules.matches(article, &Analysis::of(article)).into_iter().map(|found| found.rule.to_string()).collect()
    }

    #[test]
    fn matches_come_by_name_with_their_severity() {
        let mut setup = Setup::new();
        setup.rule("b", "steel").rule("a", "tariff*").rule("c", "copper");
        setup.config.rules.get_mut("a").unwrap().severity = Severity::High;
        let rules = setup.compile();
        let found = rules.matches(&article("Tariffs", "on steel"), &Analysis::of(&article("Tariffs", "on steel")));
        let found: Vec<_> = found.iter().map(|found| (&*found.rule, found.severity)).collect();
        assert_eq!(found, [("a", Severity::High), ("b", Severity::Medium)]);
    }

    #[test]
    fn a_rule_with_an_error_is_left_out_and_the_others_stay() {
        let mut setup = Setup::new();
        let rules = setup.rule("a", "tariff* AND").rule("b", "steel").compile();
        assert_eq!(setup.diagnostics.errors(), 1);
        assert_eq!(names(&rules, &article("Tariffs", "on steel")), ["b"]);
    }

    #[test]
    fn a_rule_hears_only_its_feeds_and_every_article_from_a_file() {
        let mut setup = Setup::new();
        setup.rule("a", "steel").rule("b", "steel");
        setup.config.rules.get_mut("a").unwrap().feeds = Some(vec!["ustr".to_owned()]);
        let rules = setup.compile();
        let mut article = article("", "steel");
        for (feed, expected) in [(None, vec!["a", "b"]), (Some("ustr"), vec!["a", "b"]), (Some("other"), vec!["b"])] {
            article.feed = feed.map(str::to_owned);
            assert_eq!(names(&rules, &article), expected);
        }
    }

    #[test]
    fn the_rule_of_the_manual_does_what_it_says() {
        let when = "(\"rare earth*\" OR gallium OR germanium OR @mofcom) NEAR/12 (\"export control*\" OR licen?e*)\n\
                    AND NOT title:(quiz OR \"letters to the editor\")\n";
        let mut setup = Setup::with_leaders();
        let rules = setup.rule("rare-earths", when).compile();
        assert!(setup.diagnostics.found.is_empty(), "{}", setup.diagnostics.render(false));
        let text = "China’s commerce ministry said on Friday that it would suspend export controls";
        assert_eq!(names(&rules, &article("Beijing eases", text)), ["rare-earths"]);
        assert_eq!(names(&rules, &article("The weekly quiz", text)), [""; 0]);
    }
}
