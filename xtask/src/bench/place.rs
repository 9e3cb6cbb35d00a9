//! The programs that are measured, and the databases that they stand on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::children::Children;
use crate::cluster::Cluster;
use crate::database::Database;
use crate::tools::Tools;
use crate::workspace::Workspace;

/// What was built, with optimisation.
pub(crate) struct Programs {
    folder: PathBuf,
}

impl Programs {
    pub(crate) fn build(workspace: &Workspace, children: &Children) -> Result<Self> {
        let arguments = ["build", "--quiet", "--release", "-p", "guichet", "-p", "guichet-benches"];
        children.succeed(&mut workspace.cargo(&arguments))?;
        Ok(Self { folder: workspace.target.join("release") })
    }

    pub(crate) fn command(&self, name: &str) -> Command {
        Command::new(self.folder.join(name))
    }

    /// Guichet's, in MiB.
    pub(crate) fn size(&self) -> Result<f64> {
        let bytes = fs::metadata(self.folder.join("guichet")).context("guichet")?.len();
        #[expect(clippy::cast_precision_loss, reason = "told in MiB")]
        Ok(bytes as f64 / 1024.0 / 1024.0)
    }

    /// Everybody's password as it is kept.
    pub(crate) fn hash(&self, children: &Children) -> Result<String> {
        let printed = children.output(self.command("bench-rows").arg("--hash"))?;
        Ok(String::from_utf8(printed)?.trim().to_owned())
    }
}

/// A folder, and a Postgres where one is asked for; both go away with it.
pub(crate) struct Place {
    pub(crate) database: Database,
    cluster: Option<(Cluster, PathBuf)>,
    folder: TempDir,
}

impl Place {
    pub(crate) fn new(workspace: &Workspace, tools: &Tools, database: Database) -> Result<Self> {
        let cluster = match database {
            Database::Postgres => {
                Some((Cluster::start(&tools.pg_bin, &workspace.target)?, tools.pg_bin.clone()))
            }
            Database::Sqlite => None,
        };
        let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(&workspace.target)?;
        Ok(Self { database, cluster, folder })
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Makes an empty database and gives its URL.
    pub(crate) fn database(&self, children: &Children, name: &str) -> Result<String> {
        let Some((cluster, bin)) = &self.cluster else {
            return Ok(format!("sqlite:{}", self.folder().join(format!("{name}.db")).display()));
        };
        let url = cluster.url();
        let mut psql = Command::new(bin.join("psql"));
        psql.args(["--quiet", "--no-psqlrc", "-c", &format!(r#"create database "{name}""#)]).arg(&url);
        children.succeed(&mut psql)?;
        let (server, _) = url.rsplit_once('/').context("the cluster's URL")?;
        Ok(format!("{server}/{name}"))
    }
}
