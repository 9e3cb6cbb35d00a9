//! `npm ci`, when the lock file is another than the one that was installed last.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::children::Children;

/// Installs exactly what `folder/package-lock.json` says. Chores that run at the same time wait for each
/// other here.
pub(crate) fn install(children: &Children, folder: &Path, target: &Path) -> Result<()> {
    let _turn = turn(target)?;
    let lock = folder.join("package-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let installed = folder.join("node_modules/.installed-package-lock.json");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    children.succeed(npm.current_dir(folder)).with_context(|| format!("npm ci in {}", folder.display()))?;
    fs::write(&installed, wanted).with_context(|| format!("cannot write {}", installed.display()))
}

/// Waits for our turn to change Node packages; the lock ends when the file is closed.
pub(crate) fn turn(target: &Path) -> Result<File> {
    let file = File::create(target.join("node-packages.lock")).context("the lock for Node packages")?;
    file.lock().context("waiting for the lock for Node packages")?;
    Ok(file)
}
