//! Prints the folded words of articles and every telling of an event that is weighed in them, with its features: what the weights are
//! trained on.
//!
//! `cargo run --example tellings -- CONFIG < ARTICLES.jsonl`

use std::io::{BufRead, Write};
use std::path::Path;

use wirewatch::config::{self, Diagnostics};
use wirewatch::events::Detail;
use wirewatch::model::{Article, ArticleKey};
use wirewatch::rules::RuleSet;
use wirewatch::text::{Analysis, Text};

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "config/wirewatch.toml".to_owned());
    let mut diagnostics = Diagnostics::default();
    let config = config::load(Path::new(&path), &mut diagnostics);
    let rules = RuleSet::compile(&config, &mut diagnostics);
    anyhow::ensure!(diagnostics.errors() == 0, "{}", diagnostics.render(false));
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line: serde_json::Value = serde_json::from_str(&line?)?;
        let article = article(&line)?;
        let analysis = Analysis::of(&article);
        let words = |text: &Text| text.folded().map(str::to_owned).collect::<Vec<_>>();
        let object =
            serde_json::json!({ "article": article.key.0, "title": words(&analysis.title), "body": words(&analysis.body) });
        writeln!(out, "{object}")?;
        for telling in rules.tellings(&article, &analysis, Detail::Every) {
            let object = serde_json::json!({
                "article": article.key.0, "kind": telling.kind, "key": telling.key(), "score": telling.score,
                "features": telling.features, "evidence": telling.evidence.iter().map(|place| &place.text).collect::<Vec<_>>(),
            });
            writeln!(out, "{object}")?;
        }
    }
    Ok(())
}

fn article(line: &serde_json::Value) -> anyhow::Result<Article> {
    let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let published = text("published").parse()?;
    Ok(Article {
        key: ArticleKey(text("id")),
        feed: None,
        outlet: text("outlet"),
        url: None,
        title: text("title"),
        text: text("text"),
        author: None,
        language: line["lang"].as_str().map(str::to_owned),
        published: Some(published),
        first_seen: published,
    })
}
