//! The matcher answers what asking every rule about every pair of places would.

use std::fmt::Write as _;

use proptest::prelude::*;
use wirewatch::config::{self, Diagnostics};
use wirewatch::model::{Article, ArticleKey};
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
