//! Mails when an account goes, the provider's page at which a sign-out goes on, and counts that have ended.

use async_trait::async_trait;
use guichet_core::account_tokens::opened;
use guichet_core::app::App;
use guichet_core::db::Tx;
use guichet_core::error::Result;
use guichet_core::hooks::{Hooks, Leaving};
use guichet_core::http::Visit;
use guichet_core::notice;
use guichet_core::one_time_code::TryBudget;
use guichet_core::session::SignedIn;
use guichet_core::store::{Account, Accounts, User};
use guichet_core::timestamp::Timestamp;
use url::Url;

use crate::Social;
use crate::proof;
use crate::provider::Provider;

#[async_trait]
impl Hooks for Social {
    async fn account_unlinked(
        &self,
        visit: &Visit,
        tx: &mut Tx,
        user: &User,
        account: &Account,
    ) -> Result<()> {
        if !self.options.tell_of_links {
            return Ok(());
        }
        let provider = self.find(&account.provider_id);
        let name = provider.map_or(account.provider_id.as_str(), |provider| provider.label.as_str());
        notice::tell(visit, tx, user, "social-unlinked", name).await
    }

    async fn cleaning(&self, app: &App, now: Timestamp) -> Result<()> {
        TryBudget::clean(proof::BUDGET, &app.db, now).await?;
        Ok(())
    }

    /// RP-initiated logout (`OpenID` Connect RP-Initiated Logout 1.0) at the provider that was used last.
    async fn signs_out_at(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        leaving: &Leaving,
    ) -> Result<Option<String>> {
        if !self.options.provider_logout || self.providers.is_empty() {
            return Ok(None);
        }
        let app = visit.app();
        let mut accounts = Accounts::of_user(&app.db, &signed_in.user.id).await?;
        accounts.sort_by_key(|account| std::cmp::Reverse(account.updated_at));
        for account in accounts {
            let Some(provider) = self.find(&account.provider_id) else { continue };
            if let Some(url) = end_session(visit, provider, &account, leaving).await {
                return Ok(Some(url));
            }
        }
        Ok(None)
    }
}

async fn end_session(
    visit: &Visit,
    provider: &Provider,
    account: &Account,
    leaving: &Leaving,
) -> Option<String> {
    let app = visit.app();
    if provider.entry.end_session.is_empty() && provider.entry.discovery.is_empty() {
        return None;
    }
    let endpoint = match provider.endpoints(app).await {
        Ok(endpoints) => endpoints.end_session?,
        Err(error) => {
            tracing::warn!(request_id = visit.request_id(), provider = provider.id(), %error, "no page to sign out at");
            return None;
        }
    };
    let mut url = Url::parse(&endpoint).ok()?;
    let hint = opened(app, account.id_token.as_deref());
    {
        let mut query = url.query_pairs_mut();
        if let Some(hint) = &hint {
            query.append_pair("id_token_hint", hint);
        }
        if let Some(target) = &leaving.callback_url {
            let target = if target.starts_with('/') { app.url(target) } else { target.clone() };
            query
                .append_pair("post_logout_redirect_uri", &target)
                .append_pair("client_id", &provider.client.id);
            if let Some(state) = &leaving.state {
                query.append_pair("state", state);
            }
        } else if hint.is_none() {
            query.append_pair("client_id", &provider.client.id);
        }
    }
    Some(url.into())
}
