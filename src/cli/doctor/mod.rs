//! `guichet doctor`: looks at everything that an installation needs, changes nothing, and says what to do.

mod address;
mod database;
mod mail;
mod newcomers;
mod origins;
mod report;
mod secret;
mod server;

use std::process::ExitCode;

use clap::Args;
use guichet_core::check::{Check, Verdict};
use guichet_core::server::Server;

use super::back_office::outside;
use super::output;
use super::settings::Settings;
use crate::serve::served::{MAILBOX, served};
use crate::serve::{requirements, secret as kept};

const EXAMPLES: &str = "\
Examples:
  guichet doctor
  guichet doctor --offline               asks the database, and nobody else
  guichet doctor --json | jq '.checks[] | select(.verdict != \"good\")'
  guichet --config /etc/guichet.toml doctor

Exit codes: 0 nothing is bad (there may be warnings), 1 something is bad, 2 wrong usage.";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// Prints {good, checks} as JSON
    #[arg(long)]
    json: bool,
    /// Asks no name server, no mail server, no back end and not the running server
    #[arg(long)]
    offline: bool,
}

pub(crate) async fn run(settings: anyhow::Result<Settings>, options: &Options) -> anyhow::Result<ExitCode> {
    let checks = match settings {
        Ok(settings) => look(settings, options.offline).await,
        Err(error) => vec![unusable(&error)],
    };
    let text = if options.json { report::json(&checks) } else { report::text(&checks) };
    output::print(&text)?;
    let bad = checks.iter().any(|check| check.verdict == Verdict::Bad);
    Ok(if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

const SETTINGS: &str = "settings";

fn unusable(error: &anyhow::Error) -> Check {
    Check::bad(SETTINGS, output::words(error), "mend it, then look at it with `guichet config check`")
}

async fn look(mut settings: Settings, offline: bool) -> Vec<Check> {
    let has_secret = kept::find(&mut settings.loaded.config);
    if !settings.loaded.is_set(&["base_url"]) {
        requirements::trust_this_machine(&mut settings.loaded.config);
    }
    let mut checks = check_settings(&settings);
    checks.extend(secret::check(settings.config(), has_secret));
    checks.extend(address::check(settings.config(), offline).await);
    checks.extend(origins::check(settings.config(), settings.loaded.is_set(&["trusted_origins"])));
    let mut shows_mails = false;
    match open(&settings, has_secret).await {
        Ok((server, is_real)) => {
            let app = &server.app;
            shows_mails = served(&server, MAILBOX);
            if let Err(error) = server.fits() {
                // Good one by one, and not together.
                checks.retain(|check| check.name != SETTINGS);
                checks.push(unusable(&error));
            }
            checks.extend(newcomers::check(app));
            if is_real {
                checks.extend(database::check(app, &settings.database()).await);
                for plugin in server.plugins() {
                    checks.extend(plugin.checks(app, !offline).await);
                }
            } else {
                checks.push(Check::warning(
                    database::NAME,
                    format!(
                        "{} is not there yet, or was not looked at without a secret",
                        settings.database()
                    ),
                    "`guichet serve` makes both",
                ));
            }
            if has_secret && !offline {
                checks.extend(server::check(app).await);
            }
            app.db.close().await;
        }
        Err(failed) => checks.push(failed),
    }
    if !offline {
        checks.extend(mail::check(settings.config(), shows_mails).await);
    }
    checks
}

fn check_settings(settings: &Settings) -> Vec<Check> {
    let unmet = requirements::unmet(settings.config());
    if unmet.is_empty() {
        return vec![Check::good(SETTINGS, format!("from {}", settings.sources()))];
    }
    let advice = "`serve` does not open until it is set; guichet.example.toml explains every key";
    unmet.into_iter().map(|what| Check::bad(SETTINGS, what, advice)).collect()
}

/// The product beside its database, and whether that is the real one: looking must not make a file, and without a
/// secret there is only an outline.
async fn open(settings: &Settings, has_secret: bool) -> Result<(Server, bool), Check> {
    if settings.missing_file().is_some() || !has_secret {
        let plugins = settings.plugins().map_err(|error| unusable(&error))?;
        let outline = Server::outline(settings.config().clone(), plugins, outside(settings));
        return outline.map(|server| (server, false)).map_err(|error| unusable(&error));
    }
    let plugins = settings.plugins().map_err(|error| unusable(&error))?;
    let server = Server::unstarted(settings.config().clone(), plugins, outside(settings)).await;
    server.map(|server| (server, true)).map_err(|error| {
        if error.is::<guichet_core::db::ConnectError>() {
            let advice = "see that it runs, and that database.url (GUICHET_DATABASE__URL) names it";
            let said = format!("{}: {}", settings.database(), output::words(&error));
            Check::bad(database::NAME, said, advice)
        } else {
            unusable(&error)
        }
    })
}
