//! A configuration to findings: whatever stands in it, reading ends, and everything said of it points into it.
//!
//! `cargo fuzz run config`; on a stable compiler with `RUSTC_BOOTSTRAP=1`.

#![no_main]

use std::io::Write;

use libfuzzer_sys::fuzz_target;
use wirewatch::config::{self, Diagnostics};
use wirewatch::model::{Article, ArticleKey};
use wirewatch::pipeline::Pipeline;

fuzz_target!(|text: &str| {
    // other files are not part of the input
    if text.contains("include") {
        return;
    }
    let mut file = tempfile::NamedTempFile::new_in("/dev/shm").expect("a file");
    file.write_all(text.as_bytes()).expect("written");
    let mut diagnostics = Diagnostics::default();
    let config = config::load(file.path(), &mut diagnostics);
    let pipeline = Pipeline::compile(&config, &mut diagnostics);
    for spot in diagnostics.found.iter().filter_map(|found| found.spot.as_ref()) {
        assert!(text.get(spot.span.clone()).is_some(), "{spot:?} is not in the file");
    }
    diagnostics.render(false);
    pipeline.examine(article(text));
});

fn article(text: &str) -> Article {
    let now = "2026-01-01T00:00:00Z".parse().expect("a time");
    Article {
        key: ArticleKey(String::new()),
        feed: None,
        outlet: "Fuzz".to_owned(),
        url: None,
        title: "A title".to_owned(),
        text: text.to_owned(),
        author: None,
        language: None,
        published: Some(now),
        first_seen: now,
    }
}
