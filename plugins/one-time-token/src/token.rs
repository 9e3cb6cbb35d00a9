//! Tokens at rest, and the one place where one is used up.

use guichet_core::config::TokenStorage;
use guichet_core::error::{Error, Result};
use guichet_core::http::Visit;
use guichet_core::keyring::digest;
use guichet_core::store::{Verification, Verifications};
use secrecy::ExposeSecret;

use crate::Options;

/// Makes a token for a session, whose own token is given.
pub(crate) async fn make(visit: &Visit, options: &Options, session_token: &str) -> Result<String> {
    let app = visit.app();
    let token = app.keyring.random_alphanumeric(32);
    let row = Verification {
        id: app.new_id(),
        identifier: identifier(options, &token),
        value: match options.storage {
            TokenStorage::Hashed => app.keyring.seal(session_token).map_err(Error::internal)?,
            TokenStorage::Plain => session_token.to_owned(),
        },
        expires_at: visit.now().plus(options.expires_in.0),
    };
    Verifications::insert(&app.db, &row, visit.now()).await?;
    Ok(token)
}

/// Uses a token up, and gives the session's token: to exactly one of any number of callers.
pub(crate) async fn consume(visit: &Visit, options: &Options, token: &str) -> Result<Option<String>> {
    let app = visit.app();
    // Only as tokens are kept now: a hash that was read in a database must not pass as a token in plain.
    let identifier = identifier(options, token);
    let value = Verifications::consume(&app.db, [&identifier, &identifier], visit.now()).await?;
    Ok(match options.storage {
        TokenStorage::Plain => value,
        TokenStorage::Hashed => value
            .and_then(|sealed| app.keyring.open(&sealed).ok())
            .map(|open| open.expose_secret().to_owned()),
    })
}

fn identifier(options: &Options, token: &str) -> String {
    match options.storage {
        TokenStorage::Hashed => format!("one-time-token:{}", digest(token)),
        TokenStorage::Plain => format!("one-time-token:{token}"),
    }
}
