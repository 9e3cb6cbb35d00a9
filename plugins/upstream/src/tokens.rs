//! Its tokens: handed to their owner by `/get-access-token`, renewed by its own way where one is configured.

use async_trait::async_trait;
use guichet_core::account_tokens::{AccountTokens, NotRenewed, ProviderTokenStorage, Tokens};
use guichet_core::app::App;
use guichet_core::store::Account;

use crate::ask::{Said, ask};
use crate::failure::Failure;
use crate::mapping::{end, text};
use crate::template::Filling;
use crate::{PROVIDER, Upstream};

#[async_trait]
impl AccountTokens for Upstream {
    fn answers_for(&self, provider_id: &str) -> bool {
        provider_id == PROVIDER
    }

    fn storage(&self) -> ProviderTokenStorage {
        self.shared.options.store_tokens
    }

    fn renews(&self) -> bool {
        self.shared.renewal.is_some()
    }

    async fn renew(&self, app: &App, _: &Account, refresh_token: &str) -> Result<Tokens, NotRenewed> {
        let unavailable = |failure: Failure| NotRenewed::Unavailable(failure.into());
        let Some((template, options)) = &self.shared.renewal else {
            return Err(NotRenewed::Refused(anyhow::anyhow!("[plugins.upstream.refresh] is not set")));
        };
        let filling = Filling { refresh_token, secret: self.secret(), ..Filling::default() };
        // Asking too often says nothing about the token.
        let refusal = |status: u16| (400..500).contains(&status) && status != 408 && status != 429;
        let said = ask(app, template, &filling, self.shared.options.timeout.0, refusal).await;
        let answer = match said.map_err(unavailable)? {
            Said::Right(answer) => answer,
            Said::Refused(status) => {
                return Err(NotRenewed::Refused(anyhow::anyhow!("the back end answers {status}")));
            }
        };
        let access = text(&answer, &options.access_token).ok_or_else(|| {
            unavailable(Failure::unusable("a renewal gives no access token (refresh.access_token)"))
        })?;
        Ok(Tokens {
            access: Some(access),
            refresh: text(&answer, &options.refresh_token),
            access_ends: end(&answer, &options.expires_in, app.clock.now()),
            ..Tokens::default()
        })
    }
}
