//! What a token says.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::ensure;
use guichet_core::app::App;
use guichet_core::serde_json::{Map, Value, json};
use guichet_core::timestamp::Timestamp;

use crate::Options;
use crate::options::{RESERVED, USUAL};

/// Whom a token is about.
pub(crate) struct About<'a> {
    /// The user, as applications see them.
    pub(crate) user: &'a Map<String, Value>,
    /// The session's id.
    pub(crate) session: &'a str,
    /// The session's active organization.
    pub(crate) organization: Option<&'a str>,
    /// Who is in as the user, when that is somebody else, and until when.
    pub(crate) actor: Option<(&'a str, Timestamp)>,
}

/// The columns that are named must be there, and be ones that leave the server; no two may get one name.
pub(crate) fn check(options: &Options, app: &App) -> anyhow::Result<()> {
    let columns: Vec<&str> =
        app.users.columns().iter().filter(|c| c.returned).map(|c| c.name.as_ref()).collect();
    let named = options.claims.iter().map(String::as_str).chain(options.rename.keys().map(String::as_str));
    for claim in named.filter(|claim| *claim != "*" && !USUAL.contains(claim)) {
        ensure!(columns.contains(&claim), "claims: `user` has no column {claim:?} that may leave the server");
    }
    let mut taken = HashSet::new();
    for column in columns.into_iter().filter(|column| options.tells(column)) {
        let name = options.called(column);
        ensure!(taken.insert(name), "rename: two columns would be told as {name:?}");
    }
    Ok(())
}

/// `iss` and `aud` of our tokens.
pub(crate) fn issuer_and_audience(options: &Options, app: &App) -> [String; 2] {
    let own = || app.config.base_url.origin().ascii_serialization();
    [&options.issuer, &options.audience].map(|configured| configured.clone().unwrap_or_else(own))
}

/// The claims of a token about somebody that is signed now, and their end. A column with the name of a registered
/// claim is not told: it must not replace what the token itself says.
pub(crate) fn of(
    options: &Options,
    app: &App,
    about: &About<'_>,
    lifetime: Duration,
) -> (Map<String, Value>, Timestamp) {
    let now = app.clock.now();
    // A session that is lent is never prolonged: nor does a token outlive it.
    let ends = about.actor.map_or(now.plus(lifetime), |(_, last)| now.plus(lifetime).min(last));
    let [issuer, audience] = issuer_and_audience(options, app);
    let mut claims = Map::new();
    let mut say = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    say("iat", json!(now.seconds()));
    for (column, value) in about.user.iter().filter(|(column, _)| options.tells(column)) {
        let name = options.called(column);
        if !RESERVED.contains(&name) {
            say(name, value.clone());
        }
    }
    say("sub", about.user.get("id").cloned().unwrap_or_default());
    say("exp", json!(ends.seconds()));
    say("iss", json!(issuer));
    say("aud", json!(audience));
    if options.session_claims {
        say("jti", json!(app.keyring.random_alphanumeric(24)));
        say("sid", json!(about.session));
        if let Some((actor, _)) = about.actor {
            say("act", json!({"sub": actor}));
        }
    }
    if let (true, Some(organization)) = (options.tells_organization(), about.organization) {
        say("org_id", json!(organization));
    }
    (claims, Timestamp::from_millis(ends.seconds().saturating_mul(1000)).unwrap_or(ends))
}
