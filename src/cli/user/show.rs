//! `guichet user show`

use clap::Args;
use guichet_core::serde_json::{Value, json};
use guichet_core::store::{Account, Accounts, CREDENTIAL, User};

use crate::cli::back_office::BackOffice;
use crate::cli::output;
use crate::cli::table::{list, minute, plain};

pub(super) const EXAMPLES: &str = "\
Examples:
  guichet user show jean@example.com
  guichet user show 0192f3c1-… --json";

#[derive(Args)]
pub(crate) struct Options {
    /// E-mail address or id
    #[arg(value_name = "USER")]
    who: String,
    /// Prints {user, accounts, sessions} as JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(office: &BackOffice, options: &Options) -> anyhow::Result<()> {
    let user = office.person(&options.who).await?;
    let accounts = Accounts::of_user(&office.db, &user.id).await?;
    let sessions = office.sessions.of_user(&office.db, &user.id, office.clock.now()).await?.len();
    // Columns that may not leave the server may hold secrets of plugins.
    let shown = office.users.json(&user);
    if options.json {
        let accounts: Vec<_> = accounts.iter().map(Account::json).collect();
        let all = json!({"user": shown, "accounts": accounts, "sessions": sessions});
        return output::print(&format!("{all:#}\n"));
    }
    output::print(&described(&user, &shown, &accounts, sessions))
}

fn described(user: &User, shown: &Value, accounts: &[Account], sessions: usize) -> String {
    let proven = if user.email_verified { "proven" } else { "not proven" };
    let mut rows = vec![
        ("id", user.id.clone()),
        ("e-mail", format!("{} ({proven})", plain(&user.email, 120))),
        ("name", plain(user.name.as_deref().unwrap_or_default(), 120)),
        ("since", format!("{} UTC", minute(user.created_at))),
        ("changed", format!("{} UTC", minute(user.updated_at))),
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
    rows.push(("sessions", sessions.to_string()));
    list(&rows)
}
