//! Reads a configuration file with everything it includes, and makes one [`Config`] of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, Error as TomlError};

use super::diagnostic::{Diagnostics, Located, Source, Spot};
use super::reader::Reader;
use super::{Config, events, people, receivers, rule_tests, schedule, sections, server};

/// The most files one configuration may consist of: a slip in a pattern must not read a whole disk.
const MAX_FILES: usize = 1_000;

/// Reads the configuration at `path`. Every error found is added to `diagnostics`; what could be read is returned all the same,
/// so that later checks can add theirs, and is of use only if there are none.
pub fn load(path: &Path, diagnostics: &mut Diagnostics) -> Config {
    load_with(path, &[], diagnostics)
}

/// As [`load`], with `more` files read as if the configuration included them.
pub fn load_with(path: &Path, more: &[PathBuf], diagnostics: &mut Diagnostics) -> Config {
    let mut files = Files::default();
    for path in std::iter::once(path).chain(more.iter().map(PathBuf::as_path)) {
        files.read(path.to_owned(), None, diagnostics);
    }
    let parsed: Vec<(usize, Spanned<DeTable<'_>>)> =
        files.texts.iter().map(|(source, text)| (*source, parse(*source, text, diagnostics))).collect();
    let mut readers: Vec<Reader<'_>> = parsed.iter().map(|(source, table)| top_level(*source, table)).collect();
    readers.iter_mut().for_each(|reader| drop(reader.optional::<Vec<String>>("include", diagnostics)));
    let config = assemble(&mut readers, diagnostics);
    for reader in readers {
        reader.finish(diagnostics);
    }
    config
}

fn assemble(files: &mut [Reader<'_>], diagnostics: &mut Diagnostics) -> Config {
    let feeds = sections::feeds(files, diagnostics);
    let actors = people::actors(files, diagnostics);
    let receivers = receivers::receivers(files, diagnostics);
    let kinds = events::kinds(files, diagnostics);
    let rules = sections::rules(files, &feeds, &kinds.declared, diagnostics);
    let known = rule_tests::Known { rules: &rules.declared, feeds: &feeds.declared };
    Config {
        state: sections::state(files, diagnostics),
        http: sections::http(files, diagnostics),
        server: server::server(files, diagnostics),
        schedule: schedule::schedule(files, diagnostics),
        groups: people::groups(files, &actors.declared, diagnostics),
        countries: events::countries(files, diagnostics).values,
        offices: events::offices(files, diagnostics).values,
        cues: events::cues(files, diagnostics),
        tests: rule_tests::tests(files, &known, diagnostics),
        rules: rules.values,
        events: kinds.values,
        routes: receivers::routes(files, &receivers.declared, diagnostics),
        feeds: feeds.values,
        actors: actors.values,
        receivers: receivers.values,
    }
}

/// The files of a configuration, in the order in which they were included.
#[derive(Default)]
struct Files {
    seen: BTreeSet<PathBuf>,
    texts: Vec<(usize, Arc<str>)>,
}

impl Files {
    fn read(&mut self, path: PathBuf, included_at: Option<&Spot>, diagnostics: &mut Diagnostics) {
        if self.seen.len() == MAX_FILES || !self.seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())) {
            return;
        }
        let text: Arc<str> = match std::fs::read_to_string(&path) {
            Ok(text) => text.into(),
            Err(why) => return report_unreadable(&path, &why, included_at, diagnostics),
        };
        let source = diagnostics.sources.len();
        diagnostics.sources.push(Source { path: path.clone(), text: Arc::clone(&text) });
        self.texts.push((source, Arc::clone(&text)));
        for pattern in included(source, &text) {
            self.include(&path, &pattern, diagnostics);
        }
    }

    /// Reads what a pattern, relative to the including file, stands for. A plain name must exist; a pattern may match nothing.
    fn include(&mut self, from: &Path, pattern: &Located<String>, diagnostics: &mut Diagnostics) {
        let full = from.parent().unwrap_or(Path::new("")).join(&pattern.value);
        if !pattern.value.contains(['*', '?', '[']) {
            return self.read(full, Some(&pattern.spot), diagnostics);
        }
        match glob::glob(&full.to_string_lossy()) {
            Ok(paths) => paths.flatten().for_each(|path| self.read(path, Some(&pattern.spot), diagnostics)),
            Err(why) => {
                diagnostics.error(&pattern.spot, format!("`{}` is not a file pattern: {}", pattern.value, why.msg));
            }
        }
    }
}

/// What a file includes. A file is read as a whole when all are known; only for this some are read twice.
fn included(source: usize, text: &str) -> Vec<Located<String>> {
    let mut unheard = Diagnostics::default();
    let read = || top_level(source, &parse(source, text, &mut Diagnostics::default())).optional("include", &mut unheard);
    text.contains("include").then(read).flatten().unwrap_or_default()
}

fn report_unreadable(path: &Path, why: &std::io::Error, included_at: Option<&Spot>, diagnostics: &mut Diagnostics) {
    let message = format!("cannot read {}: {why}", path.display());
    match included_at {
        Some(spot) => diagnostics.error(spot, message),
        None => diagnostics.error_nowhere(message).hint("name another file with --config or WIREWATCH_CONFIG"),
    };
}

/// Parses as much of a file as can be parsed and reports every syntax error.
fn parse<'t>(source: usize, text: &'t str, diagnostics: &mut Diagnostics) -> Spanned<DeTable<'t>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        report_syntax(source, &error, diagnostics);
    }
    table
}

fn report_syntax(source: usize, error: &TomlError, diagnostics: &mut Diagnostics) {
    let spot = Spot { source, span: error.span().unwrap_or_default() };
    diagnostics.error(&spot, error.message());
}

fn top_level<'t>(source: usize, table: &'t Spanned<DeTable<'t>>) -> Reader<'t> {
    Reader::new(source, String::new(), table.get_ref(), Spot { source, span: 0..0 })
}
