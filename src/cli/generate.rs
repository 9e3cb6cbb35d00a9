//! `guichet generate`

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use guichet_core::db::Dialect;
use guichet_core::{migrate, server};

use super::output;
use super::settings::Settings;
use super::tables;

#[derive(Args)]
pub(crate) struct Options {
    /// The database that it is for [default: the configured one]
    #[arg(long, value_name = "DATABASE")]
    database: Option<Database>,
    /// With every plugin there is: those that are off get an example of a section
    #[arg(long)]
    all: bool,
    /// A page with every table and column instead of SQL
    #[arg(long, conflicts_with = "database")]
    document: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Database {
    Postgres,
    Sqlite,
}

pub(crate) fn run(mut settings: Settings, options: &Options) -> anyhow::Result<ExitCode> {
    if options.all {
        settings.switch_all_on()?;
    }
    if options.document {
        let declared = server::declared(settings.config(), &settings.plugins()?)?;
        output::print(&tables::page(&declared)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let configured = settings.config().database.url.expose().starts_with("sqlite:");
    let dialect = match options.database {
        Some(Database::Sqlite) => Dialect::Sqlite,
        None if configured => Dialect::Sqlite,
        _ => Dialect::Postgres,
    };
    let schema = server::schema(settings.config(), &settings.plugins()?)?;
    output::print(&migrate::generate(&schema, dialect)?)?;
    Ok(ExitCode::SUCCESS)
}
