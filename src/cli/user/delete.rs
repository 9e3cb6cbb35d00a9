//! `guichet user delete`

use clap::Args;
use guichet_core::app::App;
use guichet_core::farewell;
use guichet_core::terminal::{person, refused};

use crate::cli::{ask, output};

pub(super) const EXAMPLES: &str = "\
Examples:
  guichet user delete jean@example.com
  guichet user delete jean@example.com --yes            asks nothing";

#[derive(Args)]
pub(crate) struct Options {
    /// E-mail address or id
    #[arg(value_name = "USER")]
    who: String,
    /// Asks nothing
    #[arg(long, short)]
    yes: bool,
}

/// Whether it was done.
pub(super) async fn run(app: &App, options: &Options) -> anyhow::Result<bool> {
    let user = person(app, &options.who).await?;
    let question = format!("Delete {} with everything that is theirs, for good?", user.email);
    if !ask::agreed(&question, options.yes)? {
        output::print("Nothing was deleted.\n")?;
        return Ok(false);
    }
    let mut tx = app.db.begin().await?;
    farewell::remove(app, &mut tx, &user).await.map_err(refused)?;
    tx.commit().await?;
    tracing::info!(user_id = user.id, "a user was deleted by the operator");
    output::print(&format!("Deleted {} ({}).\n", user.email, user.id))?;
    Ok(true)
}
