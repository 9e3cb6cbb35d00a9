//! What a token says.

use anyhow::ensure;
use guichet_core::app::App;
use guichet_core::http::Visit;
use guichet_core::serde_json::{Map, Value, json};

use crate::Options;
use crate::options::{RESERVED, USUAL};

/// The columns that are named must be there, and be ones that leave the server.
pub(crate) fn check(options: &Options, app: &App) -> anyhow::Result<()> {
    for claim in options.claims.iter().filter(|claim| *claim != "*" && !USUAL.contains(&claim.as_str())) {
        let known = app.users.columns().iter().any(|column| column.name == claim.as_str() && column.returned);
        ensure!(known, "claims: `user` has no column {claim:?} that may leave the server");
    }
    Ok(())
}

/// The claims of a token about `user` that is signed now, in seconds since 1970. A column with the name of a registered claim
/// is not told: it must not replace what the token itself says.
pub(crate) fn of(options: &Options, visit: &Visit, user: &Map<String, Value>) -> Map<String, Value> {
    let app = visit.app();
    let now = visit.now();
    let own = app.config.base_url.origin().ascii_serialization();
    let mut claims = Map::new();
    claims.insert("iat".to_owned(), json!(now.millis().div_euclid(1000)));
    let told = user.iter().filter(|(name, _)| options.tells(name) && !RESERVED.contains(&name.as_str()));
    claims.extend(told.map(|(name, value)| (name.clone(), value.clone())));
    claims.insert("sub".to_owned(), user.get("id").cloned().unwrap_or_default());
    claims.insert("exp".to_owned(), json!(now.plus(options.expires_in.0).millis().div_euclid(1000)));
    claims.insert("iss".to_owned(), json!(options.issuer.as_ref().unwrap_or(&own)));
    claims.insert("aud".to_owned(), json!(options.audience.as_ref().unwrap_or(&own)));
    claims
}
