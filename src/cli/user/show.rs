//! `guichet user show`

use clap::Args;
use guichet_core::app::App;
use guichet_core::serde_json::{Value, json};
use guichet_core::store::{Account, Accounts, CREDENTIAL, User};
use guichet_core::terminal::{list, person, plain, refused};

use crate::cli::output;

pub(super) const EXAMPLES: &str = "\
Examples:
  guichet user show jean@example.com
  guichet user show 0192f3c1-… --json";

#[derive(Args)]
pub(crate) struct Options {
    /// E-mail address or id
    #[arg(value_name = "USER")]
    who: String,
    /// Prints {user, accounts, authenticators, sessions} as JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(app: &App, options: &Options) -> anyhow::Result<()> {
    let user = person(app, &options.who).await?;
    let accounts = Accounts::of_user(&app.db, &user.id).await?;
    let mut authenticators = Vec::new();
    for one in &app.authenticators {
        if one.are_had(app, &user).await.map_err(refused)? {
            authenticators.push(one.kind());
        }
    }
    let sessions = app.sessions.of_user(&app.db, &user.id, app.clock.now()).await?.len();
    // Columns that may not leave the server may hold secrets of plugins.
    let shown = app.users.json(&user);
    if options.json {
        let accounts: Vec<_> = accounts.iter().map(Account::json).collect();
        let all = json!({"user": shown, "accounts": accounts, "authenticators": authenticators, "sessions": sessions});
        return output::print(&format!("{all:#}\n"));
    }
    output::print(&described(&user, &shown, &accounts, &authenticators, sessions))
}

fn described(
    user: &User,
    shown: &Value,
    accounts: &[Account],
    authenticators: &[&str],
    sessions: usize,
) -> String {
    let proven = if user.email_verified { "proven" } else { "not proven" };
    let mut rows = vec![
        ("id", user.id.clone()),
        ("e-mail", format!("{} ({proven})", plain(&user.email, 120))),
        ("name", plain(user.name.as_deref().unwrap_or_default(), 120)),
        ("since", format!("{} UTC", user.created_at.to_the_minute())),
        ("changed", format!("{} UTC", user.updated_at.to_the_minute())),
    ];
    for (name, value) in shown.as_object().into_iter().flatten() {
        if !["id", "email", "emailVerified", "name", "createdAt", "updatedAt"].contains(&name.as_str())
            && !value.is_null()
        {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            rows.push((name, plain(&text, 120)));
        }
    }
    let ways: Vec<&str> = accounts
        .iter()
        .map(
            |account| {
                if account.provider_id == CREDENTIAL { "password" } else { account.provider_id.as_str() }
            },
        )
        .collect();
    let none = "neither a password nor a provider; codes and links by e-mail always work while they are on";
    rows.push(("signs in by", if ways.is_empty() { none.to_owned() } else { ways.join(", ") }));
    if !authenticators.is_empty() {
        rows.push(("authenticators", authenticators.join(", ")));
    }
    rows.push(("sessions", sessions.to_string()));
    list(&rows)
}
