//! `guichet migrate`

use std::process::ExitCode;

use clap::Args;
use guichet_core::db::Db;
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
    let database = &settings.config().database;
    let db = Db::connect(&database.url, 1).await.map_err(|error| settings.explain(error.into()))?;
    let plan = if options.plan { migrate::propose(&db, &schema).await } else { migrate::apply(&db, &schema).await };
    db.close().await;
    let plan = plan?;
    if plan.is_empty() {
        output::print(&format!("Nothing to change: {} is up to date.\n", settings.database()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let changes = match plan.changes.len() {
        1 => "1 change".to_owned(),
        many => format!("{many} changes"),
    };
    if options.plan {
        let text = match options.sql {
            true => plan.sql(),
            false => format!("{plan}\n{changes} pending in {}; `guichet migrate` makes them.\n", settings.database()),
        };
        output::print(&text)?;
        return Ok(ExitCode::from(PENDING));
    }
    output::print(&format!("{plan}\nDone: {changes} in {}.\n", settings.database()))?;
    Ok(ExitCode::SUCCESS)
}
