//! How the providers' tokens are kept: sealed, or in plain as Better Auth keeps them unless it is told otherwise. What
//! is found is read either way.

use guichet_core::app::App;
use guichet_core::error::Result;
use guichet_core::store::Account;
use guichet_core::timestamp::Timestamp;
use secrecy::ExposeSecret;

use crate::options::TokenStorage;
use crate::tokens::Tokens;

/// Hex of a nonce (24 bytes), a tag (16) and at least one byte: shorter ones are a provider's own.
const SHORTEST_SEALED: usize = 2 * (24 + 16 + 1);

/// A token as it is stored.
fn kept(app: &App, storage: TokenStorage, token: &str) -> Result<String> {
    Ok(match storage {
        TokenStorage::Plain => token.to_owned(),
        TokenStorage::Sealed => app.keyring.seal(token)?,
    })
}

/// A stored token in plain; `None` when it is sealed with a secret that is not known any more, so that nobody is sent
/// the seal.
pub(crate) fn opened(app: &App, stored: Option<&str>) -> Option<String> {
    let stored = stored.filter(|stored| !stored.is_empty())?;
    let hex = stored.len() >= SHORTEST_SEALED && stored.bytes().all(|b| b.is_ascii_hexdigit());
    if !hex && !stored.starts_with("$ba$") {
        return Some(stored.to_owned());
    }
    let plain = app.keyring.open(stored).ok().map(|plain| plain.expose_secret().to_owned());
    if plain.is_none() {
        tracing::warn!("a provider's token cannot be opened with the secrets that are configured");
    }
    plain
}

/// Puts tokens into an account's row. What did not come stays, with its end.
pub(crate) fn put(
    app: &App,
    storage: TokenStorage,
    account: &mut Account,
    tokens: &Tokens,
    now: Timestamp,
) -> Result<()> {
    if let Some(token) = &tokens.access {
        account.access_token = Some(kept(app, storage, token)?);
        account.access_token_expires_at = tokens.access_ends.and_then(Timestamp::from_millis);
    }
    if let Some(token) = &tokens.refresh {
        account.refresh_token = Some(kept(app, storage, token)?);
        account.refresh_token_expires_at = tokens.refresh_ends.and_then(Timestamp::from_millis);
    }
    if let Some(token) = &tokens.id {
        account.id_token = Some(kept(app, storage, token)?);
    }
    account.updated_at = now;
    Ok(())
}
