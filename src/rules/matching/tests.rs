//! What holds in an article, and what proves it.

use proptest::prelude::*;

use super::MAX_EVIDENCE;
use crate::model::{Evidence, Field, Role};
use crate::rules::testing::{Setup, article, find_in, found, holds};
use crate::text::Analysis;

#[test]
fn words_are_found_whatever_their_case_accents_or_widths() {
    assert_eq!(found("elysee", "L’Élysée a confirmé"), ["Élysée"]);
    assert_eq!(found("ÉLYSÉE", "The Elysee said"), ["Elysee"]);
    assert_eq!(found("tariff", "ＴＡＲＩＦＦ news"), ["ＴＡＲＩＦＦ"]);
    assert!(!holds("tariff", "tariffs"));
}

#[test]
fn possessives_and_initials_are_seen_through() {
    assert_eq!(found("china AND us", "China’s answer to the U.S.'s tariffs"), ["China", "U.S"]);
}

#[test]
fn a_phrase_is_its_words_in_a_row() {
    assert_eq!(found("\"rare earth*\"", "rare metals, rare-earths, rare\nearth"), ["rare-earths", "rare\nearth"]);
    assert!(!holds("\"rare earth\"", "earth rare"));
}

#[test]
fn every_branch_of_or_that_holds_is_evidence_and_all_of_and() {
    assert_eq!(found("(b OR a OR x) AND c", "a b c"), ["a", "b", "c"]);
    assert!(!holds("a AND x", "a b c"));
}

#[test]
fn what_must_not_be_there_adds_no_evidence() {
    assert_eq!(found("tariff* AND NOT quiz", "New tariffs"), ["tariffs"]);
    assert!(!holds("tariff* AND NOT quiz", "The tariffs quiz"));
}

#[test]
fn near_holds_up_to_its_distance_in_either_order() {
    assert!(holds("a NEAR/3 b", "a x x b") && holds("a NEAR/3 b", "b x x a"));
    assert!(!holds("a NEAR/3 b", "a x x x b"));
    assert!(holds("a NEAR/3 b", "a. X x! B"));
}

#[test]
fn a_phrase_counts_from_its_nearer_end() {
    assert!(holds("\"p q r\" NEAR/2 a", "p q r x a") && holds("\"p q r\" NEAR/2 a", "a x p q r"));
    assert!(!holds("\"p q r\" NEAR/2 a", "p q r x x a") && !holds("\"p q r\" NEAR/2 a", "a x x p q r"));
}

#[test]
fn only_pairs_that_are_near_are_evidence() {
    assert_eq!(found("a NEAR/2 (b OR c)", "a x x x a b x x x c"), ["a", "b"]);
}

#[test]
fn a_word_is_not_near_itself() {
    assert!(!holds("war NEAR/5 \"trade war\"", "the trade war") && !holds("a NEAR/5 a", "a x"));
    assert!(holds("war NEAR/5 \"trade war\"", "the trade war, a war") && holds("a NEAR/5 a", "a x a"));
}

#[test]
fn a_chain_of_near_goes_on_from_any_of_its_places() {
    assert_eq!(found("a NEAR/2 b NEAR/2 c", "c a x b"), ["c", "a", "b"]);
    assert_eq!(found("a NEAR/2 b NEAR/2 c", "a b x c"), ["a", "b", "c"]);
    assert!(!holds("a NEAR/2 b NEAR/2 c", "a x b x x c") && !holds("a NEAR/2 (b NEAR/2 c)", "a x x b c"));
}

#[test]
fn title_and_body_are_separate_texts() {
    let article = article("one two", "three four");
    for (when, expected) in [
        ("one AND three", true),
        ("two NEAR/9 three", false),
        ("\"two three\"", false),
        ("title:one AND body:three", true),
        ("title:three", false),
        ("body:(three AND one)", false),
        ("title:(one NEAR/1 two)", true),
        ("title:one NEAR/1 two", true),
        ("one AND body:(NOT two)", true),
        ("one AND title:(NOT two)", false),
    ] {
        assert_eq!(find_in(when, &article).is_some(), expected, "{when}");
    }
}

#[test]
fn evidence_gives_the_place_in_the_normalised_text() {
    let found = find_in("body:b AND title:a", &article("<b>A&amp;</b>", "<p>x</p><p>é B</p>")).unwrap();
    let evidence = |field, start, end, text: &str| Evidence { field, start, end, text: text.to_owned(), role: Role::Term };
    assert_eq!(found.evidence, [evidence(Field::Title, 0, 1, "A"), evidence(Field::Body, 5, 6, "B")]);
}

#[test]
fn evidence_is_bounded_and_shows_every_operand() {
    let found = found("a AND b", &format!("{} b", "a ".repeat(50)));
    assert_eq!(found.len(), MAX_EVIDENCE);
    assert_eq!(found.last().map(String::as_str), Some("b"));
}

