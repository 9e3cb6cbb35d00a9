//! `guichet completions`

use std::process::ExitCode;

use clap::Args;
use clap_complete::Shell;

use super::output;

#[derive(Args)]
pub(crate) struct Options {
    /// The shell that it is for
    shell: Shell,
}

pub(crate) fn run(program: &mut clap::Command, options: &Options) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, program, "guichet", &mut script);
    output::print(&String::from_utf8(script)?)?;
    Ok(ExitCode::SUCCESS)
}
