//! Every rule of a configuration compiled, those that ask for others after them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::actors::{Actors, Target};
use super::language::{self, Known, Linted};
use super::matching::Glossary;
use super::query::{Query, Scope};
use super::{Asks, Rule};
use crate::config::{self, Condition, Config, Diagnostics, EventCondition, Expression, Located};
use crate::events::Recogniser;
use crate::text::Language;
use crate::text::vocabulary::Stemming;

/// Every rule without errors, by name, and what words are looked up in for them.
pub fn rules(config: &Config, diagnostics: &mut Diagnostics) -> (Vec<Rule>, Glossary) {
    let mut glossary = Glossary { tags: tags(config), ..Glossary::default() };
    glossary.actors = Actors::compile(config, &mut glossary.vocabulary, diagnostics);
    let queries = queries(config, &mut glossary, diagnostics);
    glossary.recogniser = Recogniser::compile(config, &mut glossary.vocabulary);
    glossary.vocabulary.finish();
    let rule = |(name, rule): (&String, &config::Rule)| {
        let asks = asks(rule, queries.get(name.as_str())?.as_ref(), &glossary.actors, diagnostics)?;
        Some(Rule { name: name.as_str().into(), severity: rule.severity, feeds: rule.feeds.clone(), alert: rule.alert, asks })
    };
    let rules: Vec<Rule> = config.rules.iter().filter_map(rule).collect();
    glossary.asks_about = rules.iter().filter_map(Rule::query).any(|query| query.any(&asks_about));
    let is_event = |part: &Query| matches!(part, Query::Event(_));
    glossary.asks_for_events = rules.iter().filter_map(Rule::query).any(|query| query.any(&is_event));
    lint(config, &rules, &glossary, diagnostics);
    (rules, glossary)
}

fn tags(config: &Config) -> BTreeMap<String, Vec<String>> {
    config.feeds.iter().map(|(name, feed)| (name.clone(), feed.tags.clone())).collect()
}

fn asks(rule: &config::Rule, query: Option<&Arc<Query>>, actors: &Actors, diagnostics: &mut Diagnostics) -> Option<Asks> {
    match &rule.condition {
        Condition::When(_) => Some(Asks::Query(Arc::clone(query?))),
        Condition::Event(event) => Some(Asks::Event {
            kind: event.kind.clone(),
            status: event.status.clone(),
            actors: participants(event, actors, diagnostics),
        }),
        Condition::Health(_) => None,
    }
}

fn asks_about(query: &Query) -> bool {
    matches!(query, Query::Only(scope, _) if !Scope::is_text(*scope))
}

/// The query of every rule that has one. A rule waits until those it asks for are there; what waits in vain asks for itself.
fn queries<'c>(
    config: &'c Config,
    glossary: &mut Glossary,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<&'c str, Option<Arc<Query>>> {
    let kinds: Vec<&str> = config.events.keys().map(String::as_str).collect();
    let mut compiled: BTreeMap<&str, Option<Arc<Query>>> = BTreeMap::new();
    let mut waiting = Vec::new();
    for (name, rule) in &config.rules {
        compiled.insert(name, None);
        if let Condition::When(expression) = &rule.condition {
            waiting.push((name.as_str(), expression, language::references(expression)));
        }
    }
    while !waiting.is_empty() {
        let names: Vec<&str> = waiting.iter().map(|(name, ..)| *name).collect();
        let is_waiting = |reference: &String| names.binary_search(&reference.as_str()).is_ok();
        let (ready, still): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|(_, _, references)| !references.iter().any(is_waiting));
        if ready.is_empty() {
            still.iter().for_each(|(name, expression, _)| report_circle(name, expression, diagnostics));
            break;
        }
        for (name, expression, _) in ready {
            let stemming = stemming(expression, diagnostics);
            let known = Known { actors: &glossary.actors, kinds: &kinds, rules: &compiled };
            let query = language::parse(expression, stemming, &known, &mut glossary.vocabulary, diagnostics);
            compiled.insert(name, query.map(Arc::new));
        }
        waiting = still;
    }
    compiled
}

fn report_circle(name: &str, expression: &Expression, diagnostics: &mut Diagnostics) {
    diagnostics
        .error(&expression.text.spot, format!("rule `{name}` asks for itself, or for a rule that does"))
        .hint("a rule may ask for others with `rule:NAME`, but not for one that asks for it in turn");
}

fn stemming(expression: &Expression, diagnostics: &mut Diagnostics) -> Option<Stemming> {
    let tag = expression.stem.as_ref()?;
    let stemming = Stemming::of(Language::from_tag(&tag.value));
    if stemming.is_none() {
        diagnostics
            .error(&tag.spot, format!("the endings of `{}` are not known", tag.value))
            .hint("stem is \"en\", \"de\", \"fr\", \"es\" or \"ru\"");
    }
    stemming
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

fn lint(config: &Config, rules: &[Rule], glossary: &Glossary, diagnostics: &mut Diagnostics) {
    let linted = rules.iter().filter(|rule| rule.alert).filter_map(|rule| {
        let known = config.rules.get(&*rule.name)?;
        let Condition::When(expression) = &known.condition else { return None };
        let (query, spot) = (rule.query()?.as_ref(), &expression.text.spot);
        Some(Linted { name: &rule.name, query, spot, feeds: rule.feeds.as_deref() })
    });
    language::lint(&linted.collect::<Vec<_>>(), &glossary.vocabulary, diagnostics);
}
