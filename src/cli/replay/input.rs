//! The articles of a replay, in the order of their publication.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::cli::article::Written;
use crate::feed;
use crate::model::Article;

/// What was read, and what could not be.
#[derive(Debug, Default)]
pub(super) struct Input {
    pub(super) articles: Vec<Article>,
    pub(super) unreadable: Vec<String>,
}

impl Input {
    /// Reads every file. Articles of one moment keep the order they are given in; an undated one stays behind the one before it.
    pub(super) fn read(files: &[PathBuf]) -> Self {
        let mut input = Self::default();
        files.iter().for_each(|file| input.read_file(file));
        input.articles.sort_by_key(|article| article.first_seen);
        input
    }

    fn read_file(&mut self, file: &Path) {
        match std::fs::read(file) {
            Err(why) => self.unreadable.push(format!("{}: {why}", file.display())),
            Ok(bytes) if is_feed(file, &bytes) => self.read_feed(file, &bytes),
            Ok(bytes) => self.read_lines(file, &bytes),
        }
    }

    fn read_lines(&mut self, file: &Path, bytes: &[u8]) {
        let mut now = Timestamp::UNIX_EPOCH;
        for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty()) {
            match serde_json::from_slice::<Written>(line) {
                Err(why) => self.unreadable.push(format!("{}:{}: {why}", file.display(), number + 1)),
                Ok(line) => {
                    now = line.published.unwrap_or(now);
                    self.articles.push(line.into_article(now));
                }
            }
        }
    }

    fn read_feed(&mut self, file: &Path, bytes: &[u8]) {
        match feed::parse(bytes, None, None) {
            Err(why) => self.unreadable.push(format!("{}: {why}", file.display())),
            Ok(feed) => {
                let outlet = feed.title.clone().unwrap_or_default();
                let articles = feed.articles(None, &outlet, Timestamp::UNIX_EPOCH);
                let at_its_time =
                    |article: Article| Article { first_seen: article.published.unwrap_or(article.first_seen), ..article };
                self.articles.extend(articles.into_iter().map(at_its_time));
            }
        }
    }
}

/// Whether a file is one feed, XML or (by its name) JSON, rather than lines of articles.
fn is_feed(file: &Path, bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    start.starts_with(b"<") || file.extension().is_some_and(|extension| extension == "json")
}
