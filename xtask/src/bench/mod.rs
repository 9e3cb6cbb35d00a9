//! `cargo xtask bench`: Guichet beside a bare axum and sqlx server, in one run, on both databases.
//!
//! Machines differ and are seldom idle, so that speed is only ever told as a ratio of two servers that were measured
//! in turn, round after round. What is counted (statements, memory, size) is told as it is.

mod costs;
mod figures;
mod load;
mod machine;
mod pairs;
mod place;
mod report;
mod server;
mod suite;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::children::Children;
use crate::database::Database;
use crate::tools::{self, Places};
use crate::workspace::Workspace;
use figures::Figures;
use place::Programs;

#[derive(Args)]
pub(crate) struct Options {
    /// About a minute: short rounds, and no million users
    #[arg(long)]
    quick: bool,
    /// Only this database
    #[arg(long, value_enum)]
    only: Option<Database>,
    /// Writes the figures as JSON, too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    #[command(flatten)]
    places: Places,
}

/// How long it is measured.
#[derive(Debug, Clone, Copy)]
struct Length {
    rounds: usize,
    seconds: f64,
    million: bool,
}

pub(crate) fn run(workspace: &Workspace, children: &Children, options: &Options) -> Result<ExitCode> {
    let tools = tools::set_up(children, &options.places, false)?;
    let programs = Programs::build(workspace, children)?;
    let length = if options.quick {
        Length { rounds: 2, seconds: 0.7, million: false }
    } else {
        Length { rounds: 9, seconds: 2.0, million: true }
    };
    let mut figures = Figures::new(machine::described(), programs.size()?);
    for database in [Database::Postgres, Database::Sqlite] {
        if options.only.is_none_or(|only| only == database) {
            let place = place::Place::new(workspace, &tools, database)?;
            figures.databases.push(suite::run(children, &programs, &place, length)?);
        }
    }
    report::print(&figures);
    if let Some(file) = &options.json {
        std::fs::write(file, serde_json::to_string_pretty(&figures)?)?;
    }
    Ok(ExitCode::SUCCESS)
}
