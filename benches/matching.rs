//! What it costs to ask many rules about an article, beside what it costs at least.
//!
//! `cargo bench --bench matching [RULES…]` makes so many rules (100, 1,000, 10,000 and 100,000) and a corpus, and measures in one
//! run, on one core: the floor (each text cut into words, one hash look-up a word), one Aho–Corasick scan for all words of all
//! rules, every rule asked about every article by its set of words, and the rules as wirewatch matches them. All figures are
//! articles per second, with their share of the floor; everything counts that has to be done for a new article.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot be made has failed")]
#![allow(missing_docs, reason = "nobody links to a benchmark")]

mod corpus;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use corpus::{Rule, Text, World};
use foldhash::HashMap;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use wirewatch::config::{self, Diagnostics};
use wirewatch::model::{Article, ArticleKey};
use wirewatch::rules::RuleSet;
use wirewatch::text::Analysis;

const ARTICLES: usize = 3_000;
/// They take turns, so that whatever else the machine does falls on all of them.
const TURNS: usize = 12;
/// How long a turn is, in seconds of the processor.
const TURN: f64 = 0.1;

/// How common the words of rules may be, by their number, so that an article matches a few of them.
fn rarer_than(rules: usize) -> usize {
    match rules {
        0..=300 => 0,
        301..=3_000 => 1,
        3_001..=30_000 => 6,
        _ => 25,
    }
}

fn main() {
    let alone = std::env::args().any(|argument| argument == "alone");
    let sizes: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![100, 1_000, 10_000, 100_000] } else { sizes };
    let mut world = World::new(20);
    let texts = world.texts(ARTICLES);
    let bytes: usize = texts.iter().map(|text| text.title.len() + text.body.len()).sum();
    println!("{ARTICLES} articles of {} bytes; articles a second, and the share of the floor", bytes / ARTICLES);
    println!(
        "{:>8} {:>10} {:>16} {:>16} {:>16} {:>9} {:>9} {:>7}",
        "rules", "floor", "aho-corasick", "every rule", "wirewatch", "matches", "load", "memory"
    );
    for size in sizes {
        measure(&texts, &world.rules(size, rarer_than(size)), alone);
    }
}

fn measure(texts: &[Text], rules: &[Rule], alone: bool) {
    let table = table(rules);
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .ascii_case_insensitive(true)
        .build(table.keys())
        .unwrap();
    let before = resident();
    let started = Instant::now();
    let compiled = compile(rules);
    let (load, memory) = (started.elapsed(), resident().saturating_sub(before));
    let articles: Vec<Article> = texts.iter().map(article).collect();
    let matches: usize = articles.iter().map(|article| compiled.matches(article, &Analysis::of(article)).len()).sum();
    let mut folded = String::new();
    let mut ours = Contender::new(|at| compiled.matches(&articles[at], &Analysis::of(&articles[at])).len());
    let mut floor = Contender::new(|at| look_up(&texts[at], &table, &mut folded));
    let mut scanning = Contender::new(|at| scan(&texts[at], &automaton));
    let mut every = Contender::new(|at| {
        let words = words(&texts[at]);
        rules.iter().filter(|rule| holds(rule, &words)).count()
    });
    for _ in 0..TURNS {
        ours.turn(texts.len());
        if !alone {
            [&mut floor, &mut scanning, &mut every].into_iter().for_each(|contender| contender.turn(texts.len()));
        }
    }
    let [ours, floor, scan, every] = [&ours, &floor, &scanning, &every].map(Contender::per_second);
    let share = |figure: f64| format!("{figure:.0} ({:.2})", figure / floor);
    println!(
        "{:>8} {floor:>10.0} {:>16} {:>16} {:>16} {:>9.2} {:>8.2}s {:>5}MB",
        rules.len(),
        share(scan),
        share(every),
        share(ours),
        matches as f64 / texts.len() as f64,
        load.as_secs_f64(),
        memory >> 20
    );
}

/// Something that is asked about one item after the other.
struct Contender<'a> {
    ask: Box<dyn FnMut(usize) -> usize + 'a>,
    asked: usize,
    seconds: f64,
}

