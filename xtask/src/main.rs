//! `cargo xtask CHORE`: everything that is done to this repository by a program, in one place.

mod account;
mod bench;
mod children;
mod cluster;
mod conformance;
mod database;
mod debian;
mod generated;
mod node_packages;
mod plugin_reference;
mod postgres;
mod product;
mod steps;
mod test;
mod tools;
mod wishes;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::children::{Children, Interrupted};
use crate::workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The chores of this repository", version)]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Finds or installs what the tests need; then format, clippy and every test on both databases
    Test(test::Options),
    /// Runs a command beside a private Postgres, in the environment that the tests get
    Postgres(postgres::Options),
    /// Compares with the reference server, by the conformance kit next to this repository
    Conformance(conformance::Options),
    /// Measures speed, memory and statements beside a bare server, on both databases
    Bench(bench::Options),
    /// Writes migrations/*/schema.sql and docs/tables.md as the program generates them
    Schema(generated::Options),
    /// Writes openapi.json and docs/plugins/README.md as the program generates them
    Openapi(generated::Options),
    /// Writes docs/wishes.md: what shows each row of tests/wishes.toml
    Wishes(generated::Options),
}

fn main() -> ExitCode {
    match run(Cli::parse().chore) {
        Ok(code) => code,
        Err(error) if error.is::<Interrupted>() => {
            eprintln!("interrupted");
            ExitCode::from(130)
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::find()?;
    let children = Children::listen()?;
    match chore {
        Chore::Test(options) => test::run(&workspace, &children, &options),
        Chore::Postgres(options) => postgres::run(&workspace, &children, &options),
        Chore::Conformance(options) => conformance::run(&workspace, &children, &options),
        Chore::Bench(options) => bench::run(&workspace, &children, &options),
        Chore::Schema(options) => generated::schema(&workspace, &children, &options),
        Chore::Openapi(options) => generated::openapi(&workspace, &children, &options),
        Chore::Wishes(options) => wishes::run(&workspace, &options),
    }
}
