//! The account that Postgres runs under: it refuses to run as root.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Result, bail};

/// Who starts Postgres's programs.
pub(crate) enum Account {
    /// Whoever runs the chore.
    Ours,
    /// Root runs the chore: this account instead.
    Unprivileged { uid: u32, gid: u32 },
}

impl Account {
    /// Ourselves, or as root `postgres`, else `nobody`.
    pub(crate) fn for_postgres() -> Result<Self> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Ours);
        }
        for name in ["postgres", "nobody"] {
            if let (Some(uid), Some(gid)) = (id("-u", name), id("-g", name)) {
                return Ok(Self::Unprivileged { uid, gid });
            }
        }
        bail!("root cannot run Postgres, and there is no account postgres or nobody to run it as")
    }

    pub(crate) fn take(&self, command: &mut Command) {
        if let Self::Unprivileged { uid, gid } = self {
            command.uid(*uid).gid(*gid);
        }
    }

    /// Makes the account the owner of a folder.
    pub(crate) fn own(&self, folder: &std::path::Path) -> Result<()> {
        if let Self::Unprivileged { uid, gid } = self {
            std::os::unix::fs::chown(folder, Some(*uid), Some(*gid))?;
        }
        Ok(())
    }
}

fn id(which: &str, name: &str) -> Option<u32> {
    let output = Command::new("id").args([which, name]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
