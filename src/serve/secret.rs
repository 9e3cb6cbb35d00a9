//! The secret that a server on this machine makes for itself and keeps.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use guichet_core::config::Config;
use guichet_core::keyring::{SystemRandomness, random_alphanumeric};

use super::requirements::is_public;

/// Where it is kept, in the working directory.
const FILE: &str = "data/secret";
/// 48 of `[a-zA-Z0-9]`: 285 bits.
const LENGTH: usize = 48;

/// A secret that was made or found, rather than set.
pub(crate) struct Kept {
    /// Its file.
    pub(crate) file: PathBuf,
    /// Whether it was made just now.
    pub(crate) new: bool,
}

/// A new secret.
pub(crate) fn new() -> String {
    random_alphanumeric(&SystemRandomness, LENGTH)
}

/// Sets the secret of a server that has none and may make its own; the next start finds the same.
pub(crate) fn settle(config: &mut Config) -> anyhow::Result<Option<Kept>> {
    if config.secret_options().is_set() || is_public(config) {
        return Ok(None);
    }
    let file = PathBuf::from(FILE);
    let new =
        keep(&file).with_context(|| format!("the secret cannot be kept in {FILE} (or set secret_file)"))?;
    config.secret_file = Some(file.clone());
    Ok(Some(Kept { file, new }))
}

/// As [`settle`], without making one: for commands that change nothing. `false` when there is none yet.
pub(crate) fn find(config: &mut Config) -> bool {
    let file = PathBuf::from(FILE);
    if !config.secret_options().is_set() && !is_public(config) && file.exists() {
        config.secret_file = Some(file);
    }
    config.secret_options().is_set()
}

/// Whether it was made. The file appears whole or not at all, and whoever is first decides for everybody.
fn keep(file: &Path) -> std::io::Result<bool> {
    if file.exists() {
        return Ok(false);
    }
    let folder = file.parent().unwrap_or(Path::new("."));
    make_private_folder(folder)?;
    // The owner alone may read it (mode 0600).
    let mut draft = tempfile::Builder::new().prefix(".secret-").tempfile_in(folder)?;
    draft.write_all(new().as_bytes())?;
    draft.write_all(b"\n")?;
    draft.as_file().sync_all()?;
    match draft.persist_noclobber(file) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.error),
    }
}

/// Sessions and people are kept beside it.
fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
