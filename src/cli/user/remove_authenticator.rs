//! `guichet user remove-authenticator`

use anyhow::{anyhow, bail};
use clap::Args;
use guichet_core::app::App;
use guichet_core::authenticators::{self, Relieved};
use guichet_core::terminal::{person, refused};

use crate::cli::output;

pub(super) const EXAMPLES: &str = "\
Examples:
  guichet user remove-authenticator jean@example.com two-factor --reason \"lost telephone, called back at the known number\"
  guichet user remove-authenticator jean@example.com passkey --reason \"stolen laptop\"

Whoever asks for it may be a stranger: make sure who they are first. `guichet user show` lists what a user has.";

#[derive(Args)]
pub(crate) struct Options {
    /// E-mail address or id
    #[arg(value_name = "USER")]
    who: String,
    /// What they lost, all of it: `two-factor`, `passkey` or `phone-number`
    kind: String,
    /// Why, for the log: who asked, and how they were recognised
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(super) async fn run(app: &App, options: &Options) -> anyhow::Result<()> {
    let kind = options.kind.as_str();
    let reason = options.reason.trim();
    if reason.is_empty() {
        bail!("--reason is empty: say who asked, and how they were recognised");
    }
    if authenticators::named(app, kind).is_none() {
        let known: Vec<&str> = app.authenticators.iter().map(|one| one.kind()).collect();
        let known = if known.is_empty() { "nothing".to_owned() } else { known.join(", ") };
        bail!("no plugin that is on keeps a {kind:?}; there is {known}");
    }
    let user = person(app, &options.who).await?;
    let mut tx = app.db.begin().await?;
    let done = authenticators::take_away(app, &mut tx, &user.id, kind).await.map_err(refused)?;
    let Relieved { user, is_told } = done.ok_or_else(|| anyhow!("{} was deleted meanwhile", options.who))?;
    tx.commit().await?;
    // A warning, so that it is written whatever the level: who took what from whom, and why, is to be kept.
    tracing::warn!(
        event = "admin",
        action = "remove-user-authenticator",
        admin_id = "operator",
        user_id = user.id,
        what = kind,
        reason,
        "the operator acted"
    );
    let told =
        if is_told { "A mail tells them." } else { "Their address is not proven: no mail tells them." };
    output::print(&format!("{} has no {kind} any more, and every session is ended. {told}\n", user.email))
}
