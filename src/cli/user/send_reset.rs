//! `guichet user send-reset`

use anyhow::bail;
use clap::Args;
use guichet_core::app::App;
use guichet_core::terminal::{person, refused};

use crate::cli::output;

pub(super) const EXAMPLES: &str = "\
Examples:
  guichet user send-reset jean@example.com
  guichet user create anna@example.com && guichet user send-reset anna@example.com      an invitation

The link works once, and for [plugins.email-password] reset_expires_in (an hour). Until then the password that they have stays.
The mail goes out with the next that a running server sends.";

#[derive(Args)]
pub(crate) struct Options {
    /// E-mail address or id
    #[arg(value_name = "USER")]
    who: String,
}

pub(super) async fn run(app: &App, options: &Options) -> anyhow::Result<()> {
    let user = person(app, &options.who).await?;
    let Some(door) = &app.password_door else {
        bail!("nothing that is on lets anybody in with a password: see `guichet config show pathways`");
    };
    door.send_reset(app, &user, None).await.map_err(refused)?;
    tracing::info!(user_id = user.id, "the link of a new password was sent by the operator");
    output::print(&format!("A link to choose a password is on its way to {}.\n", user.email))
}
