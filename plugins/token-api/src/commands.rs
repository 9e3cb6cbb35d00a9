//! `guichet token list USER` and `guichet token revoke USER_OR_TOKEN`.

use anyhow::anyhow;
use guichet_core::app::App;
use guichet_core::plugin::{AS_JSON, Command, CommandName};
use guichet_core::serde_json::{Value, json};
use guichet_core::terminal::{counted, named, person, plain, refused, table};

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
    let user = person(app, who).await?;
    let alive = store::alive(&app.db, &user.id, app.clock.now()).await?;
    if as_json {
        let all: Vec<Value> = alive.iter().map(told).collect();
        return Ok(guichet_core::serde_json::to_string_pretty(&all)?);
    }
    if alive.is_empty() {
        return Ok(format!("{} has no refresh token.", user.email));
    }
    let rows: Vec<[String; 5]> = alive.into_iter().map(shown).collect();
    Ok(table(["TOKEN", "LAST USED (UTC)", "UNTIL (UTC)", "ADDRESS", "DEVICE"], &rows))
}

fn shown(token: Stored) -> [String; 5] {
    [
        token.family,
        token.created_at.to_the_minute(),
        token.expires_at.to_the_minute(),
        plain(&token.ip_address.unwrap_or_default(), 39),
        plain(&token.user_agent.unwrap_or_default(), 60),
    ]
}

fn told(token: &Stored) -> Value {
    json!({
        "id": token.family, "sessionId": token.session_id, "lastUsedAt": token.created_at,
        "expiresAt": token.expires_at, "ipAddress": token.ip_address, "userAgent": token.user_agent,
    })
}

async fn revoke(app: &App, what: &str) -> anyhow::Result<String> {
    if let Some((session, user_id)) = store::session_of(&app.db, what).await? {
        bearer::end(app, &session).await.map_err(refused)?;
        tracing::info!(user_id, family = what, "a refresh token was revoked by the operator");
        return Ok(format!("Ended the refresh token {what} with its session."));
    }
    let user = named(app, what).await?.ok_or_else(|| {
        anyhow!(
            "there is neither a user nor a refresh token {what:?}; `guichet token list USER` names tokens"
        )
    })?;
    let alive = store::alive(&app.db, &user.id, app.clock.now()).await?;
    for token in &alive {
        bearer::end(app, &token.session_id).await.map_err(refused)?;
    }
    tracing::info!(user_id = user.id, count = alive.len(), "refresh tokens were revoked by the operator");
    let ended = counted(alive.len(), "refresh token");
    Ok(format!("Ended {ended} of {} with their sessions.", user.email))
}
