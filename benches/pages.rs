//! What pages cost: to find the article in one, also in those made to cost much, and to tell whether one is wanted at all.
//!
//! `cargo bench --bench pages` prints the best of several runs for a page of 100 kB as news sites serve them; the time that pages of the
//! most bytes taken can hold a thread up for; and for teasers of 30 words what it takes to examine one and to ask whether more of it is
//! wanted, under the rules that ship and under so many rules of a few words.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot be made has failed")]
#![allow(missing_docs, reason = "nobody links to a benchmark")]

mod corpus;

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use corpus::{Text, World};
use wirewatch::config::{self, Diagnostics};
use wirewatch::model::{Article, ArticleKey};
use wirewatch::page::extract;
use wirewatch::pipeline::Pipeline;

const RUNS: usize = 20;
/// The largest page taken.
const MOST: usize = 4 << 20;

fn main() {
    let page = page();
    let best = (0..RUNS).map(|_| time(&page)).min_by(f64::total_cmp).unwrap();
    let words = extract(page.as_bytes(), Some("text/html")).unwrap().split_whitespace().count();
    println!("a page of {} kB, {words} words of article: {:.2} ms", page.len() / 1000, best * 1e3);
    for (name, start, piece) in HOSTILE {
        let page = start.to_owned() + &piece.repeat((MOST - start.len()) / piece.len());
        let best = (0..3).map(|_| time(&page)).min_by(f64::total_cmp).unwrap();
        println!("{name:34} {:8.1} ms", best * 1e3);
    }
    questions();
}

fn questions() {
    let mut world = World::new(20);
    let articles: Vec<Article> = world.texts(1_000).iter().map(teaser).collect();
    ask("the rules that ship", &pipeline(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/config/wirewatch.toml"))), &articles);
    for count in [100, 10_000, 100_000] {
        let rules = world.rules(count, 25);
        let words: usize = rules.iter().map(|rule| rule.words().len()).sum();
        let mut text = String::new();
        for (number, rule) in rules.iter().enumerate() {
            writeln!(text, "[rules.r{number}]\nwhen = '{}'", rule.written()).unwrap();
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        ask(&format!("{count} rules of {:.1} words", words as f64 / count as f64), &pipeline(file.path()), &articles);
    }
}

fn pipeline(config: &Path) -> Pipeline {
    let mut diagnostics = Diagnostics::default();
    let config = config::load(config, &mut diagnostics);
    let pipeline = Pipeline::compile(&config, &mut diagnostics);
    assert_eq!(diagnostics.errors(), 0);
    pipeline
}

fn ask(rules: &str, pipeline: &Pipeline, articles: &[Article]) {
    let mean = |judge: &dyn Fn(&Article) -> bool| {
        let run = || {
            let start = Instant::now();
            let yes = articles.iter().filter(|article| black_box(judge(article))).count();
            (start.elapsed().as_secs_f64() / articles.len() as f64, yes)
        };
        (0..5).map(|_| run()).min_by(|one, other| one.0.total_cmp(&other.0)).unwrap()
    };
    let (examining, _) = mean(&|article| pipeline.examine(article.clone()).is_some());
    let (asking, wanted) = mean(&|article| pipeline.wants_more(article));
    let rain = Article {
        title: "Rain".to_owned(),
        text: "take an umbrella, it said, and stay at home ".repeat(3),
        ..articles[0].clone()
    };
    let (in_vain, _) = mean(&|_| pipeline.wants_more(&rain));
    let [examining, asking, in_vain] = [examining, asking, in_vain].map(|seconds| seconds * 1e6);
    println!(
        "{rules:34} {examining:8.1} µs to examine, {asking:8.1} µs to ask ({in_vain:.1} where no word is there); {wanted} of {} are wanted",
        articles.len()
    );
}

fn teaser(text: &Text) -> Article {
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    Article {
        key: ArticleKey(String::new()),
        feed: None,
        outlet: "Bench".to_owned(),
        url: None,
        title: text.title.clone(),
        text: text.body.split_whitespace().take(30).collect::<Vec<_>>().join(" "),
        author: None,
        language: None,
        published: Some(now),
        first_seen: now,
    }
}

/// Pages that cost much where nobody takes care: what they begin with, and what is repeated.
const HOSTILE: [(&str, &str, &str); 18] = [
    ("a million nodes", "", "<p>x"),
    ("deep", "", "<div>"),
    ("deep and closed amiss", "", "<div><p></section>"),
    ("formatting left open", "", "<b><i><a><font size=1><p>"),
    ("links left open", "", "<a href=/1><p>word, word</div>"),
    ("tables in tables", "", "<table><tr><td>x, y"),
    ("text in tables, misplaced", "<table>", "x<tr>y<td>"),
    ("lists", "", "<ul><li>word, word, word"),
    ("attributes", "<p ", "a=1 b='2' "),
    ("quotes left open", "", "<a b=\"1><p c='"),
    ("one long word", "<p>", "x"),
    ("commas", "<p>", "word, word, word, "),
    ("paragraphs to be scored", "", "<div><p>A sentence of words, with commas, and more than five and twenty letters.</p></div>"),
    ("breaks", "", "x<br><br>"),
    ("references", "<p>", "&amp;&notit;&#x41;"),
    ("signs to be escaped", "<p>", "¬a"),
    ("signs of nothing", "<p>", "<<< < \0\0\r\n&&"),
    ("words in links", "", "<li><a href=/1>word, word</a> word, word<p>"),
];

fn time(page: &str) -> f64 {
    let start = Instant::now();
    black_box(extract(page.as_bytes(), Some("text/html")));
    start.elapsed().as_secs_f64()
}

/// A page in which the article is a small part: scripts, styles, menus, teasers, drawings.
fn page() -> String {
    let sentence =
        "The ministry said on Tuesday that the new rate, which had been expected for weeks, would apply from midnight. ";
    let article: String = (0..24).map(|_| format!("<p class=\"body-text\">{}</p>\n", sentence.repeat(4))).collect();
    let teaser = |number: usize| {
        format!(
            "<li class=\"teaser item-{number}\" data-track='{{\"id\":{number}}}'><a href=\"/news/{number}\"><svg viewBox=\"0 0 9 9\"><path d=\"{}\"/></svg>\
             <h3>Another headline {number}</h3><span class=time>2 h</span></a></li>",
            "M0 1L2 3".repeat(12)
        )
    };
    let teasers: String = (0..120).map(teaser).collect();
    format!(
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>New rate from midnight</title><style>{}</style><script>{}</script></head>\
         <body><header class=masthead><nav><ul>{}</ul></nav></header><main><article class=story><h1>New rate from midnight</h1>{article}</article>\
         <aside class=related><ul>{teasers}</ul></aside></main><footer><p>Copyright</p></footer></body></html>",
        ".a{color:#123456;margin:0 auto}".repeat(600),
        "window.x=function(a){if(a<1)return '<p>'+a};".repeat(700),
        "<li><a href=/s>Section</a>".repeat(40),
    )
}
