//! `guichet session …`: one file a command.

mod list;
mod revoke;

use std::process::ExitCode;

use clap::Subcommand;

use super::back_office;
use super::settings::Settings;

pub(super) const EXAMPLES: &str = "\
Examples:
  guichet session list jean@example.com
  guichet session revoke jean@example.com --all
  guichet session revoke --all-users --yes

A user is named by e-mail address or id. Exit codes: 0 good, 1 failed, 2 wrong usage.";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Lists a user's live sessions, the oldest first; never a token
    #[command(after_help = list::EXAMPLES)]
    List(list::Options),
    /// Ends one session, all of a user's, or everybody's
    #[command(after_help = revoke::EXAMPLES)]
    Revoke(revoke::Options),
}

pub(crate) async fn run(settings: Settings, command: Command) -> anyhow::Result<ExitCode> {
    let app = back_office::open(&settings).await?;
    let done = match command {
        Command::List(options) => list::run(&app, &options).await.map(|()| true),
        Command::Revoke(options) => revoke::run(&app, &options).await,
    };
    app.db.close().await;
    Ok(if done? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
