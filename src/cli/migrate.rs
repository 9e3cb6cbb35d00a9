//! `guichet migrate`

use std::process::ExitCode;

use clap::Args;
use guichet_core::db::{Db, Dialect};
use guichet_core::migrate::{Found, Plan};
use guichet_core::terminal::counted;
use guichet_core::{migrate, server};

use super::settings::Settings;
use super::{PENDING, output};

#[derive(Args)]
pub(crate) struct Options {
    /// Prints what would change and changes nothing; exit code 2 when something would
    #[arg(long, visible_alias = "check")]
    plan: bool,
    /// With --plan, prints SQL
    #[arg(long, requires = "plan")]
    sql: bool,
}

pub(crate) async fn run(settings: Settings, options: &Options) -> anyhow::Result<ExitCode> {
    let schema = server::schema(settings.config(), &settings.plugins()?)?;
    if options.plan && settings.missing_file().is_some() {
        // Looking would make the file.
        return said(&migrate::plan(&schema, &Found::nothing(Dialect::Sqlite))?, &settings, options);
    }
    let db = Db::connect(&settings.config().database.url, 1)
        .await
        .map_err(|error| settings.explain(error.into()))?;
    let plan =
        if options.plan { migrate::propose(&db, &schema).await } else { migrate::apply(&db, &schema).await };
    db.close().await;
    said(&plan?, &settings, options)
}

fn said(plan: &Plan, settings: &Settings, options: &Options) -> anyhow::Result<ExitCode> {
    let database = settings.database();
    if plan.is_empty() {
        output::print(&format!("Nothing to change: {database} is up to date.\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let changes = counted(plan.changes.len(), "change");
    if !options.plan {
        output::print(&format!("{plan}\nDone: {changes} in {database}.\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let text = if options.sql {
        plan.sql()
    } else {
        format!("{plan}\n{changes} pending in {database}; `guichet migrate` makes them.\n")
    };
    output::print(&text)?;
    Ok(ExitCode::from(PENDING))
}
