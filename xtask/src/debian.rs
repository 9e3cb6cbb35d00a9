//! Debian's packages, installed when we may.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::children::Children;

/// Debian's `postgresql` makes and starts a database server of its own, unless a file here says no.
const CLUSTER_SETTINGS: &str = "/etc/postgresql-common/createcluster.d";

/// True for root where apt-get exists.
pub(crate) fn may_install() -> bool {
    rustix::process::geteuid().is_root() && which::which("apt-get").is_ok()
}

/// What a person would type.
pub(crate) fn command_line(packages: &[&str]) -> String {
    format!("sudo apt-get install -y --no-install-recommends {}", packages.join(" "))
}

/// Installs packages; servers that exist already are left as they are, and no new one is made.
pub(crate) fn install(children: &Children, packages: &[&str]) -> Result<()> {
    let _no_server = packages.contains(&"postgresql").then(NoServer::ask).transpose()?;
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        children.succeed(&mut command)
    };
    apt(&["update", "-q"])?;
    apt(&[&["install", "-y", "-q", "--no-install-recommends"], packages].concat())
}

/// The wish for no server of Debian's own, for as long as this lives.
struct NoServer(PathBuf);

impl NoServer {
    fn ask() -> Result<Self> {
        let file = Path::new(CLUSTER_SETTINGS).join("zz-no-server-for-tests.conf");
        fs::create_dir_all(CLUSTER_SETTINGS)
            .and_then(|()| fs::write(&file, "create_main_cluster = false\n"))
            .with_context(|| format!("cannot write {}", file.display()))?;
        Ok(Self(file))
    }
}

impl Drop for NoServer {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0)
            && error.kind() != ErrorKind::NotFound
        {
            eprintln!("cannot remove {}: {error}", self.0.display());
        }
    }
}
