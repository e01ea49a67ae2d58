//! What the documents say is held against the programme.

use std::fs;
use std::path::Path;

use crate::world::World;

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The fenced blocks of a language in a document.
fn blocks(document: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    document.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn every_configuration_in_the_documents_passes_check() {
    let of_document = |name| blocks(&read(name), "toml");
    let (readme, rules) = (of_document("README.md"), of_document("docs/rules.md"));
    assert!(!readme.is_empty() && !rules.is_empty());
    for block in readme.into_iter().chain(rules) {
        let world = World::with_config(&block);
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/packs");
        std::os::unix::fs::symlink(packs, world.path().join("packs")).unwrap();
        world.write("smtp-password", "secret");
        world.write("hook-secret", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
        let checked = world.run(&["check"]).await;
        assert_eq!(checked.code, Some(0), "{block}\n{}", checked.stderr);
        assert_eq!(checked.stderr, "", "{block}");
    }
}

#[tokio::test]
async fn the_bundled_configuration_passes_check_without_a_warning() {
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/wirewatch.toml");
    let checked = World::with_config("").run(&["check", "--config", config.to_str().unwrap()]).await;
    assert_eq!((checked.code, checked.stderr.as_str()), (Some(0), ""));
}

#[test]
fn continuous_integration_runs_the_readmes_test_command_and_nothing_else() {
    let readme = read("README.md");
    let commands = blocks(&readme, "sh");
    assert!(commands[0].contains("cargo run --release -- run"), "the first command runs the main job");
    let test = commands.iter().find(|block| block.contains("cargo test")).unwrap().trim();
    let script = read(".ci/run");
    let lines: Vec<&str> = script.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    assert_eq!(lines, ["set -euo pipefail", "cd \"$(dirname \"$0\")/..\"", test]);
}

#[tokio::test]
async fn every_command_of_the_readme_exists() {
    let help = World::with_config("").run(&["--help"]).await;
    for command in ["run", "check", "test", "explain", "parse", "replay", "feeds", "send-test"] {
        assert!(read("README.md").contains(&format!("`{command}")), "{command}");
        assert!(help.stdout.contains(command), "{command}");
    }
}
