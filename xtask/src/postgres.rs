//! `cargo xtask postgres -- CMD…`: one command in the environment that the tests get.

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;

use crate::children::Children;
use crate::cluster::Cluster;
use crate::test;
use crate::tools::{self, Places};
use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct Options {
    /// The command; it runs in the folder you are in
    #[arg(last = true, required = true, value_name = "CMD")]
    command: Vec<OsString>,
    #[command(flatten)]
    places: Places,
}

pub(crate) fn run(workspace: &Workspace, children: &Children, options: &Options) -> Result<ExitCode> {
    let tools = tools::set_up(children, &options.places, true)?;
    test::node_packages(workspace, children)?;
    let cluster = Cluster::start(&tools.pg_bin, &workspace.target)?;
    let (program, arguments) = options.command.split_first().context("no command")?;
    let mut command = workspace.command(program);
    command.args(arguments).current_dir(env::current_dir()?);
    let status = children.foreground(test::environment(&mut command, workspace, &tools, &cluster))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}
