//! What an expression is read as, and what is said of one that cannot be read.

use crate::config::Dialect;
use crate::rules::testing::{self, Setup, finding};

fn canonical(when: &str) -> Option<String> {
    testing::canonical(when, Dialect::Wirewatch)
}

fn errors(when: &str) -> Vec<String> {
    let mut setup = Setup::with_leaders();
    setup.rule("rule", when).compile();
    setup.diagnostics.found.into_iter().map(|diagnostic| diagnostic.message).collect()
}

#[track_caller]
fn assert_finding(when: &str, message: &str, place: &str, hint: &str) {
    assert_eq!(finding(when), (message.to_owned(), place.to_owned(), hint.to_owned()));
}

#[test]
fn field_prefixes_bind_tightest_then_near_not_and_or() {
    let readings = [
        ("a OR b AND c", "a OR (b AND c)"),
        ("a AND NOT b NEAR/3 c OR d", "(a AND NOT (b NEAR/3 c)) OR d"),
        ("title:a NEAR/3 b", "title:a NEAR/3 b"),
        ("title:(a NEAR/3 b)", "title:(a NEAR/3 b)"),
        ("a NEAR/3 b NEAR/4 c", "a NEAR/3 b NEAR/4 c"),
        ("a NEAR/3 (b NEAR/4 c)", "a NEAR/3 (b NEAR/4 c)"),
        ("NOT NOT a AND b", "NOT NOT a AND b"),
        ("body:(NOT a) AND b", "body:(NOT a) AND b"),
        ("((a))", "a"),
    ];
    for (written, read) in readings {
        assert_eq!(canonical(written).as_deref(), Some(read));
    }
}

#[test]
fn terms_are_folded_and_split_as_articles_are() {
    let readings = [
        ("Élysée", "elysee"),
        ("“Rare Earth*”", "\"rare earth*\""),
        ("U.S.", "us"),
        ("licen?e*", "licen?e*"),
        ("rare-earth", "\"rare earth\""),
        ("l'accord", "\"l accord\""),
        ("\"China's\"", "china"),
        ("don't", "\"don't\""),
        ("and", "and"),
        ("\u{fe72}AND", "and"),
        ("习近平", "\"习 近 平\""),
        ("（a OR ＂b c＂） AND @xi", "(a OR \"b c\") AND @xi"),
    ];
    for (written, read) in readings {
        assert_eq!(canonical(written).as_deref(), Some(read));
    }
}

#[test]
fn and_mixed_with_or_is_read_aloud() {
    let hint = "it is read as `(a AND b) OR c`; write the parentheses to say so";
    assert_finding("a AND b OR c", "AND and OR are mixed without parentheses", "a AND b OR c", hint);
    assert_eq!(errors("(a AND b) OR c"), Vec::<String>::new());
    assert_eq!(errors("a AND (b OR c)"), Vec::<String>::new());
}

#[test]
fn two_words_side_by_side_need_quotes_or_an_operator() {
    let hint = "write \"rare earth\" for the phrase, or AND or OR between the two";
    assert_finding("gallium OR rare earth", "an operator is missing between `rare` and `earth`", "rare earth", hint);
    assert_finding("(a) @xi", "an operator is missing between `)` and `@xi`", ") @xi", "write AND or OR between the two");
    assert_finding("a NOT b", "an operator is missing between `a` and `NOT`", "a NOT", "write `AND NOT`");
}

#[test]
fn operators_in_lower_case_are_noticed() {
    let hints = [("a and b", "and", "AND"), ("a Or b", "Or", "OR"), ("not a", "not", "NOT"), ("a near/7 b", "near/7", "NEAR/7")];
    for (when, word, operator) in hints {
        let hint = format!("operators are written in capitals: {operator}");
        assert_finding(when, &format!("`{word}` is a word to look for here"), word, &hint);
    }
}

#[test]
fn a_missing_operand_tells_what_could_stand_there() {
    let operands = "a word, a \"phrase\", `@name`, `title:` or `(`";
    assert_finding("a AND", "something to look for is missing before the end", "AND", &format!("expected NOT, {operands}"));
    assert_finding("a AND OR b", "something to look for is missing before `OR`", "OR", &format!("expected NOT, {operands}"));
    assert_finding("a NEAR/3 )", "something to look for is missing before `)`", ")", &format!("expected {operands}"));
}

