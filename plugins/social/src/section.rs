//! On the page of one's own account: the accounts that are linked, with a button to remove each, and one a provider to
//! link another.

use async_trait::async_trait;
use guichet_core::error::{Error, Result};
use guichet_core::http::Visit;
use guichet_core::pages::{AccountSection, AccountStep, Form, context};
use guichet_core::session::SignedIn;
use guichet_core::store::{Accounts, CREDENTIAL};
use guichet_core::unlink::unlink;
use http::StatusCode;
use serde_json::{Map, Value as Json};

use crate::form::words_of;
use crate::routes::LINK;
use crate::routes::depart::{Asked, depart};
use crate::state::{Link, State};
use crate::{ID, Social};

const LINK_TO: &str = "link-";

#[async_trait]
impl AccountSection for Social {
    fn id(&self) -> &'static str {
        ID
    }

    fn leads_to(&self) -> Vec<String> {
        self.providers.iter().flat_map(crate::provider::Provider::leads_to).collect()
    }

    async fn overview(&self, visit: &Visit, signed_in: &SignedIn, action: &str) -> Result<Option<String>> {
        self.accounts(visit, signed_in, action, "").await
    }

    async fn show(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
    ) -> Result<AccountStep> {
        if name == "linked" {
            return Ok(AccountStep::Done("social-linked-done"));
        }
        // A refused removal, and a link that did not begin, are shown again by their own names.
        let again = name == "unlink" || name.starts_with(LINK_TO);
        let error = match name.strip_prefix("error.") {
            Some(code) => words_of(visit, code),
            None if again => String::new(),
            None => return Err(Error::nothing_here()),
        };
        let html = self.accounts(visit, signed_in, action, &error).await?.unwrap_or_default();
        Ok(AccountStep::Show { html, status: status_of(&error) })
    }

    async fn submit(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        name: &str,
        form: &Form,
    ) -> Result<AccountStep> {
        if name == "unlink" {
            return match unlink(visit, &signed_in.user, form.text("account")).await {
                Ok(_) => Ok(AccountStep::Done("social-unlinked-done")),
                Err(refusal) if refusal.status() == StatusCode::BAD_REQUEST => {
                    let error = refusal.message(visit.language()).into_owned();
                    let html = self.accounts(visit, signed_in, action, &error).await?.unwrap_or_default();
                    Ok(AccountStep::Show { html, status: StatusCode::BAD_REQUEST })
                }
                Err(failure) => Err(failure),
            };
        }
        let provider = name.strip_prefix(LINK_TO).and_then(|id| self.find(id));
        let provider = provider.ok_or_else(Error::nothing_here)?;
        let state = State {
            callback_url: format!("{action}/linked"),
            page: Some(action.to_owned()),
            link: Some(Link { user_id: signed_in.user.id.clone(), email: signed_in.user.email.clone() }),
            ..State::new(visit.app(), provider.entry.nonce)
        };
        match depart(visit, provider, state, Asked::default()).await {
            Ok(url) => Ok(AccountStep::Elsewhere(url)),
            Err(error) if error.status() == StatusCode::SERVICE_UNAVAILABLE => {
                let cause = error.cause().map(ToString::to_string).unwrap_or_default();
                tracing::warn!(request_id = visit.request_id(), error = cause, "a provider is not available");
                let error = words_of(visit, "unavailable");
                let html = self.accounts(visit, signed_in, action, &error).await?.unwrap_or_default();
                Ok(AccountStep::Show { html, status: StatusCode::SERVICE_UNAVAILABLE })
            }
            Err(error) => Err(error),
        }
    }

    /// Where one comes back to after a link is only shown.
    fn needs_fresh(&self, name: &str) -> bool {
        name == "unlink" || name.starts_with(LINK_TO)
    }

    fn as_route(&self, _: &SignedIn, name: &str, _: &Form) -> Option<(&'static str, Map<String, Json>)> {
        name.starts_with(LINK_TO).then(|| (LINK, Map::new()))
    }
}

fn status_of(error: &str) -> StatusCode {
    if error.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST }
}

impl Social {
    /// The fragment; `None` when there is neither an account nor a provider.
    async fn accounts(
        &self,
        visit: &Visit,
        signed_in: &SignedIn,
        action: &str,
        error: &str,
    ) -> Result<Option<String>> {
        let all = Accounts::of_user(&visit.app().db, &signed_in.user.id).await?;
        let only = all.len() == 1;
        let linked: Vec<_> = all
            .iter()
            .filter(|account| account.provider_id != CREDENTIAL)
            .map(|account| {
                let provider = self.find(&account.provider_id);
                let label = provider.map_or(account.provider_id.as_str(), |provider| provider.label.as_str());
                let since = account.created_at.to_string().get(..10).unwrap_or_default().to_owned();
                context! { id => account.id, label, since }
            })
            .collect();
        let linkable: Vec<_> = self
            .providers
            .iter()
            .filter(|provider| provider.button && !all.iter().any(|a| a.provider_id == provider.id()))
            .map(|provider| context! { label => provider.label, action => format!("{action}/{LINK_TO}{}", provider.id()) })
            .collect();
        if linked.is_empty() && linkable.is_empty() {
            return Ok(None);
        }
        let context = context! { linked, linkable, only, error, unlink_action => format!("{action}/unlink") };
        Ok(Some(visit.app().templates.render(visit.language(), "social/accounts.html", context)?))
    }
}