#[test]
fn chinese_and_japanese_terms_are_found_in_running_text() {
    assert_eq!(found("通话 AND 习近平", "国家主席习近平同特朗普通话"), ["习近平", "通话"]);
    assert_eq!(found("トランプ NEAR/5 電話", "トランプ大統領と電話会談"), ["トランプ", "電話"]);
}

#[test]
fn russian_words_take_wildcards() {
    assert_eq!(found("санкц* NEAR/3 нефт*", "Новые санкции против нефти"), ["санкции", "нефти"]);
}

#[test]
fn french_elisions_do_not_hide_a_word() {
    assert_eq!(found("accord AND iran AND \"l'accord\"", "L’accord avec l'Iran"), ["L’accord", "accord", "Iran"]);
}

/// Anything that looked at every pair would take minutes.
#[test]
fn near_costs_little_where_everything_is_near() {
    assert_eq!(found("a NEAR/255 b NEAR/255 a", &"a b ".repeat(100_000)).len(), MAX_EVIDENCE);
}

#[test]
fn pre_keeps_the_order() {
    assert!(holds("a PRE/3 b", "a x x b") && !holds("a PRE/3 b", "b x x a") && !holds("a PRE/3 b", "a x x x b"));
    assert_eq!(found("a PRE/2 b PRE/2 c", "c a b x c"), ["a", "b", "c"]);
}

#[test]
fn sentences_and_paragraphs_hold_what_they_hold() {
    let text = "One alpha here. Then beta there.\nA gamma, and beta.";
    for (when, expected) in [
        ("one SENTENCE alpha", true),
        ("alpha SENTENCE beta", false),
        ("alpha PARAGRAPH beta", true),
        ("alpha PARAGRAPH gamma", false),
        ("gamma SENTENCE beta", true),
        ("alpha NOT SENTENCE beta", true),
        ("gamma NOT SENTENCE beta", false),
        ("alpha PARAGRAPH alpha", false),
    ] {
        assert_eq!(holds(when, text), expected, "{when}");
    }
}

#[test]
fn what_must_not_be_close_is_looked_for_at_each_place() {
    assert!(holds("rico NOT NEAR/2 puerto", "puerto rico and x x the rico act"));
    assert!(!holds("rico NOT NEAR/2 puerto", "puerto rico"));
    assert!(holds("a NOT PRE/1 b", "b a") && !holds("a NOT PRE/1 b", "a b"));
}

#[test]
fn a_number_of_places_is_counted_over_all_alternatives() {
    assert!(holds("ATLEAST/3(duty OR duties)", "duty duties duty") && !holds("ATLEAST/3(duty OR duties)", "duty duties"));
    assert!(holds("ATLEAST/2(\"a b\")", "a b a b") && !holds("ATLEAST/2(ab OR ab*)", "ab"));
    assert!(find_in("ATLEAST/2(steel)", &article("Steel", "steel")).is_some());
}

#[test]
fn per_cent_is_found_however_it_is_written() {
    for text in ["a 25% duty", "a 25 % duty", "25 percent", "25 per cent", "25 pct", "25 Prozent", "25 процентов", "25\u{a0}%"]
    {
        assert!(holds("25%", text) && holds("\"25 per cent\"", text), "{text}");
    }
    assert!(!holds("25%", "25 people") && !holds("25%", "125%") && holds("2?5%", "205%"));
    assert!(holds("\"a 25% duty\"", "a 25 per cent duty") && !holds("\"a 25% duty\"", "a 25 per cent of duty"));
    assert_eq!(found("\"25 percent duty\"", "a 25 per cent duty"), ["25 per cent duty"]);
}

#[test]
fn thousands_are_found_with_commas_or_without() {
    assert!(holds("1000", "1,000 jobs") && holds("1,000", "1000 jobs") && !holds("1000", "1,000,000"));
}

#[test]
fn capitals_count_where_case_says_so() {
    assert_eq!(found("CASE(US)", "us and US"), ["US"]);
    assert!(!holds("CASE(Apple)", "apple APPLE") && holds("CASE(Apple)", "An Apple"));
    assert!(holds("CASE(\"Rare Earth*\")", "Rare Earths") && !holds("CASE(\"Rare Earth*\")", "rare earths"));
    assert!(holds("CASE(Elysee)", "L’Élysée"));
    assert!(!holds("CASE(US) OR CASE(Us)", "us"));
}

#[test]
fn regular_expressions_are_places_like_words() {
    assert_eq!(found("/tariffs? on \\w+/", "New Tariff on steel"), ["Tariff on steel"]);
    assert!(holds("/[0-9]+ ?bps/ NEAR/3 cut", "a rate cut of 25bps") && !holds("CASE(/Tariff/)", "tariff"));
    assert!(!holds("/,/", "a, b") && !holds("title:/steel/", "steel"));
}

