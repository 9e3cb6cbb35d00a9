//! Where this repository and its build folder are, and commands that start from there.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// The repository's root and cargo's build folder, both absolute.
#[derive(Deserialize)]
pub(crate) struct Workspace {
    #[serde(rename = "workspace_root")]
    pub(crate) root: PathBuf,
    #[serde(rename = "target_directory")]
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// Asks cargo, so that `CARGO_TARGET_DIR` and cargo's configuration count, about the repository that we
    /// are in (worktrees may share a build folder, and so this program). Makes the build folder.
    pub(crate) fn find() -> Result<Self> {
        let output = command("cargo")
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .output()
            .context("cargo metadata does not start")?;
        ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
        let found: Self = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
        std::fs::create_dir_all(&found.target)
            .with_context(|| format!("cannot make {}", found.target.display()))?;
        Ok(found)
    }

    /// A command that runs at the repository's root.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = command(program);
        command.current_dir(&self.root);
        command
    }

    /// `cargo` with these arguments, at the repository's root.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.command("cargo");
        command.args(arguments);
        command
    }
}

/// A command without what `cargo run` told us about *this* crate: build scripts (ring's) watch those
/// variables and would build again for each of them.
#[expect(clippy::disallowed_methods, reason = "a chore passes its environment on")]
fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let about_us = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_MANIFEST_")
                || matches!(name, "CARGO" | "CARGO_BIN_NAME" | "CARGO_CRATE_NAME" | "CARGO_PRIMARY_PACKAGE")
        });
        if about_us {
            command.env_remove(name);
        }
    }
    command
}