#[test]
fn parentheses_must_pair_and_hold_something() {
    assert_finding("a AND (b OR c", "this parenthesis is never closed", "(", "at the end there could be NEAR/n, AND, OR or `)`");
    assert_finding("a) AND b", "this parenthesis closes nothing", ")", "remove it, or open one before");
    let hint = "write a word, a \"phrase\", `@name`, `title:` or `(` between them, or remove them";
    assert_finding("a AND ( )", "there is nothing between these parentheses", "( )", hint);
}

#[test]
fn near_needs_a_distance_in_bounds() {
    for near in ["NEAR", "NEAR/", "NEAR/0", "NEAR/256", "NEAR/x", "NEAR/-1"] {
        let message = format!("`{near}` does not say within how many words");
        assert_finding(&format!("a {near} b"), &message, near, "write NEAR/n with a number from 1 to 255, such as NEAR/10");
    }
    assert!(canonical("a NEAR/255 b").is_some());
}

#[test]
fn near_takes_only_what_has_places() {
    let message =
        |operator| format!("{operator} cannot stand inside NEAR: distance is measured between places, and {operator} has none");
    let hint = |operator| {
        format!("NEAR takes words, phrases, `@names` and OR-groups of them; write {operator} outside, between two NEARs")
    };
    assert_finding("(a AND b) NEAR/3 c", &message("AND"), "(a AND b)", &hint("AND"));
    assert_finding("a NEAR/3 (b OR (c AND d))", &message("AND"), "(b OR (c AND d))", &hint("AND"));
    assert_finding("a NEAR/3 NOT b", &message("NOT"), "NOT b", &hint("NOT"));
}

#[test]
fn title_and_body_are_never_near_each_other() {
    let message = "NEAR can never hold between the title and the body: they are separate texts";
    assert_finding("title:a NEAR/3 body:b", message, "title:a NEAR/3 body:b", "use AND, or look for both in one field");
    for when in ["title:(a AND body:b)", "title:lead:b", "outlet:@xi", "url:/b/"] {
        assert!(finding(when).0.ends_with("can never hold there"), "{when}");
    }
}

#[test]
fn an_unclosed_quote_is_shown_where_it_opens() {
    assert_finding("a AND \"rare earth", "this quote is never closed", "\"", "end the phrase with another `\"`");
}

#[test]
fn an_unknown_field_is_compared_with_the_known() {
    assert_finding("titel:a", "there is no field `titel:`", "titel:", "did you mean `title:`?");
    let (message, place, hint) = finding("10:30");
    assert_eq!((message.as_str(), place.as_str()), ("there is no field `10:`", "10:"));
    assert!(hint.starts_with("the fields are `title:`") && hint.ends_with("belongs in quotes"), "{hint}");
}

#[test]
fn an_unknown_name_is_compared_with_the_known() {
    assert_finding("@leadrs AND a", "there is no actor or group `leadrs`", "@leadrs", "did you mean `@leaders`?");
    let hint = "there are `@ghost`, `@mofcom`, `@trump`, `@xi`, `@leaders`, `@pair`";
    assert_finding("@qqq", "there is no actor or group `qqq`", "@qqq", hint);
    assert_finding(
        "@ghost",
        "actor `ghost` has no names",
        "@ghost",
        "it is never found; add `names = [\"…\"]` to [actors.ghost]",
    );
    assert_finding("a AND @", "`@` stands alone", "@", "write the name of an actor or a group after it: `@name`");
}

#[test]
fn a_wildcard_needs_letters_beside_it() {
    let hint = "write at least 2 letters beside the wildcards of a word";
    assert_finding("tax AND t*", "`t*` would match almost every word", "t*", hint);
    assert_finding("\"export * control\"", "`*` would match almost every word", "\"export * control\"", hint);
}

#[test]
fn signs_of_other_query_languages_are_refused_rather_than_ignored() {
    let quote = "to search for this as it is put it in quotes";
    assert_finding(
        "a AND -b",
        "`-` cannot stand here in a word",
        "-",
        &format!("to exclude a word write `AND NOT word`; {quote}"),
    );
    assert_finding("a|b", "`|` cannot stand here in a word", "|", &format!("write `OR` between alternatives; {quote}"));
    assert_finding("a AND $b", "`$` cannot stand here in a word", "$", quote);
    assert_finding("a AND \"…\"", "there is no word in this", "\"…\"", "write letters or digits to search for");
}

