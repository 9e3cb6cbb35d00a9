//! `guichet session list`

use clap::Args;
use guichet_core::app::App;
use guichet_core::serde_json::{Value, json};
use guichet_core::store::Session;
use guichet_core::terminal::{person, plain, table};

use crate::cli::output;

pub(super) const EXAMPLES: &str = "\
Examples:
  guichet session list jean@example.com
  guichet session list jean@example.com --json | jq -r '.[].id'";

#[derive(Args)]
pub(crate) struct Options {
    /// E-mail address or id
    #[arg(value_name = "USER")]
    who: String,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(app: &App, options: &Options) -> anyhow::Result<()> {
    let user = person(app, &options.who).await?;
    let sessions = app.sessions.of_user(&app.db, &user.id, app.clock.now()).await?;
    if options.json {
        let all: Vec<Value> = sessions.iter().map(as_json).collect();
        return output::print(&format!("{:#}\n", json!(all)));
    }
    if sessions.is_empty() {
        return output::print(&format!("{} has no session.\n", user.email));
    }
    let rows: Vec<[String; 6]> = sessions
        .iter()
        .map(|session| {
            [
                session.id.clone(),
                session.created_at.to_the_minute(),
                session.expires_at.to_the_minute(),
                plain(session.ip_address.as_deref().unwrap_or_default(), 39),
                plain(session.amr.as_deref().unwrap_or_default(), 20),
                plain(session.user_agent.as_deref().unwrap_or_default(), 60),
            ]
        })
        .collect();
    output::print(&table(["ID", "BEGAN (UTC)", "ENDS (UTC)", "ADDRESS", "BY", "DEVICE"], &rows))
}

fn as_json(session: &Session) -> Value {
    json!({
        "id": session.id,
        "createdAt": session.created_at,
        "updatedAt": session.updated_at,
        "expiresAt": session.expires_at,
        "ipAddress": session.ip_address,
        "userAgent": session.user_agent,
        "amr": session.amr,
        "aal": session.aal,
    })
}
