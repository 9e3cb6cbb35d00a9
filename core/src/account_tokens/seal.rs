//! How tokens are kept: sealed, or in plain as Better Auth keeps them unless it is told otherwise. What is found is read
//! either way.

use secrecy::ExposeSecret;

use super::{ProviderTokenStorage, Tokens};
use crate::app::App;
use crate::error::Result;
use crate::store::Account;
use crate::timestamp::Timestamp;

/// Hex of a nonce (24 bytes), a tag (16) and at least one byte: shorter ones are a provider's own.
const SHORTEST_SEALED: usize = 2 * (24 + 16 + 1);

/// A token as it is stored.
fn kept(app: &App, storage: ProviderTokenStorage, token: &str) -> Result<String> {
    Ok(match storage {
        ProviderTokenStorage::Plain => token.to_owned(),
        ProviderTokenStorage::Sealed => app.keyring.seal(token)?,
    })
}

/// A stored token in plain; `None` when it is sealed with a secret that is not known any more, so that nobody is sent
/// the seal.
pub fn opened(app: &App, stored: Option<&str>) -> Option<String> {
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

impl Tokens {
    /// Those of an account.
    pub fn of(app: &App, account: &Account) -> Self {
        let open = |token: &Option<String>| opened(app, token.as_deref());
        Self {
            access: open(&account.access_token),
            refresh: open(&account.refresh_token),
            id: open(&account.id_token),
            access_ends: account.access_token_expires_at,
            refresh_ends: account.refresh_token_expires_at,
        }
    }

    /// Puts them into an account's row. What did not come stays, with its end.
    pub fn put(
        &self,
        app: &App,
        storage: ProviderTokenStorage,
        account: &mut Account,
        now: Timestamp,
    ) -> Result<()> {
        if let Some(token) = &self.access {
            account.access_token = Some(kept(app, storage, token)?);
            account.access_token_expires_at = self.access_ends;
        }
        if let Some(token) = &self.refresh {
            account.refresh_token = Some(kept(app, storage, token)?);
            account.refresh_token_expires_at = self.refresh_ends;
        }
        if let Some(token) = &self.id {
            account.id_token = Some(kept(app, storage, token)?);
        }
        account.updated_at = now;
        Ok(())
    }
}