#[test]
fn a_rule_that_rests_on_absence_alone_is_refused() {
    let (message, hint) = (
        "this can match an article for what it does not say alone",
        "join every NOT by AND to something that must be there: `tariff* AND NOT quiz`",
    );
    assert_finding("NOT a", message, "NOT a", hint);
    assert_finding("a OR NOT b", message, "a OR NOT b", hint);
    assert!(canonical("(a OR b) AND NOT c").is_some());
}

#[test]
fn an_empty_expression_is_refused() {
    assert_eq!(finding(" \n").0, "the expression is empty");
}

#[test]
fn every_error_of_an_expression_is_found_at_once() {
    let found = errors("titel:a AND @leadrs OR (b c) AND NEAR d AND (\"x");
    assert_eq!(found.len(), 7, "{found:#?}");
}

#[test]
fn an_escaped_expression_is_pointed_at_as_a_whole() {
    let mut setup = Setup::new();
    setup.rule("rule", "");
    let when = setup.locate(r#""\"rare earth\" AND titel:a""#, "\"rare earth\" AND titel:a");
    setup.expression("rule").text = when;
    setup.compile();
    let spot = setup.diagnostics.found[0].spot.clone().unwrap();
    assert_eq!(setup.diagnostics.text(&spot), r#""\"rare earth\" AND titel:a""#);
}

#[test]
fn deep_nesting_is_refused_once_and_long_chains_are_not() {
    for (open, close) in [("(", ")"), ("NOT ", ""), ("title:", ""), ("title:(NOT ", ")")] {
        let nested = format!("b AND {}a{}", open.repeat(5000), close.repeat(5000));
        assert_eq!(errors(&nested), ["the expression is nested too deeply"]);
    }
    let sixty = format!("{}a{}", "(".repeat(60), ")".repeat(60));
    assert_eq!(canonical(&sixty).as_deref(), Some("a"));
    assert!(canonical(&vec!["a"; 6000].join(" NEAR/1 ")).is_some());
}

#[test]
fn an_endless_expression_is_refused() {
    assert_eq!(finding(&"a OR ".repeat(20_000)).0, "the expression is too long");
}

#[test]
fn every_operator_has_a_canonical_form() {
    let readings = [
        ("a PRE/3 b", "a PRE/3 b"),
        ("a SENTENCE b PARAGRAPH c", "(a SENTENCE b) PARAGRAPH c"),
        ("a NOT NEAR/5 b", "a NOT NEAR/5 b"),
        ("ATLEAST/3(tariff* OR dut?*)", "ATLEAST/3(tariff* OR dut?*)"),
        ("headline:a AND lead:b AND hlead:(c OR d)", "title:a AND lead:b AND hlead:(c OR d)"),
        (
            "outlet:reuters OR feed:ustr OR tag:official OR lang:en OR author:smith OR url:\"ustr.gov\"",
            "outlet:reuters OR feed:ustr OR tag:official OR lang:en OR author:smith OR url:\"ustr gov\"",
        ),
        ("CASE(US) AND CASE(\"Rare Earth\")", "CASE(US) AND CASE(\"Rare Earth\")"),
        ("EXACT(steel)", "EXACT(steel)"),
        ("/tariffs? on \\w+/", "/tariffs? on \\w+/"),
        ("CASE(/ab\\/c/)", "CASE(/ab\\/c/)"),
        ("25% OR \"25 per cent\" OR \"a 25 percent duty\"", "25% OR 25% OR \"a 25% duty\""),
        ("1,000 OR 1000", "1000 OR 1000"),
    ];
    for (written, read) in readings {
        assert_eq!(canonical(written).as_deref(), Some(read));
    }
}

#[test]
fn the_spellings_of_lexisnexis_are_understood() {
    let readings = [
        ("a w/5 b", "a NEAR/5 b"),
        ("a W/5 b", "a NEAR/5 b"),
        ("a pre/5 b", "a PRE/5 b"),
        ("a w/s b", "a SENTENCE b"),
        ("a w/p b", "a PARAGRAPH b"),
        ("atleast3(a)", "ATLEAST/3(a)"),
    ];
    for (written, read) in readings {
        assert_eq!(canonical(written).as_deref(), Some(read));
    }
}

#[test]
fn different_operators_of_distance_are_read_from_left_to_right_and_told() {
    let hint = "it is read as `(a NEAR/3 b) SENTENCE c`; write the parentheses to say so";
    let message = "different operators of distance are mixed without parentheses";
    assert_finding("a NEAR/3 b SENTENCE c", message, "a NEAR/3 b SENTENCE c", hint);
    assert_eq!(errors("a NEAR/3 b NEAR/5 c"), Vec::<String>::new());
}

#[test]
fn a_mixture_is_told_once_for_the_whole_expression() {
    let found = errors("a AND b OR c AND d OR e");
    assert_eq!(found, ["AND and OR are mixed without parentheses"]);
}

#[test]
fn new_operators_say_what_they_need() {
    let parentheses = "write CASE(…) around words; to search for the word write it in lower case or in quotes";
    assert_finding("CASE us", "`CASE` needs parentheses after it", "CASE", parentheses);
    assert_finding("ATLEAST(a)", "`ATLEAST` does not say how often", "ATLEAST", "write ATLEAST/n with a number up to 255");
    assert_eq!(finding("ATLEAST/2(a AND b)").0, "AND cannot stand inside ATLEAST: places are counted, and AND has none");
    assert_eq!(finding("EXACT(tariff*)").0, "EXACT takes no wildcards, but `tariff*` has");
    assert_eq!(finding("a AND /(b/").0, "this is not a regular expression: unclosed group");
    assert_eq!(finding("/a{1000}{1000}/").0, "this regular expression is too large");
    assert_finding("/a", "this regular expression is never closed", "/", "end it with another `/`; a slash in it is `\\/`");
    assert_eq!(finding("a NEAR/3 #talks").0, "there is no kind of event `talks`");
    assert_eq!(finding("a AND #").0, "`#` stands alone");
}

#[test]
fn rules_ask_for_each_other_but_not_in_a_circle() {
    let mut setup = Setup::new();
    setup.rule("metals", "steel OR aluminium").rule("news", "rule:metals AND tariff*").rule("more", "rule:news AND NOT quiz");
    let rules = setup.compile();
    assert_eq!(setup.diagnostics.found.len(), 0, "{}", setup.diagnostics.render(false));
    let forms: Vec<String> = rules.expressions().map(|(_, written)| written).collect();
    assert_eq!(forms, ["steel OR aluminium", "rule:news AND NOT quiz", "rule:metals AND tariff*"]);

    let mut setup = Setup::new();
    setup.rule("a", "rule:b OR x").rule("b", "rule:a OR y").rule("c", "z").compile();
    let found: Vec<&str> = setup.diagnostics.found.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(found, ["rule `a` asks for itself, or for a rule that does", "rule `b` asks for itself, or for a rule that does"]);
    assert_finding("rule:ruel", "there is no rule `ruel`", "rule:ruel", "did you mean `rule`?");
}

#[test]
fn rules_that_were_probably_not_meant_are_told() {
    let warned = |rules: &[(&str, &str)]| {
        let mut setup = Setup::with_leaders();
        rules.iter().for_each(|(name, when)| {
            setup.rule(name, when);
        });
        setup.compile();
        assert_eq!(setup.diagnostics.errors(), 0);
        setup.diagnostics.found.into_iter().map(|found| found.message).collect::<Vec<_>>()
    };
    assert_eq!(warned(&[("r", "a AND NOT a")]), ["rule `r` can never fire"]);
    assert_eq!(warned(&[("r", "a OR (b AND NOT a)")]), [""; 0]);
    assert_eq!(warned(&[("r", "steel OR (the AND of)")]), ["rule `r` fires for nearly every article of a language"]);
    assert_eq!(warned(&[("r", "\"of the\" AND steel")]), [""; 0]);
    assert_eq!(warned(&[("r", "@ghost")]), ["actor `ghost` has no names", "rule `r` can never fire"]);
    assert_eq!(warned(&[("r", "@ghost OR a")]), ["actor `ghost` has no names"]);
    assert_eq!(warned(&[("r", "a AND b"), ("s", "b AND a")]), ["rule `s` asks the same as rule `r`"]);
    let dear = ["/a.*b/"; 6].join(" OR ");
    assert_eq!(warned(&[("r", &dear)]), ["rule `r` is dear: about 24001 steps an article it may fire on (the bound is 20000)"]);
}
