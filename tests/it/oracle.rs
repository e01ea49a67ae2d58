//! The matcher answers what asking every rule about every pair of places would.

use std::fmt::Write as _;

use proptest::prelude::*;
use wirewatch::config::{self, Condition, Diagnostics, EventCondition};
use wirewatch::model::{Article, ArticleKey, Status};
use wirewatch::rules::RuleSet;
use wirewatch::text::Analysis;

use crate::naive::{self, Choices, Naive};

/// Compiles expressions as rules named by their number.
fn compile(expressions: &[Naive]) -> RuleSet {
    let mut text = String::new();
    for (number, expression) in expressions.iter().enumerate() {
        writeln!(text, "[rules.r{number:04}]\nwhen = '''{expression}'''").unwrap();
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let mut diagnostics = Diagnostics::default();
    let config = config::load(file.path(), &mut diagnostics);
    let rules = RuleSet::compile(&config, &mut diagnostics);
    assert_eq!(diagnostics.errors(), 0, "{}", diagnostics.render(false));
    rules
}

fn article(title: &naive::Text, body: &naive::Text) -> Article {
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    Article {
        key: ArticleKey(String::new()),
        feed: None,
        outlet: "Test".to_owned(),
        url: None,
        title: naive::published(title),
        text: naive::published(body),
        author: None,
        language: None,
        published: Some(now),
        first_seen: now,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_rules_that_fire_are_those_that_hold(choices in proptest::collection::vec(any::<u8>(), 1..2_000)) {
        let mut choices = Choices(&choices);
        let count = 1 + choices.below(60);
        let articles: Vec<naive::Article> = (0..3).map(|_| choices.article()).collect();
        let expressions: Vec<Naive> = (0..count).map(|_| choices.expression(3)).collect();
        let rules = compile(&expressions);
        for told in &articles {
            let article = article(&told.title, &told.body);
            let fired: Vec<String> = rules.matches(&article, &Analysis::of(&article)).iter().map(|found| found.rule.to_string()).collect();
            let holding = expressions.iter().enumerate().filter(|(_, expression)| expression.holds(told));
            let expected: Vec<String> = holding.map(|(number, _)| format!("r{number:04}")).collect();
            if fired != expected {
                let odd = (0..count).find(|number| fired.contains(&format!("r{number:04}")) != expected.contains(&format!("r{number:04}"))).unwrap();
                prop_assert!(false, "{} | {}: {} holds: {}", article.title, article.text, expressions[odd], expected.contains(&format!("r{odd:04}")));
            }
        }
    }
}

/// Every kind of event asked for, however it stands, in all the articles that the shipped kinds are tried and trained on.
#[test]
fn no_event_is_missed_for_want_of_a_word() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let training = std::fs::read_dir(root.join("training")).unwrap().map(|entry| entry.unwrap().path());
    let training: Vec<_> = training.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect();
    let mut diagnostics = Diagnostics::default();
    let mut config = config::load_with(&root.join("config/wirewatch.toml"), &training, &mut diagnostics);
    let pattern = config.rules.values().next().unwrap().clone();
    config.rules.clear();
    let status = vec![Status::Occurred, Status::Planned, Status::Threatened, Status::Denied, Status::Background];
    for kind in config.events.keys() {
        let condition = Condition::Event(EventCondition { kind: kind.clone(), actors: Vec::new(), status: status.clone() });
        config.rules.insert(kind.clone(), config::Rule { condition, ..pattern.clone() });
    }
    let rules = RuleSet::compile(&config, &mut diagnostics);
    let mut events = 0;
    for test in &config.tests {
        let analysis = Analysis::of(&test.article);
        let matched: Vec<_> = rules.matches(&test.article, &analysis).into_iter().filter_map(|found| found.event).collect();
        let mut told: Vec<_> = rules.events(&test.article, &analysis).into_iter().map(|found| found.event).collect();
        told.sort_by(|one, other| one.kind.cmp(&other.kind));
        assert_eq!(matched, told, "{}", test.name);
        events += told.len();
    }
    assert!(events > 1_000, "{events} events");
}
