//! `guichet user set-password`

use anyhow::anyhow;
use clap::Args;
use guichet_core::app::App;
use guichet_core::pathway::Pathway;
use guichet_core::store::Accounts;
use guichet_core::terminal::{person, refused};
use guichet_core::{notice, session};

use crate::cli::pathways::ways_in;
use crate::cli::{ask, output};

pub(super) const EXAMPLES: &str = "\
Examples:
  guichet user set-password jean@example.com            asks for it, without showing it
  pass show jean | guichet user set-password jean@example.com

A password never stands in the arguments: other users of the machine and the shell's history read those.";

#[derive(Args)]
pub(crate) struct Options {
    /// E-mail address or id
    #[arg(value_name = "USER")]
    who: String,
}

pub(super) async fn run(app: &App, options: &Options) -> anyhow::Result<()> {
    let user = person(app, &options.who).await?;
    let password = ask::new_password(&user.email)?;
    app.passwords.check_new(app, password.expose()).await.map_err(refused)?;
    let hash = app.passwords.hash(password.expose()).await.map_err(refused)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    // Touching the user first makes a reset at the same time wait.
    let user = app.users.touch(&mut tx, &user.id, now).await?;
    let user = user.ok_or_else(|| anyhow!("{} was deleted meanwhile", options.who))?;
    Accounts::put_password(&mut tx, app.new_id(), &user.id, hash, now).await?;
    session::end_all(app, &mut tx, &user.id, None).await.map_err(refused)?;
    notice::tell_of_operator(app, &mut tx, &user, "core-password-set", "").await.map_err(refused)?;
    tx.commit().await?;
    tracing::info!(user_id = user.id, "a password was set by the operator");
    output::print(&format!(
        "The password of {} is set, and every session is ended. A mail tells them.\n",
        user.email
    ))?;
    if ways_in(app, Pathway::takes_password).is_empty() {
        output::warning(
            "nothing that is on lets anybody in with a password: see `guichet config show pathways`",
        );
    }
    Ok(())
}
