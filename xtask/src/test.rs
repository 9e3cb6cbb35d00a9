//! `cargo xtask test`: everything that must hold before a change lands.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Result, ensure};
use clap::Args;

use crate::children::Children;
use crate::cluster::Cluster;
use crate::steps::Steps;
use crate::tools::{self, Places, Tools};
use crate::workspace::Workspace;
use crate::{generated, node_packages};

#[derive(Args)]
pub(crate) struct Options {
    /// Only the tests whose name contains this; leaves out format and clippy
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Only the tests of this crate; leaves out format and clippy
    #[arg(long, short, value_name = "CRATE")]
    package: Option<String>,
    /// Leaves out format and clippy
    #[arg(long)]
    skip_lints: bool,
    #[command(flatten)]
    places: Places,
}

pub(crate) fn run(workspace: &Workspace, children: &Children, options: &Options) -> Result<ExitCode> {
    let mut steps = Steps::default();
    // What went wrong is printed by its step, and again by the summary.
    let _told = all(&mut steps, workspace, children, options);
    let code = steps.sum_up();
    children.go_on()?;
    Ok(code)
}

fn all(steps: &mut Steps, workspace: &Workspace, children: &Children, options: &Options) -> Result<()> {
    let tools = steps.run("set-up", || tools::set_up(children, &options.places, true))?;
    steps.run("npm packages", || node_packages(workspace, children))?;
    if !options.skip_lints && options.only.is_none() && options.package.is_none() {
        lints(steps, workspace, children);
    }
    let cluster = steps.run("postgres", || {
        children.go_on()?;
        Cluster::start(&tools.pg_bin, &workspace.target)
    })?;
    steps.run("tests", || {
        let mut cargo = workspace.cargo(&["test", "--no-fail-fast"]);
        match &options.package {
            Some(package) => cargo.args(["--package", package]),
            None => cargo.arg("--workspace"),
        };
        cargo.args(&options.only);
        children.succeed(environment(&mut cargo, workspace, &tools, &cluster))
    })?;
    if options.only.is_some() || options.package.is_some() {
        return Ok(());
    }
    // What the program writes is compared by stories; this is what is made of it.
    steps.run("generated files", || {
        let code = generated::openapi(workspace, children, &generated::Options { check: true })?;
        ensure!(code == ExitCode::SUCCESS, "run `cargo xtask openapi`");
        Ok(())
    })
}

/// Both are looked at, and the tests run whatever they say: one run shows all there is to mend.
fn lints(steps: &mut Steps, workspace: &Workspace, children: &Children) {
    let clippy = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    let _format =
        steps.run("format", || children.succeed(&mut workspace.cargo(&["fmt", "--all", "--check"])));
    let _clippy = steps.run("clippy", || children.succeed(&mut workspace.cargo(&clippy)));
}

/// What the tests run with Node, and what the npm packages of this repository are built with.
pub(crate) fn node_packages(workspace: &Workspace, children: &Children) -> Result<()> {
    node_packages::install(children, &node_folder(workspace), &workspace.target)?;
    node_packages::install(children, &workspace.root, &workspace.target)
}

/// The folder of the Node programs and packages of the tests.
pub(crate) fn node_folder(workspace: &Workspace) -> std::path::PathBuf {
    workspace.root.join("tests/node")
}

/// What the tests are told: where the databases, Node's packages and the browser are.
pub(crate) fn environment<'a>(
    command: &'a mut Command,
    workspace: &Workspace,
    tools: &Tools,
    cluster: &Cluster,
) -> &'a mut Command {
    command
        .env("GUICHET_TEST_POSTGRES", cluster.url())
        .env("GUICHET_TEST_PG_BIN", &tools.pg_bin)
        .env("GUICHET_TEST_NODE", node_folder(workspace))
        .env("GUICHET_TEST_CHROMIUM", tools.chromium.as_deref().unwrap_or(Path::new("")))
}
