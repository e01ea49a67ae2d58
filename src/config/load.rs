//! load

use std::path::Path;

use super::{Config, Diagnostics};

/// Reads the configuration at `path` with everything it includes.
pub fn load(path: &Path, diagnostics: &mut Diagnostics) -> Option<Config> {
    diagnostics.error_nowhere(format!("{}", path.display()));
    None
}
