//! Rules: which articles are worth telling about, and the places in them that prove it.
//!
//! An expression goes through `lexer` and `parser` to a `query`; `eval` asks an article, prepared once for all rules,
//! whether the query holds.

mod actors;
mod circumstances;
mod eval;
mod index;
mod lexer;
mod near;
mod parser;
mod parts;
mod pattern;
mod query;
mod report;
#[cfg(test)]
mod testing;

use std::sync::Arc;

use actors::{Actors, Target};
use circumstances::Circumstances;
use eval::Reading;
pub use parts::Part;
use query::Query;

use crate::config::{self, Condition, Config, Diagnostics, EventCondition, Located};
use crate::events::{Detail, Recognised, Recogniser, Telling};
use crate::model::{Article, Evidence, Match, Severity, Status};
use crate::text::Analysis;

/// All rules of a configuration, compiled.
#[derive(Debug)]
pub struct RuleSet {
    rules: Vec<Rule>,
    actors: Actors,
    recogniser: Recogniser,
    circumstances: Circumstances,
}

#[derive(Debug)]
struct Rule {
    name: Arc<str>,
    severity: Severity,
    feeds: Option<Vec<String>>,
    asks: Asks,
}

/// What a rule asks of an article.
#[derive(Debug)]
enum Asks {
    /// That an expression holds.
    Query(Query),
    /// That it reports an event of a kind, standing so, with these among its participants.
    Event { kind: String, status: Vec<Status>, actors: Vec<Target> },
}

impl RuleSet {
    /// Compiles every rule; those with errors are reported and left out.
    pub fn compile(config: &Config, diagnostics: &mut Diagnostics) -> Self {
        let actors = Actors::compile(config, diagnostics);
        let rules = config.rules.iter().filter_map(|(name, rule)| Rule::compile(name, rule, &actors, diagnostics)).collect();
        Self { rules, actors, recogniser: Recogniser::compile(config), circumstances: Circumstances::of(config) }
    }

    /// The rules an article satisfies, by name; a rule on events once for each event. Denials of what a rule asks for are among
    /// them, marked as opening no story.
    pub fn matches(&self, article: &Article, analysis: &Analysis) -> Vec<Match> {
        let reading = Reading::of(article, analysis, &self.actors);
        let listening = || self.rules.iter().filter(|rule| rule.listens_to(article));
        let asked_for = listening().any(|rule| matches!(rule.asks, Asks::Event { .. }));
        let events = if asked_for { self.recogniser.recognise(article, analysis) } else { Vec::new() };
        let complete = |found: &Recognised| self.circumstances.evidence(found, analysis);
        listening().flat_map(|rule| rule.judge(&reading, &events, &self.actors, &complete)).collect()
    }

    /// The events that an article reports, asked for or not.
    pub fn events(&self, article: &Article, analysis: &Analysis) -> Vec<Recognised> {
        let complete = |found: Recognised| Recognised { evidence: self.circumstances.evidence(&found, analysis), ..found };
        self.recogniser.recognise(article, analysis).into_iter().map(complete).collect()
    }

    /// What of a rule's expression holds in an article and what does not; nothing for a rule on events.
    pub fn parts(&self, rule: &str, article: &Article, analysis: &Analysis) -> Vec<Part> {
        let reading = Reading::of(article, analysis, &self.actors);
        match self.rules.iter().find(|known| &*known.name == rule).map(|known| &known.asks) {
            Some(Asks::Query(query)) => parts::parts(&reading, query),
            _ => Vec::new(),
        }
    }

    /// Every telling of an event that was weighed, told or not.
    pub fn tellings(&self, article: &Article, analysis: &Analysis, detail: Detail) -> Vec<Telling> {
        self.recogniser.tellings(article, analysis, detail)
    }
}

impl Rule {
    fn compile(name: &str, rule: &config::Rule, actors: &Actors, diagnostics: &mut Diagnostics) -> Option<Self> {
        let asks = match &rule.condition {
            Condition::When(when) => Asks::Query(parser::parse(when, actors, diagnostics)?),
            Condition::Event(event) => Asks::Event {
                kind: event.kind.clone(),
                status: event.status.clone(),
                actors: participants(event, actors, diagnostics),
            },
        };
        Some(Self { name: name.into(), severity: rule.severity, feeds: rule.feeds.clone(), asks })
    }

    /// An article that no feed brought is heard by every rule.
    fn listens_to(&self, article: &Article) -> bool {
        match (&self.feeds, &article.feed) {
            (Some(feeds), Some(feed)) => feeds.contains(feed),
            _ => true,
        }
    }

    /// What an article gives a rule. `complete` finds everything that an event rests on.
    fn judge(
        &self,
        reading: &Reading<'_>,
        events: &[Recognised],
        actors: &Actors,
        complete: &dyn Fn(&Recognised) -> Vec<Evidence>,
    ) -> Vec<Match> {
        let matched =
            |evidence, event, opens| Match { rule: Arc::clone(&self.name), severity: self.severity, evidence, event, opens };
        match &self.asks {
            Asks::Query(query) => reading.evidence(query).map(|evidence| matched(evidence, None, true)).into_iter().collect(),
            Asks::Event { kind, status, actors: wanted } => {
                let asked_for = |recognised: &&Recognised| {
                    let event = &recognised.event;
                    // a denial is heard whatever is asked for: it may be of something that has rung
                    event.kind == *kind
                        && (status.contains(&event.status) || event.status == Status::Denied)
                        && actors.are_all_among(wanted, event.values("actors"), reading.day())
                };
                let found = |found: &Recognised| {
                    matched(complete(found), Some(found.event.clone()), status.contains(&found.event.status))
                };
                events.iter().filter(asked_for).map(found).collect()
            }
        }
    }
}

/// Those who must take part; a name that stands for nobody is reported.
fn participants(event: &EventCondition, actors: &Actors, diagnostics: &mut Diagnostics) -> Vec<Target> {
    let resolve = |name: &Located<String>| match actors.resolve(name.value.trim_start_matches('@')) {
        Ok(target) => Some(target),
        Err(_) => {
            diagnostics.error(&name.spot, format!("there is no actor or group `{}`", name.value));
            None
        }
    };
    event.actors.iter().filter_map(resolve).collect()
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
