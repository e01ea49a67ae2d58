//! What holds in an article, and what proves it.

use proptest::prelude::*;

use super::MAX_EVIDENCE;
use crate::model::{Evidence, Field, Role};
use crate::rules::testing::{article, find_in, found, holds};

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
