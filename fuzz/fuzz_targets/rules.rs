//! Rules and articles to matches, which must be those of a plain reading that asks every rule about every pair of places.
//!
//! `cargo fuzz run rules`; on a stable compiler with `RUSTC_BOOTSTRAP=1`.

#![no_main]

#[path = "../../tests/naive/mod.rs"]
mod naive;

use std::fmt::Write as _;
use std::io::Write as _;

use libfuzzer_sys::fuzz_target;
use naive::{Choices, Naive};
use wirewatch::config::{self, Diagnostics};
use wirewatch::model::{Article, ArticleKey};
use wirewatch::rules::RuleSet;
use wirewatch::text::Analysis;

fuzz_target!(|bytes: &[u8]| {
    let mut choices = Choices(bytes);
    let told = choices.article();
    let expressions: Vec<Naive> = (0..1 + choices.below(12)).map(|_| choices.expression(3)).collect();
    let rules = compile(&expressions);
    let article = article(&told);
    let found = rules.matches(&article, &Analysis::of(&article));
    let fired: Vec<&str> = found.iter().map(|found| &*found.rule).collect();
    for (number, expression) in expressions.iter().enumerate() {
        let fires = fired.contains(&name(number).as_str());
        assert_eq!(fires, expression.holds(&told), "{} | {}: {expression}", article.title, article.text);
    }
});

fn name(number: usize) -> String {
    format!("r{number:02}")
}

fn compile(expressions: &[Naive]) -> RuleSet {
    let mut text = String::new();
    for (number, expression) in expressions.iter().enumerate() {
        writeln!(text, "[rules.{}]\nwhen = '''{expression}'''", name(number)).expect("written");
    }
    let mut file = tempfile::NamedTempFile::new_in("/dev/shm").expect("a file");
    file.write_all(text.as_bytes()).expect("written");
    let mut diagnostics = Diagnostics::default();
    let config = config::load(file.path(), &mut diagnostics);
    let rules = RuleSet::compile(&config, &mut diagnostics);
    assert_eq!(diagnostics.errors(), 0, "{}", diagnostics.render(false));
    rules
}

fn article(told: &naive::Article) -> Article {
    let now = "2026-01-01T00:00:00Z".parse().expect("a time");
    Article {
        key: ArticleKey(String::new()),
        feed: None,
        outlet: "Fuzz".to_owned(),
        url: None,
        title: naive::published(&told.title),
        text: naive::published(&told.body),
        author: None,
        language: None,
        published: Some(now),
        first_seen: now,
    }
}
