//! Secrets: read where they are kept, never shown.

use std::fmt;
use std::path::{Path, PathBuf};

use super::diagnostic::{Diagnostics, Located, Spot};
use super::reader::{Item, Reader};

/// Where systemd puts the credentials of a unit (systemd.exec(5), LoadCredential=).
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// A password or key. Its `Debug` form says only that there is one.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the one call that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

/// The secret given as `file_key = "path"`, or as `key = { credential = "name" }` or `key = { env = "NAME" }`.
pub(super) fn secret(
    table: &mut Reader<'_>,
    key: &'static str,
    file_key: &'static str,
    diagnostics: &mut Diagnostics,
) -> Option<Secret> {
    let from_file: Option<Located<String>> = table.optional(file_key, diagnostics);
    let elsewhere = table.item(key);
    match (from_file, elsewhere) {
        (Some(file), None) => {
            let path = beside_source(&file, diagnostics);
            read_file(&path, &file.spot, diagnostics)
        }
        (None, Some(item)) => elsewhere_read(&item, file_key, diagnostics),
        (Some(file), Some(_)) => {
            diagnostics.error(&file.spot, format!("both `{file_key}` and `{key}` are given")).hint("keep one of them");
            None
        }
        (None, None) => None,
    }
}

fn elsewhere_read(item: &Item<'_>, file_key: &str, diagnostics: &mut Diagnostics) -> Option<Secret> {
    if item.value.get_ref().is_str() {
        let hint = format!("write `{file_key} = \"…\"`, {{ credential = \"…\" }} or {{ env = \"…\" }}");
        return item.unusable("a secret never stands in the file", &hint, diagnostics);
    }
    let mut table = item.table(diagnostics)?;
    let credential: Option<String> = table.optional("credential", diagnostics);
    let variable: Option<String> = table.optional("env", diagnostics);
    table.finish(diagnostics);
    match (credential, variable) {
        (Some(name), None) => match std::env::var_os(CREDENTIALS) {
            Some(directory) => read_file(&Path::new(&directory).join(name), &item.spot(), diagnostics),
            None => item.unusable(format!("{CREDENTIALS} is not set"), "credentials are there only under systemd", diagnostics),
        },
        (None, Some(name)) => match std::env::var(&name) {
            Ok(text) => Some(Secret::new(text)),
            Err(why) => item.unusable(format!("{name}: {why}"), "set it for the daemon", diagnostics),
        },
        _ => item.expected("{ credential = \"…\" } or { env = \"…\" }", diagnostics),
    }
}

/// A path as written is relative to the file it is written in.
fn beside_source(path: &Located<String>, diagnostics: &Diagnostics) -> PathBuf {
    let source = diagnostics.sources.get(path.spot.source).and_then(|source| source.path.parent());
    source.unwrap_or(Path::new("")).join(&path.value)
}

fn read_file(path: &Path, spot: &Spot, diagnostics: &mut Diagnostics) -> Option<Secret> {
    match std::fs::read_to_string(path) {
        Ok(text) => Some(Secret::new(text.trim_end_matches(['\r', '\n']))),
        Err(why) => {
            diagnostics.error(spot, format!("cannot read {}: {why}", path.display()));
            None
        }
    }
}
