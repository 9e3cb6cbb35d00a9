//! `guichet user set-password`

use anyhow::anyhow;
use clap::Args;
use guichet_core::store::Accounts;
use guichet_core::{notice, session};

use crate::cli::back_office::{BackOffice, refused};
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

pub(super) async fn run(office: &BackOffice, options: &Options) -> anyhow::Result<()> {
    let user = office.person(&options.who).await?;
    let password = ask::new_password(&user.email)?;
    office.passwords.check_new(office, password.expose()).await.map_err(refused)?;
    let hash = office.passwords.hash(password.expose()).await.map_err(refused)?;
    let now = office.clock.now();
    let mut tx = office.db.begin().await?;
    // Touching the user first makes a reset at the same time wait.
    let user = office.users.update(&mut tx, &user.id, Vec::new(), now).await?;
    let user = user.ok_or_else(|| anyhow!("{} was deleted meanwhile", options.who))?;
    Accounts::put_password(&mut tx, office.new_id(), &user.id, hash, now).await?;
    session::end_all(office, &mut tx, &user.id, None).await.map_err(refused)?;
    notice::tell_of_operator(office, &mut tx, &user, "core-password-set", "").await.map_err(refused)?;
    tx.commit().await?;
    tracing::info!(user_id = user.id, "a password was set by the operator");
    output::print(&format!(
        "The password of {} is set, and every session is ended. A mail tells them.\n",
        user.email
    ))?;
    if !office.has("email-password") {
        output::warning("nobody can use it while [plugins.email-password] is off");
    }
    Ok(())
}
