//! `guichet user verify-email`

use std::fmt::Write as _;

use clap::Args;
use guichet_core::app::App;
use guichet_core::db::Value;
use guichet_core::sign_in;
use guichet_core::store::Accounts;
use guichet_core::terminal::{counted, person, refused};

use crate::cli::output;

pub(super) const EXAMPLES: &str = "\
Examples:
  guichet user verify-email jean@example.com
  guichet user verify-email jean@example.com --keep     the password and the sessions stay

Whoever set a password before anybody had proven to read the mailbox may be a stranger who waited for this: it ends,
unless you know that it was the owner.";

#[derive(Args)]
pub(crate) struct Options {
    /// E-mail address or id
    #[arg(value_name = "USER")]
    who: String,
    /// Keeps passwords, linked accounts and sessions from before
    #[arg(long)]
    keep: bool,
}

pub(super) async fn run(app: &App, options: &Options) -> anyhow::Result<()> {
    let user = person(app, &options.who).await?;
    if user.email_verified {
        return output::print(&format!("{} is proven already.\n", user.email));
    }
    let (email, user_id) = (user.email.clone(), user.id.clone());
    let now = app.clock.now();
    let accounts = Accounts::of_user(&app.db, &user_id).await?.len();
    let sessions = app.sessions.of_user(&app.db, &user_id, now).await?.len();
    let mut tx = app.db.begin().await?;
    if options.keep {
        let changes = vec![("emailVerified", Value::from(true))];
        app.users.update(&mut tx, &user_id, changes, now).await?;
    } else {
        sign_in::vouch_for_mailbox(app, &mut tx, user).await.map_err(refused)?;
    }
    tx.commit().await?;
    tracing::info!(user_id, kept = options.keep, "an address was proven by the operator");
    let mut said = format!("{email} is proven now.\n");
    if !options.keep && accounts + sessions > 0 {
        writeln!(
            said,
            "Ended, because nobody had proven the address before: {}, {}.",
            counted(accounts, "password or linked account"),
            counted(sessions, "session")
        )?;
    }
    output::print(&said)
}
