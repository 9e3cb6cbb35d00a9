//! The program itself, built.

use std::path::PathBuf;

use anyhow::Result;

use crate::children::Children;
use crate::workspace::Workspace;

/// Builds `guichet` and says where it is. The whole workspace decides on the features, as it does for the
/// tests, so that the libraries are not built a second time.
pub(crate) fn build(workspace: &Workspace, children: &Children, release: bool) -> Result<PathBuf> {
    let mut cargo = workspace.cargo(&["build", "--quiet", "--workspace", "--bin", "guichet"]);
    if release {
        cargo.arg("--release");
    }
    children.succeed(&mut cargo)?;
    Ok(workspace.target.join(if release { "release/guichet" } else { "debug/guichet" }))
}