impl<'a> Contender<'a> {
    fn new(ask: impl FnMut(usize) -> usize + 'a) -> Self {
        Self { ask: Box::new(ask), asked: 0, seconds: 0.0 }
    }

    fn turn(&mut self, items: usize) {
        let started = processor_seconds();
        loop {
            for _ in 0..8 {
                black_box((self.ask)(self.asked % items));
                self.asked += 1;
            }
            let seconds = processor_seconds() - started;
            if seconds > TURN {
                self.seconds += seconds;
                return;
            }
        }
    }

    fn per_second(&self) -> f64 {
        self.asked as f64 / self.seconds
    }
}

/// Time of the processor that this thread has had.
fn processor_seconds() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_THREAD).unwrap();
    (usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e6
}

fn table(rules: &[Rule]) -> HashMap<String, u32> {
    let mut table = HashMap::default();
    for word in rules.iter().flat_map(Rule::words) {
        let next = table.len() as u32;
        table.entry(word.to_owned()).or_insert(next);
    }
    table
}

/// Cuts a text into words and looks each up: no matcher that reads every word can do less.
fn look_up(text: &Text, table: &HashMap<String, u32>, folded: &mut String) -> usize {
    let mut found = 0;
    for text in [&text.title, &text.body] {
        folded.clear();
        folded.push_str(text);
        folded.make_ascii_lowercase();
        let words = folded.as_bytes().split(|byte| !byte.is_ascii_alphanumeric() && byte.is_ascii());
        let words = words.filter(|word| !word.is_empty()).filter_map(|word| std::str::from_utf8(word).ok());
        found += words.filter(|word| table.contains_key(*word)).count();
    }
    found
}

fn scan(text: &Text, automaton: &AhoCorasick) -> usize {
    [&text.title, &text.body].into_iter().map(|text| automaton.find_overlapping_iter(text.as_str()).count()).sum()
}

/// The words of a text in order, and which there are.
fn words(text: &Text) -> (Vec<String>, HashSet<String>) {
    let both = format!("{} {}", text.title, text.body);
    let words = both.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_ascii_lowercase).collect();
    let set = words.iter().cloned().collect();
    (words, set)
}

fn holds(rule: &Rule, (words, set): &(Vec<String>, HashSet<String>)) -> bool {
    let all_there = |asked: &[&str]| asked.iter().all(|word| set.contains(*word));
    let places =
        |asked: &str| words.iter().enumerate().filter(move |(_, word)| *word == asked).map(|(at, _)| at).collect::<Vec<_>>();
    match rule {
        Rule::And(asked) => asked.iter().all(|word| set.contains(word)),
        Rule::Phrase(one, two) => all_there(&[one, two]) && places(one).into_iter().any(|at| words.get(at + 1) == Some(two)),
        Rule::Near(one, two) => {
            all_there(&[one, two])
                && places(one).into_iter().any(|at| places(two).into_iter().any(|other| at.abs_diff(other) <= 5))
        }
        Rule::OrNot(any, also, not) => any.iter().any(|word| set.contains(word)) && set.contains(also) && !set.contains(not),
    }
}

fn compile(rules: &[Rule]) -> RuleSet {
    let mut text = String::new();
    for (number, rule) in rules.iter().enumerate() {
        writeln!(text, "[rules.r{number}]\nwhen = '{}'", rule.written()).unwrap();
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let mut diagnostics = Diagnostics::default();
    let config = config::load(file.path(), &mut diagnostics);
    let compiled = RuleSet::compile(&config, &mut diagnostics);
    assert_eq!(diagnostics.errors(), 0);
    compiled
}

fn article(text: &Text) -> Article {
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    Article {
        key: ArticleKey(String::new()),
        feed: None,
        outlet: "Bench".to_owned(),
        url: None,
        title: text.title.clone(),
        text: text.body.clone(),
        author: None,
        language: None,
        published: Some(now),
        first_seen: now,
    }
}

/// Memory of this process in bytes.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}
