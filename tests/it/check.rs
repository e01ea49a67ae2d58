//! A configuration with mistakes: every one at once, each in its place.

use crate::support::Hook;
use crate::world::World;

const EIGHT_MISTAKES: &str = r#"
[http]
timeout = "soon"

[feeds.ministry]
url = "ftp://ministry.example/feed"
evry = "5m"

[rules.duties]
when = 'duty AND (tariff OR quota'
severity = "hihg"

[rules.calls]
when = '@nobody NEAR/5 call'
feeds = ["minstry"]

[receivers.desk.email]
from = "desk@example.org"
smtp = "smtp://mail.example.org"
to = ["desk at example.org"]
"#;

#[tokio::test]
async fn eight_mistakes_are_eight_located_messages() {
    let world = World::with_config(EIGHT_MISTAKES);
    let checked = world.run(&["check"]).await;
    assert_eq!(checked.code, Some(78));
    let places = [3, 6, 7, 10, 11, 14, 15, 20];
    for line in places {
        assert!(checked.stderr.contains(&format!("--> wirewatch.toml:{line}:")), "nothing on line {line}:\n{}", checked.stderr);
    }
    assert_eq!(checked.stderr.matches("error: ").count(), places.len(), "{}", checked.stderr);
    assert!(checked.stderr.contains("did you mean `every`?"), "{}", checked.stderr);
    assert!(checked.stderr.contains("did you mean `high`?"), "{}", checked.stderr);
    assert!(checked.stderr.contains("did you mean `ministry`?"), "{}", checked.stderr);
    assert!(checked.stderr.ends_with("wirewatch.toml: 8 errors\n"), "{}", checked.stderr);
}

#[tokio::test]
async fn run_refuses_what_check_refuses() {
    let world = World::with_config(EIGHT_MISTAKES);
    assert_eq!(world.run(&["run"]).await.code, Some(78));
    assert_eq!(world.run(&["run", "--once"]).await.code, Some(78));
}

#[tokio::test]
async fn several_syntax_errors_are_all_reported() {
    let world = World::with_config("[feeds.a]\nurl = \nevery = 'x\n[rules.b]\nwhen == 'c'\n");
    let checked = world.run(&["check"]).await;
    assert_eq!(checked.code, Some(78));
    for line in [2, 3, 5] {
        assert!(checked.stderr.contains(&format!("--> wirewatch.toml:{line}:")), "{}", checked.stderr);
    }
}

#[tokio::test]
async fn a_name_given_twice_in_two_files_is_an_error_that_names_both() {
    let world = World::with_config("include = ['rules.d/*.toml']\n[rules.a]\nwhen = 'x'\n");
    world.write("rules.d/more.toml", "[rules.a]\nwhen = 'y'\n");
    let checked = world.run(&["check"]).await;
    assert_eq!(checked.code, Some(78));
    assert!(checked.stderr.contains("[rules.a] is defined twice"), "{}", checked.stderr);
    assert!(checked.stderr.contains("first at wirewatch.toml:2:"), "{}", checked.stderr);
}

#[tokio::test]
async fn an_included_file_that_is_missing_is_reported_where_it_is_named() {
    let checked = World::with_config("include = ['packs/leaders.toml']\n").run(&["check"]).await;
    assert!(checked.stderr.contains("--> wirewatch.toml:1:12"), "{}", checked.stderr);
}

#[tokio::test]
async fn secrets_are_read_where_they_are_kept_and_never_shown() {
    let config = "[receivers.ops.webhook]\nurl = 'https://hooks.example/'\n";
    let in_the_open = World::with_config(&format!("{config}secret = 'whsec_abc'\n")).run(&["check"]).await;
    assert!(in_the_open.stderr.contains("a secret never stands in the file"), "{}", in_the_open.stderr);
    let missing = World::with_config(&format!("{config}secret_file = 'nowhere'\n")).run(&["check"]).await;
    assert!(missing.stderr.contains("cannot read nowhere"), "{}", missing.stderr);
    let world = World::with_config(&format!("{config}secret_file = 'secret'\n"));
    world.write("secret", "not-a-key-1234");
    let unusable = world.run(&["check"]).await;
    assert_eq!(unusable.code, Some(78));
    assert!(!unusable.stderr.contains("1234"), "{}", unusable.stderr);
}

#[tokio::test]
async fn a_configuration_that_is_not_there_is_a_clear_error() {
    let world = World::with_config("");
    let checked = world.run(&["check", "--config", "elsewhere.toml"]).await;
    assert_eq!(checked.code, Some(78));
    assert!(checked.stderr.contains("cannot read elsewhere.toml"), "{}", checked.stderr);
}

#[tokio::test]
async fn wrong_usage_is_status_two() {
    assert_eq!(World::with_config("").run(&["rnu"]).await.code, Some(2));
}

#[tokio::test]
async fn nothing_that_goes_into_a_header_field_can_carry_another() {
    for (key, text) in
        [("user_agent", "x\\r\\nCookie: a=b"), ("contact", "x\\nHost: y"), ("user_agent", "\\u0000"), ("contact", "é")]
    {
        let checked = World::with_config(&format!("[http]\n{key} = \"{text}\"\n")).run(&["check"]).await;
        assert_eq!(checked.code, Some(78), "{text}");
        assert!(checked.stderr.contains("goes into a header field"), "{}", checked.stderr);
    }
}

#[tokio::test]
async fn a_schedule_that_cannot_be_kept_is_an_error() {
    for (section, words) in [
        ("min = \"0s\"", "that often"),
        ("min = \"2h\"\nmax = \"1h\"", "shorter than"),
        ("polls_per_hour = 0", "above 0"),
        ("polls_per_hours = 5", "did you mean `polls_per_hour`"),
    ] {
        let checked = World::with_config(&format!("[schedule]\n{section}\n")).run(&["check"]).await;
        assert_eq!(checked.code, Some(78), "{section}");
        assert!(checked.stderr.contains(words), "{section}: {}", checked.stderr);
    }
    assert_eq!(World::with_config("[schedule]\nmin = \"2h\"\npolls_per_hour = 600\n").run(&["check"]).await.code, Some(0));
}

#[tokio::test]
async fn a_webhook_inside_is_refused_before_anybody_connects() {
    let hook = Hook::start().await;
    let world = World::with_config(&format!("[receivers.ops.webhook]\nurl = \"{}\"\n", hook.url()));
    let sent = world.run(&["send-test", "ops"]).await;
    assert_eq!(sent.code, Some(1));
    assert!(sent.stdout.contains("loopback"), "{}", sent.stdout);
    assert!(hook.calls().is_empty());
}
