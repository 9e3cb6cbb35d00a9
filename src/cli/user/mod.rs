//! `guichet user …`: one file a command.

mod create;
mod delete;
mod list;
mod remove_authenticator;
mod send_reset;
mod set_password;
mod show;
mod verify_email;

use std::process::ExitCode;

use clap::Subcommand;

use super::back_office;
use super::settings::Settings;

pub(super) const EXAMPLES: &str = "\
Examples:
  guichet user create jean@example.com --name \"Jean Dupont\" --set role=ADMIN
  guichet user list --search dupont
  guichet user show jean@example.com --json
  guichet user set-password jean@example.com
  guichet user send-reset jean@example.com
  guichet user remove-authenticator jean@example.com two-factor --reason \"lost telephone\"
  guichet user delete jean@example.com --yes

A user is named by e-mail address or id. Exit codes: 0 good, 1 failed, 2 wrong usage.";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Makes a user; without a password they come in by a code or by a reset link
    #[command(after_help = create::EXAMPLES)]
    Create(create::Options),
    /// Lists users, the newest first
    #[command(after_help = list::EXAMPLES)]
    List(list::Options),
    /// Shows one user: what is known, how they can sign in, how many sessions they have
    #[command(after_help = show::EXAMPLES)]
    Show(show::Options),
    /// Sets a password, ends every session, and tells the person by mail
    #[command(after_help = set_password::EXAMPLES)]
    SetPassword(set_password::Options),
    /// Mails a user the link by which they choose a password
    #[command(after_help = send_reset::EXAMPLES)]
    SendReset(send_reset::Options),
    /// Takes a lost second factor, lost passkeys or a lost phone number away, and ends every session
    #[command(after_help = remove_authenticator::EXAMPLES)]
    RemoveAuthenticator(remove_authenticator::Options),
    /// Deletes a user with everything that is theirs
    #[command(after_help = delete::EXAMPLES)]
    Delete(delete::Options),
    /// Marks the e-mail address as proven; what was set up before the proof ends
    #[command(after_help = verify_email::EXAMPLES)]
    VerifyEmail(verify_email::Options),
}

pub(crate) async fn run(settings: Settings, command: Command) -> anyhow::Result<ExitCode> {
    let app = back_office::open(&settings).await?;
    let done = match command {
        Command::Create(options) => create::run(&app, options).await.map(|()| true),
        Command::List(options) => list::run(&app, &options).await.map(|()| true),
        Command::Show(options) => show::run(&app, &options).await.map(|()| true),
        Command::SetPassword(options) => set_password::run(&app, &options).await.map(|()| true),
        Command::SendReset(options) => send_reset::run(&app, &options).await.map(|()| true),
        Command::RemoveAuthenticator(options) => {
            remove_authenticator::run(&app, &options).await.map(|()| true)
        }
        Command::Delete(options) => delete::run(&app, &options).await,
        Command::VerifyEmail(options) => verify_email::run(&app, &options).await.map(|()| true),
    };
    app.db.close().await;
    Ok(if done? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
