//! `test`: articles written down beside the rules, with what must fire.

use serde_json::{Value, json};

use crate::world::World;

const RULES: &str = r#"
include = ["tests/*.toml"]

[rules.duties]
when = "dut?* NEAR/5 steel"

[rules.quotas]
when = "quota"
"#;

const PASSES: &str = r#"
[[test]]
name = "a duty on steel"
outlet = "Harbour Gazette"
published = "2025-06-05T14:00:00Z"
lang = "en"
title = "A duty on steel"
text = """
It rises.
"""
expect = [{ rule = "duties" }]

[[test]]
name = "nothing of note"
published = 2025-06-05T14:00:00Z
title = "Rain"
"#;

const FAILS: &str = r#"
[[test]]
name = "a duty on zinc"
published = "2025-06-05T14:00:00Z"
title = "A duty on zinc, and a quota"
expect = [{ rule = "duties" }]

[[test]]
name = "a duty on steel that should be a measure"
published = "2025-06-05T14:00:00Z"
title = "A duty on steel, and a quota"
silent = []
expect = [{ rule = "duties", imposer = "us", date = 2025-06-05 }]
"#;

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn tests_of_included_files_are_run_and_named() {
    let world = World::with_config(RULES);
    world.write("tests/duties.toml", PASSES);
    let tested = world.run(&["test"]).await;
    assert_eq!((tested.code, tested.stderr.as_str()), (Some(0), ""));
    assert_eq!(tested.stdout, "test a duty on steel … passed\ntest nothing of note … passed\n2 passed, 0 failed\n");
}

#[tokio::test]
async fn a_failure_says_where_and_what_was_expected_and_found() {
    let world = World::with_config(RULES);
    world.write("more.toml", FAILS);
    let tested = world.run(&["test", "more.toml"]).await;
    assert_eq!((tested.code, tested.stderr.as_str()), (Some(1), ""));
    let expected = "\
test a duty on zinc … FAILED (more.toml:2:1)
    duties: expected, but silent
    quotas: fired though not expected, on “quota”
test a duty on steel that should be a measure … FAILED (more.toml:8:1)
    duties: date: expected 2025-06-05, found nothing
    duties: imposer: expected us, found nothing
0 passed, 2 failed
";
    assert_eq!(tested.stdout, expected);
}

#[tokio::test]
async fn each_line_of_json_is_one_test_and_the_last_a_summary() {
    let world = World::with_config(RULES);
    world.write("tests/duties.toml", PASSES);
    world.write("more.toml", FAILS);
    let tested = world.run(&["test", "--json", "more.toml"]).await;
    assert_eq!(tested.code, Some(1));
    let lines = lines(&tested.stdout);
    let passed = json!({"type": "test", "name": "a duty on steel", "file": "tests/duties.toml", "ok": true, "failures": []});
    assert_eq!(lines[0], passed);
    let failures = json!([
        {"problem": "silent", "rule": "duties", "expected": ""},
        {"problem": "unexpected", "rule": "quotas", "event": null, "words": ["quota"]},
    ]);
    assert_eq!((&lines[2]["file"], &lines[2]["ok"], &lines[2]["failures"]), (&json!("more.toml"), &json!(false), &failures));
    let differs = json!({"problem": "differs", "rule": "duties", "field": "imposer", "expected": "us", "found": "nothing"});
    assert_eq!(lines[3]["failures"][1], differs);
    assert_eq!(lines[4], json!({"type": "summary", "passed": 2, "failed": 2}));
}

#[tokio::test]
async fn a_file_that_is_included_and_named_is_run_once() {
    let world = World::with_config(RULES);
    world.write("tests/duties.toml", PASSES);
    let tested = world.run(&["test", "tests/duties.toml"]).await;
    assert!(tested.stdout.ends_with("\n2 passed, 0 failed\n"), "{}", tested.stdout);
}

#[tokio::test]
async fn copies_in_different_tests_are_no_story() {
    let world = World::with_config(RULES);
    world.write("more.toml", &format!("{PASSES}{PASSES}"));
    assert_eq!(world.run(&["test", "more.toml"]).await.code, Some(0));
}

#[tokio::test]
async fn a_configuration_without_tests_is_pointed_out() {
    let tested = World::with_config(RULES).run(&["test"]).await;
    assert_eq!((tested.code, tested.stdout.as_str()), (Some(0), "0 passed, 0 failed\n"));
    assert!(tested.stderr.contains("no [[test]]"), "{}", tested.stderr);
}

#[tokio::test]
async fn every_mistake_in_a_test_is_located() {
    let world = World::with_config(RULES);
    let mistakes = r#"[[test]]
name = "first"
published = "yesterday"
titel = "A duty"
expect = [
    { rule = "dutys" },
    { rule = "duties", actor = "xi" },
    { rule = "duties", actors = [1] },
    { imposer = "us" },
]
silent = ["quota"]
feed = "herald"
"#;
    world.write("tests/mistakes.toml", mistakes);
    for command in ["test", "check"] {
        let refused = world.run(&[command]).await;
        assert_eq!(refused.code, Some(78), "{}", refused.stderr);
        for line in [1, 3, 4, 6, 7, 8, 9, 11, 12] {
            assert!(
                refused.stderr.contains(&format!("--> tests/mistakes.toml:{line}:")),
                "nothing on line {line}:\n{}",
                refused.stderr
            );
        }
        assert_eq!(refused.stderr.matches("error: ").count(), 9, "{}", refused.stderr);
        for hint in ["`duties`", "`actors`", "`title`", "`quotas`"] {
            assert!(refused.stderr.contains(&format!("did you mean {hint}?")), "no {hint}:\n{}", refused.stderr);
        }
    }
}

#[tokio::test]
async fn a_file_of_tests_that_is_missing_is_an_unusable_configuration() {
    let tested = World::with_config(RULES).run(&["test", "nowhere.toml"]).await;
    assert_eq!(tested.code, Some(78));
    assert!(tested.stderr.contains("cannot read nowhere.toml"), "{}", tested.stderr);
}
