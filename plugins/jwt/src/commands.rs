//! `guichet key list` and `guichet key rotate`.

use std::sync::Arc;

use guichet_core::app::App;
use guichet_core::plugin::{AS_JSON, Command, CommandName, Switch};
use guichet_core::serde_json::{Value, json};
use guichet_core::terminal::{self, refused};
use guichet_core::timestamp::Timestamp;

use crate::table::{self, Stored};
use crate::{Jwt, keys};

const AT_ONCE: Switch =
    Switch::new("now", "The old keys sign no more from now on, though services may not know the new one yet");

pub(crate) const LIST: CommandName = CommandName {
    group: "key",
    name: "list",
    about: "Lists the keys that sign tokens, the newest first; never a private one",
    argument: "",
    switches: &[AS_JSON],
    examples: "  guichet key list\n  guichet key list --json | jq -r '.[] | select(.state == \"signs\").kid'",
};

pub(crate) const ROTATE: CommandName = CommandName {
    group: "key",
    name: "rotate",
    about: "Makes a new signing key; tokens that the old ones signed stay good",
    argument: "",
    switches: &[AT_ONCE, AS_JSON],
    examples: "  guichet key rotate           services see the new key first, then it signs\n  \
               guichet key rotate --now     after a leak; delete the leaked row of jwks, too",
};

pub(crate) fn all(plugin: &Arc<Jwt>) -> Vec<Command> {
    let (lists, rotates) = (plugin.clone(), plugin.clone());
    vec![
        LIST.does(move |app, typed| {
            let plugin = lists.clone();
            async move { list(&plugin, &app, typed.has(AS_JSON)).await }
        }),
        ROTATE.does(move |app, typed| {
            let plugin = rotates.clone();
            async move { rotate(&plugin, &app, typed.has(AT_ONCE), typed.has(AS_JSON)).await }
        }),
    ]
}

async fn list(plugin: &Jwt, app: &App, as_json: bool) -> anyhow::Result<String> {
    let now = app.clock.now();
    let signs = keys::present(plugin, app).await.map_err(refused)?;
    let stored = table::all(&app.db).await?;
    let described = stored.iter().map(|key| (key, state(plugin, key, signs.as_deref(), now)));
    if as_json {
        let all: Vec<Value> = described.map(|(key, state)| as_value(plugin, key, state)).collect();
        return Ok(format!("{:#}", json!(all)));
    }
    if stored.is_empty() {
        return Ok("There is no key yet: the first token makes one.".to_owned());
    }
    let rows: Vec<[String; 4]> = described
        .map(|(key, state)| {
            let until = published_until(plugin, key).map(|end| format!(" until {}", end.to_the_minute()));
            let until = until.filter(|_| state != "ended").unwrap_or_default();
            [key.id.clone(), key.alg().to_owned(), key.created_at.to_the_minute(), format!("{state}{until}")]
        })
        .collect();
    Ok(terminal::table(["KID", "ALG", "MADE (UTC)", "STATE"], &rows))
}

/// `signs`, `waits` (signs later, or when the one that signs ends), `verifies` (published alone), `ended`.
fn state(plugin: &Jwt, key: &Stored, signs: Option<&str>, now: Timestamp) -> &'static str {
    if signs == Some(key.id.as_str()) {
        "signs"
    } else if key.algorithm() == Some(plugin.options.algorithm) && key.signs_at(now) {
        "waits"
    } else if key.is_published_at(now, plugin.options.grace.0) {
        "verifies"
    } else {
        "ended"
    }
}

fn published_until(plugin: &Jwt, key: &Stored) -> Option<Timestamp> {
    key.expires_at.map(|end| end.plus(plugin.options.grace.0))
}

fn as_value(plugin: &Jwt, key: &Stored, state: &str) -> Value {
    json!({
        "kid": key.id,
        "alg": key.alg(),
        "state": state,
        "createdAt": key.created_at,
        "expiresAt": key.expires_at,
        "publishedUntil": published_until(plugin, key),
    })
}

async fn rotate(plugin: &Jwt, app: &App, at_once: bool, as_json: bool) -> anyhow::Result<String> {
    let (kid, from) = keys::rotate(plugin, app, at_once).await.map_err(refused)?;
    tracing::info!(kid, "the signing key was rotated by the operator");
    if as_json {
        return Ok(format!("{:#}", json!({"kid": kid, "signsFrom": from})));
    }
    let when = if at_once { "now on".to_owned() } else { format!("{} (UTC)", from.to_the_minute()) };
    let until = from.plus(plugin.options.grace.0).to_the_minute();
    Ok(format!("The new key {kid} signs from {when}. Tokens of the old ones verify until {until} (UTC)."))
}
