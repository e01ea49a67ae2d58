//! Whose page is asked for: the articles that a rule could still fire on, and few others.

use wirewatch::config::{self, Diagnostics};
use wirewatch::model::Article;

use crate::events::{PIPELINE, article, bundled};

const DAY: &str = "2025-08-20T12:00:00Z";

fn wants(title: &str, text: &str) -> bool {
    PIPELINE.wants_more(&article("1", DAY, title, text))
}

#[test]
fn a_summary_that_names_a_leader_or_a_measure_is_worth_the_page() {
    for (title, text) in [
        ("Macron turns to the grain question", "The French president spent the evening on it, aides said."),
        ("Kremlin: Putin was briefed on harvest", ""),
        ("What the Chinese president said", "Our correspondent reports."),
        ("Brussels weighs its answer to steel tariffs", "Ministers met late."),
        ("Germany's new line on sanctions", "A long night in Berlin."),
        ("Столица ждёт: Путин выступит вечером", ""),
    ] {
        assert!(wants(title, text), "{title}");
    }
}

#[test]
fn a_report_of_something_else_is_not() {
    for (title, text) in [
        ("Late header gives Rovers the derby", "The striker, a substitute, scored in the ninetieth minute before a full house."),
        ("England beat Portugal on penalties", "The goalkeeper saved two in Lisbon, and the manager spoke of a long road."),
        ("Rain expected over the weekend", "Take an umbrella."),
        ("Local bakery wins bread prize", "The jury praised its crust."),
        ("Actor charged after crash in Sydney", "Police said he would appear in court on Monday."),
    ] {
        assert!(!wants(title, text), "{title}");
    }
}

#[test]
fn an_article_that_comes_whole_or_that_has_rung_is_not_asked_for() {
    let long = "The president of France spent the evening on the question of grain, aides said. ".repeat(20);
    assert!(!wants("Macron turns to the grain question", &long));
    assert!(!wants("Macron and Merz spoke by phone on Wednesday", "Emmanuel Macron and Friedrich Merz spoke by phone."));
}

/// Labelled articles cut to the headline and the first words, as feeds bring them: of calls that ring when the article is whole nearly all ring
/// at once or are asked for; of ordinary news written in the words of the rules most are not.
#[test]
fn of_articles_cut_short_nearly_all_that_matter_are_asked_for_and_few_others() {
    let mut diagnostics = Diagnostics::default();
    let files = [bundled("training/leader-call.toml"), bundled("training/ordinary.toml")];
    let tests = config::load_with(&bundled("config/wirewatch.toml"), &files, &mut diagnostics).tests;
    let (mut told, mut noticed, mut ordinary, mut asked) = (0, 0, 0, 0);
    for test in tests.iter().step_by(4) {
        let text = test.article.text.split_whitespace().take(25).collect::<Vec<_>>().join(" ");
        let short = Article { text, ..test.article.clone() };
        if test.name.starts_with("ordinary") {
            ordinary += 1;
            asked += usize::from(PIPELINE.wants_more(&short));
        } else if PIPELINE.examine(test.article.clone()).is_some() {
            told += 1;
            noticed += usize::from(PIPELINE.wants_more(&short) || PIPELINE.examine(short).is_some());
        }
    }
    assert!(told >= 20 && 100 * noticed >= 95 * told, "{noticed} of {told} are noticed");
    assert!(ordinary >= 70 && 100 * asked <= 35 * ordinary, "{asked} of {ordinary} ordinary ones are asked for");
}