#[test]
fn endings_do_not_count_where_stems_do() {
    let stemmed = |when: &str, stem: &str, text: &str| {
        let mut setup = Setup::new();
        let rules = setup.rule("rule", when).stem("rule", stem).compile();
        assert_eq!(setup.diagnostics.found.len(), 0, "{}", setup.diagnostics.render(false));
        let article = article("", text);
        !rules.matches(&article, &Analysis::of(&article)).is_empty()
    };
    let english = "The ministry said that it sanctioned the firm and its owners on the day after the talks";
    assert!(stemmed("sanctions", "en", english) && !stemmed("EXACT(sanctions)", "en", english));
    assert!(stemmed("EXACT(sanctioned)", "en", english) && stemmed("sanction*", "en", english));
    assert!(!stemmed("sanctions", "de", english));
    assert!(stemmed("санкция", "ru", "Новые санкции против нефти вводит министерство"));
}

#[test]
fn a_stem_of_an_unknown_language_is_an_error() {
    let mut setup = Setup::new();
    setup.rule("rule", "a").stem("rule", "ja").compile();
    assert_eq!(setup.diagnostics.found[0].message, "the endings of `ja` are not known");
}

#[test]
fn fields_are_what_is_known_of_an_article() {
    let mut article = article("Steel duties", "First steel paragraph.\nSecond copper paragraph.");
    article.feed = Some("ustr".to_owned());
    article.outlet = "Reuters Trade News".to_owned();
    article.author = Some("Ann Smith".to_owned());
    article.language = Some("en-GB".to_owned());
    article.url = Some("https://ustr.gov/press/2025/steel".to_owned());
    let mut setup = Setup::new();
    setup.feed("ustr", &["official", "us"]);
    for (when, expected) in [
        ("outlet:\"reuters trade\"", true),
        ("reuters", false),
        ("feed:ustr", true),
        ("tag:official AND tag:us", true),
        ("lang:en", true),
        ("lang:de", false),
        ("author:smith", true),
        ("url:\"ustr gov\" AND url:press", true),
        ("lead:steel AND NOT lead:copper", true),
        ("hlead:(duties AND first)", true),
        ("headline:duties", true),
        ("body:lead:first", true),
        ("lead:second", false),
        ("steel AND outlet:(bloomberg OR reuters)", true),
    ] {
        let rules = setup.rule("rule", when).compile();
        assert_eq!(setup.diagnostics.errors(), 0, "{}", setup.diagnostics.render(false));
        assert_eq!(!rules.matches(&article, &Analysis::of(&article)).is_empty(), expected, "{when}");
    }
}

#[test]
fn what_is_known_of_an_article_proves_a_rule_too() {
    let mut article = article("", "steel");
    article.outlet = "Reuters".to_owned();
    let found = find_in("outlet:reuters AND steel", &article).unwrap();
    let places: Vec<_> = found.evidence.iter().map(|place| (place.field, place.text.as_str())).collect();
    assert_eq!(places, [(Field::Body, "steel"), (Field::Outlet, "Reuters")]);
}

#[test]
fn a_rule_asks_what_another_asks_and_one_that_does_not_ring_is_silent() {
    let mut setup = Setup::new();
    setup.rule("metals", "steel OR copper").rule("news", "rule:metals AND tariff*").rule("near", "rule:metals NEAR/2 tariff*");
    setup.config.rules.get_mut("metals").unwrap().alert = false;
    let rules = setup.compile();
    let fired = |text: &str| {
        let article = article("", text);
        rules.matches(&article, &Analysis::of(&article)).into_iter().map(|found| found.rule.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(fired("copper tariffs"), ["near", "news"]);
    assert_eq!(fired("copper x x x tariffs"), ["news"]);
    assert_eq!(fired("copper"), [""; 0]);
}

proptest! {
    #[test]
    fn near_is_what_it_says(text in "([abx] ){0,24}", within in 1_usize..6) {
        let words: Vec<&str> = text.split_whitespace().collect();
        let at = |wanted: &str| (0..words.len()).filter(|position| words[*position] == wanted).collect::<Vec<_>>();
        let expected = at("a").iter().any(|a| at("b").iter().any(|b| a.abs_diff(*b) <= within));
        prop_assert_eq!(holds(&format!("a NEAR/{within} b"), &text), expected);
    }

    #[test]
    fn any_text_can_be_judged(title in "\\PC{0,40}", body in "(Xi|Trump|<p>|&#39;|'s|\\.| |\\PC){0,40}") {
        let when = "(@leaders NEAR/9 (@xi OR t*mp OR \"xx?y z\")) OR (title:ab* AND xi AND NOT body:trump)";
        if let Some(found) = find_in(when, &article(&title, &body)) {
            prop_assert!(!found.evidence.is_empty());
            prop_assert!(found.evidence.is_sorted());
        }
    }
}
