//! The conformance kit: copied to the build folder, since it lives next to the repository and may be
//! read-only, and given its Node packages there.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::children::Children;
use crate::node_packages;
use crate::workspace::Workspace;

/// Prints the kit's scenarios as JSON.
const LIST: &str = include_str!("list-scenarios.mjs");

/// What the copy has and the original has not.
const INSTALLED: &str = "node_modules";

/// A scenario of the kit, as it declares itself.
#[derive(Deserialize)]
pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) area: String,
    pub(crate) needs: Vec<String>,
}

/// The copy that is run.
pub(crate) struct Kit {
    pub(crate) folder: PathBuf,
}

impl Kit {
    /// Brings the copy and its packages up to date.
    pub(crate) fn bring(workspace: &Workspace, children: &Children, named: Option<&Path>) -> Result<Self> {
        let origin = named.map_or_else(|| workspace.root.join("../shared/conformance"), Path::to_owned);
        if !origin.join("run.mjs").exists() {
            bail!("no conformance kit at {}: name it with --kit or GUICHET_CONFORMANCE", origin.display());
        }
        let folder = workspace.target.join("conformance-kit");
        {
            let _turn = node_packages::turn(&workspace.target)?;
            mirror(&origin, &folder).with_context(|| format!("copying {}", origin.display()))?;
        }
        node_packages::install(children, &folder, &workspace.target)?;
        Ok(Self { folder })
    }

    pub(crate) fn scenarios(&self) -> Result<Vec<Scenario>> {
        let output = Command::new("node")
            .args(["--input-type=module", "--eval", LIST])
            .arg(self.folder.join("scenarios"))
            .current_dir(&self.folder)
            .output()
            .context("cannot start node")?;
        ensure!(output.status.success(), "the kit's scenarios: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).context("the kit's scenarios")
    }
}

/// Makes `copy` hold the same files as `origin`, touching only what differs.
fn mirror(origin: &Path, copy: &Path) -> Result<()> {
    fs::create_dir_all(copy)?;
    let names = names(origin)?;
    for name in &names {
        let (from, to) = (origin.join(name), copy.join(name));
        if from.is_dir() {
            mirror(&from, &to)?;
        } else {
            let text = fs::read(&from)?;
            if fs::read(&to).ok().as_ref() != Some(&text) {
                fs::write(&to, text)?;
            }
        }
    }
    for name in self::names(copy)?.difference(&names) {
        let gone = copy.join(name);
        if gone.is_dir() { fs::remove_dir_all(gone)? } else { fs::remove_file(gone)? }
    }
    Ok(())
}

fn names(folder: &Path) -> Result<BTreeSet<OsString>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name()));
    entries.filter(|name| name.as_ref().map_or(true, |name| name != INSTALLED)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_follows_its_origin_and_keeps_the_installed_packages() {
        let (origin, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(origin.path().join("lib")).unwrap();
        fs::write(origin.path().join("lib/a.mjs"), "1").unwrap();
        fs::write(origin.path().join("old.mjs"), "1").unwrap();
        mirror(origin.path(), copy.path()).unwrap();
        fs::create_dir(copy.path().join(INSTALLED)).unwrap();

        fs::write(origin.path().join("lib/a.mjs"), "2").unwrap();
        fs::remove_file(origin.path().join("old.mjs")).unwrap();
        mirror(origin.path(), copy.path()).unwrap();

        assert_eq!(fs::read_to_string(copy.path().join("lib/a.mjs")).unwrap(), "2");
        assert!(!copy.path().join("old.mjs").exists());
        assert!(copy.path().join(INSTALLED).exists());
    }
}
