//! `guichet token list USER` and `guichet token revoke USER_OR_TOKEN`.

use std::fmt::Write as _;

use anyhow::{Context as _, anyhow};
use guichet_core::app::App;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::Error;
use guichet_core::plugin::{AS_JSON, Command, CommandName};
use guichet_core::serde_json::{Value, json};
use guichet_core::store::User;
use guichet_core::timestamp::Timestamp;

use crate::store::Stored;
use crate::{bearer, store};

pub(crate) const LIST: CommandName = CommandName {
    group: "token",
    name: "list",
    about: "Lists the refresh tokens of a user, named by e-mail address or id",
    argument: "USER",
    switches: &[AS_JSON],
    examples: "  guichet token list jean@example.com\n  guichet token list jean@example.com --json",
};
pub(crate) const REVOKE: CommandName = CommandName {
    group: "token",
    name: "revoke",
    about: "Ends a refresh token with its session, or all of a user's, named by e-mail address or id",
    argument: "USER_OR_TOKEN",
    switches: &[],
    examples: "  guichet token revoke jean@example.com\n  guichet token revoke 0198c2f0-5c3e-7a51-b1c5-0f3c1d2e4a5b",
};

pub(crate) fn all() -> Vec<Command> {
    vec![
        LIST.does(|app, typed| async move { list(&app, &typed.argument, typed.has(AS_JSON)).await }),
        REVOKE.does(|app, typed| async move { revoke(&app, &typed.argument).await }),
    ]
}

async fn list(app: &App, who: &str, as_json: bool) -> anyhow::Result<String> {
    let user = known(app, who).await?;
    let alive = store::alive(&app.db, &user.id, app.clock.now()).await?;
    if as_json {
        let all: Vec<Value> = alive.iter().map(told).collect();
        return Ok(guichet_core::serde_json::to_string_pretty(&all)?);
    }
    if alive.is_empty() {
        return Ok(format!("{} has no refresh token.", user.email));
    }
    let moment = |moment: Timestamp| moment.to_string().get(..16).unwrap_or_default().replace('T', " ");
    let mut text = format!("{:36}  {:16}  {:16}  FROM\n", "TOKEN", "LAST USED (UTC)", "UNTIL (UTC)");
    for token in alive {
        let (address, agent) = (token.ip_address.unwrap_or_default(), token.user_agent.unwrap_or_default());
        // It is a stranger's text, and goes to a terminal.
        let agent: String = agent.chars().filter(|c| !c.is_control()).take(80).collect();
        let (last, until) = (moment(token.created_at), moment(token.expires_at));
        writeln!(text, "{:36}  {last}  {until}  {address}  {agent}", token.family)?;
    }
    Ok(text)
}

fn told(token: &Stored) -> Value {
    json!({
        "id": token.family, "sessionId": token.session_id, "lastUsedAt": token.created_at,
        "expiresAt": token.expires_at, "ipAddress": token.ip_address, "userAgent": token.user_agent,
    })
}

async fn revoke(app: &App, what: &str) -> anyhow::Result<String> {
    if let Some((session, user_id)) = store::session_of(&app.db, what).await? {
        bearer::end(app, &session).await.map_err(|error| failed(&error))?;
        tracing::info!(user_id, family = what, "a refresh token was revoked by the operator");
        return Ok(format!("Ended the refresh token {what} with its session."));
    }
    let user = find(app, what).await?;
    let user = user.ok_or_else(|| {
        anyhow!(
            "there is neither a user nor a refresh token {what:?}; `guichet token list USER` names tokens"
        )
    })?;
    let alive = store::alive(&app.db, &user.id, app.clock.now()).await?;
    for token in &alive {
        bearer::end(app, &token.session_id).await.map_err(|error| failed(&error))?;
    }
    tracing::info!(user_id = user.id, count = alive.len(), "refresh tokens were revoked by the operator");
    Ok(format!("Ended {} refresh tokens of {} with their sessions.", alive.len(), user.email))
}

async fn known(app: &App, who: &str) -> anyhow::Result<User> {
    let user = find(app, who).await?;
    user.ok_or_else(|| anyhow!("there is no user {who:?}; `guichet user list` names them"))
}

/// The user of this address or id.
async fn find(app: &App, who: &str) -> anyhow::Result<Option<User>> {
    let user = match EmailAddress::parse_international(who) {
        Some(email) => app.users.by_email(&app.db, &email).await,
        None => app.users.by_id(&app.db, who).await,
    };
    user.context("the users cannot be read")
}

fn failed(error: &Error) -> anyhow::Error {
    let why = error.cause().map(|cause| format!("{cause:#}"));
    anyhow!(why.unwrap_or_else(|| error.to_string()))
}
