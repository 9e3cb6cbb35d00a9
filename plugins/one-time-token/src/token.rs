//! Tokens at rest, and the one place where one is used up.

use guichet_core::config::TokenStorage;
use guichet_core::error::{Error, Result};
use guichet_core::http::Visit;
use guichet_core::link_token::{Alphabet, LinkTokens};
use secrecy::ExposeSecret;

use crate::Options;

fn tokens(options: &Options) -> LinkTokens {
    LinkTokens {
        alphabet: Alphabet::LettersAndDigits,
        length: 32,
        hashed_as: "one-time-token:",
        plain_as: "one-time-token:",
        storage: options.storage,
        expires_in: options.expires_in.0,
    }
}

/// Makes a token for a session, whose own token is given.
pub(crate) async fn make(visit: &Visit, options: &Options, session_token: &str) -> Result<String> {
    let (app, tokens) = (visit.app(), tokens(options));
    let token = tokens.draw(app);
    let value = match options.storage {
        TokenStorage::Hashed => app.keyring.seal(session_token).map_err(Error::internal)?,
        TokenStorage::Plain => session_token.to_owned(),
    };
    app.db.write(vec![tokens.row(app, &token, value)]).await?;
    Ok(token)
}

/// Uses a token up, and gives the session's token: to exactly one of any number of callers.
pub(crate) async fn consume(visit: &Visit, options: &Options, token: &str) -> Result<Option<String>> {
    let app = visit.app();
    let value = tokens(options).consume(&app.db, token, visit.now()).await?;
    // A value is read in today's form alone: one from before a change of the setting carries nothing.
    Ok(match options.storage {
        TokenStorage::Plain => value,
        TokenStorage::Hashed => value
            .and_then(|sealed| app.keyring.open(&sealed).ok())
            .map(|open| open.expose_secret().to_owned()),
    })
}
