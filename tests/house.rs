//! The rules of the house: data flows one way, files stay small, the clock and the world stay at the edge.

#![allow(clippy::unwrap_used, reason = "a test that cannot read the sources has failed")]

use std::fs;
use std::path::{Path, PathBuf};

/// The longest file that still holds one idea.
const MOST_LINES: usize = 350;

/// Rooms that take values and return values: no clock, no network, no files.
const PURE: &[&str] = &["model", "metrics", "feed", "websub", "text", "rules", "stories", "alerts", "pipeline"];

/// Single files of other rooms that are pure all the same.
const PURE_FILES: &[&str] = &[
    "schedule/interval.rs",
    "schedule/wish.rs",
    "schedule/rhythm.rs",
    "schedule/budget.rs",
    "schedule/forecast.rs",
    "schedule/health.rs",
    "site/header.rs",
    "site/index.rs",
    "site/instead.rs",
    "site/mod.rs",
    "site/page.rs",
    "site/places.rs",
    "subscriptions/mod.rs",
    "subscriptions/naming.rs",
    "subscriptions/opml.rs",
    "subscriptions/outline.rs",
    "subscriptions/plan.rs",
    "subscriptions/table.rs",
    "server/readiness.rs",
    "daemon/habits.rs",
    "page/extract.rs",
    "page/prune.rs",
    "page/robots/mod.rs",
    "page/robots/path.rs",
    "daemon/newness.rs",
    "delivery/facts.rs",
    "delivery/message.rs",
    "delivery/retry.rs",
];

/// What a pure room may not mention.
const IMPURE: &[&str] = &[
    "Timestamp::now",
    "Zoned::now",
    "SystemTime::now",
    "Instant::now",
    "tokio::",
    "reqwest",
    "rusqlite",
    "std::fs",
    "std::net::Tcp",
    "std::env",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source file, as a path below `src` and its text without inline tests.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

/// The rooms in the order in which `lib.rs` lists them.
fn rooms() -> Vec<String> {
    let lib = fs::read_to_string(root().join("lib.rs")).unwrap();
    lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).map(str::to_owned).collect()
}

fn room_of(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or_default()
}

/// The rooms a text imports from: what follows each `crate::`.
fn imports(text: &str) -> Vec<&str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default())
        .collect()
}

#[test]
fn a_room_imports_only_rooms_above_it() {
    let rooms = rooms();
    let rank = |room: &str| rooms.iter().position(|known| known == room);
    for (file, text) in sources() {
        let Some(own) = rank(room_of(&file)) else { continue };
        for imported in imports(&text) {
            let Some(other) = rank(imported) else { panic!("{file} imports `{imported}`, which lib.rs does not list") };
            assert!(other <= own, "{file} imports `{imported}`, which stands below `{}` in lib.rs", rooms[own]);
        }
    }
}

#[test]
fn every_folder_of_src_is_a_room_that_lib_lists() {
    let rooms = rooms();
    for (file, _) in sources() {
        let room = room_of(&file);
        assert!(["lib", "main"].contains(&room) || rooms.iter().any(|known| known == room), "{file} belongs to no room");
    }
}

#[test]
fn files_hold_one_idea() {
    for (file, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= MOST_LINES, "{file} has {lines} lines: which two ideas does it hold?");
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for (file, text) in sources() {
        assert!(text.starts_with("//!"), "{file} does not begin with a sentence about itself");
    }
}

#[test]
fn pure_rooms_ask_neither_the_clock_nor_the_world() {
    for (file, text) in sources().into_iter().filter(|(file, _)| !file.ends_with("/tests.rs")) {
        if PURE.contains(&room_of(&file)) || PURE_FILES.contains(&file.as_str()) {
            for impure in IMPURE {
                assert!(!without_tests(&text).contains(impure), "{file} mentions {impure}");
            }
        }
    }
}

#[test]
fn the_store_keeps_and_does_not_judge() {
    for (file, text) in sources().into_iter().filter(|(file, _)| room_of(file) == "store") {
        for imported in imports(&text) {
            assert!(["model", "config", "store"].contains(&imported), "{file} imports {imported}");
        }
    }
}

#[test]
fn delivery_and_stories_do_not_look_at_each_other() {
    for (file, text) in sources().into_iter().filter(|(file, _)| room_of(file) == "delivery") {
        for judge in ["rules", "stories", "alerts", "pipeline"] {
            assert!(!imports(&text).contains(&judge), "{file} imports {judge}");
        }
    }
}

#[test]
fn nothing_is_left_unfinished_or_silenced() {
    for (file, text) in sources() {
        for word in ["todo!", "unimplemented!", "FIXME", "XXX", "#[ignore", "#[allow(", "#![allow("] {
            assert!(!text.contains(word), "{file} contains {word}");
        }
    }
}
