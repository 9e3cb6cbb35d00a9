//! The tokens that a user has elsewhere, with a provider or with the back end that judges passwords: kept in the account's
//! row, handed to their owner (`/get-access-token`), renewed when they end or on demand (`/refresh-token`). Each plugin
//! answers for the providers whose accounts it makes ([`crate::plugin::Plugin::account_tokens`]).

mod renewal;
mod seal;
mod selection;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::app::App;
use crate::error::{Error, PROVIDER_NOT_SUPPORTED, Result};
use crate::store::Account;
use crate::timestamp::Timestamp;

pub use renewal::{Renewals, good, renewed};
pub use seal::opened;
pub use selection::Selection;

/// An account's tokens in plain. Not printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Tokens {
    /// What opens the provider's API.
    pub access: Option<String>,
    /// What gets a new one.
    pub refresh: Option<String>,
    /// The provider's statement on who this is.
    pub id: Option<String>,
    /// When the access token ends; `None` when that is not known.
    pub access_ends: Option<Timestamp>,
    /// When the refresh token ends.
    pub refresh_ends: Option<Timestamp>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("access_ends", &self.access_ends).finish_non_exhaustive()
    }
}

/// How tokens of other providers are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProviderTokenStorage {
    /// Sealed with the secret: who reads the database gets into nobody's account elsewhere.
    Sealed,
    /// As they are.
    Plain,
}

/// Why tokens were not renewed.
pub enum NotRenewed {
    /// The other side refuses: 400, and the person has to sign in there again. The cause is for the log.
    Refused(anyhow::Error),
    /// It could not be asked; answered as it is.
    Unavailable(Error),
}

/// Answers for the accounts of some providers.
#[async_trait]
pub trait AccountTokens: Send + Sync {
    /// Whether it answers for this provider's accounts.
    fn answers_for(&self, provider_id: &str) -> bool;

    /// How it keeps their tokens.
    fn storage(&self) -> ProviderTokenStorage;

    /// Whether it can renew them.
    fn renews(&self) -> bool {
        true
    }

    /// New tokens for a refresh token; what does not come stays as it was. Never asked twice at once for one account by
    /// one process: many providers take a refresh token that comes twice for a stolen one.
    async fn renew(
        &self,
        app: &App,
        account: &Account,
        refresh_token: &str,
    ) -> std::result::Result<Tokens, NotRenewed>;
}

/// Who answers for an account. 400 `PROVIDER_NOT_SUPPORTED`.
pub fn holder(app: &App, account: &Account) -> Result<Arc<dyn AccountTokens>> {
    let holder = app.account_tokens.iter().find(|holder| holder.answers_for(&account.provider_id));
    holder.cloned().ok_or_else(|| {
        let message = format!("Provider {} is not supported.", account.provider_id);
        Error::worded(StatusCode::BAD_REQUEST, PROVIDER_NOT_SUPPORTED.code, message)
    })
}
