//! A configuration file that grows: what is in it stays as it is, comments and all, and nobody ever sees half of what is added.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// Adds text to the end of a file. The file as it would be is written beside it, `checked`, and put in its place in one step, with
/// the owner and the permissions of the old one.
///
/// # Errors
/// A file that cannot be read, written or replaced, that changed meanwhile, or that would not pass; it is then as it was.
pub fn append(path: &Path, addition: &str, checked: impl FnOnce(&Path) -> Result<(), String>) -> anyhow::Result<()> {
    // what a link leads to is replaced, not the link
    let path = path.canonicalize().with_context(|| path.display().to_string())?;
    let before = fs::read(&path).with_context(|| path.display().to_string())?;
    let draft = Draft::beside(&path)?;
    let break_first: &[u8] = if before.is_empty() || before.ends_with(b"\n") { b"" } else { b"\n" };
    let parts = [&before, break_first, addition.as_bytes()];
    draft.write(&parts, &path).with_context(|| format!("{} with the owner of the old one", draft.0.display()))?;
    if let Err(why) = checked(&draft.0) {
        bail!("{} would not pass with these feeds and stays as it is:\n{why}", path.display());
    }
    if fs::read(&path).ok().as_ref() != Some(&before) {
        bail!("{} was changed by somebody else meanwhile", path.display());
    }
    fs::rename(&draft.0, &path).with_context(|| path.display().to_string())?;
    let folder = path.parent().unwrap_or(Path::new("/"));
    File::open(folder).and_then(|folder| folder.sync_all()).with_context(|| folder.display().to_string())
}

/// A file that is gone when nobody needs it any more.
struct Draft(PathBuf);

impl Draft {
    fn beside(path: &Path) -> anyhow::Result<Self> {
        let name = path.file_name().context("a configuration file has a name")?.to_string_lossy();
        let draft = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft).with_context(|| draft.display().to_string())?;
        Ok(Self(draft))
    }

    fn write(&self, parts: &[&[u8]], like: &Path) -> io::Result<()> {
        let (mut file, old) = (OpenOptions::new().write(true).open(&self.0)?, fs::metadata(like)?);
        for part in parts {
            file.write_all(part)?;
        }
        // only the superuser may give files away, and only to somebody else need it be done
        let new = file.metadata()?;
        if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
            fchown(&file, Some(old.uid()), Some(old.gid()))?;
        }
        file.set_permissions(old.permissions())?;
        file.sync_all()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // it is gone already if all went well
        let _ = fs::remove_file(&self.0);
    }
}
