//! At a door: a button a provider, and the page on which an address is proven.

use async_trait::async_trait;
use guichet_core::error::Result;
use guichet_core::http::Visit;
use guichet_core::one_time_code;
use guichet_core::pages::{Door, Form, SignInForm, Step, context};
use guichet_core::sign_in::Outcome;
use http::StatusCode;
use serde_json::{Map, Value as Json};

use crate::arrival::End;
use crate::proof::{self, Proof};
use crate::routes::SIGN_IN;
use crate::routes::depart::{Asked, depart};
use crate::state::State;
use crate::{ID, Social};

/// What an action of a button begins with.
const WITH: &str = "with-";
/// What a page that tells of a failure begins with.
const ERROR: &str = "error.";

#[async_trait]
impl SignInForm for Social {
    fn id(&self) -> &'static str {
        ID
    }

    fn leads_to(&self) -> Vec<String> {
        self.providers.iter().flat_map(crate::provider::Provider::leads_to).collect()
    }

    async fn first(&self, visit: &Visit, _: &Door, action: &str) -> Result<String> {
        self.buttons(visit, action, "")
    }

    async fn show(&self, visit: &Visit, _: &Door, action: &str, name: &str) -> Result<Step> {
        match name {
            "done" => Ok(match visit.signed_in().await? {
                Some(signed_in) => Step::SignedIn(Box::new(signed_in)),
                None => Step::Restart,
            }),
            "code" => match proof::address(visit).await? {
                Some(email) => self.code(visit, action, &email, "", StatusCode::OK),
                None => Ok(Step::Restart),
            },
            name => match name.strip_prefix(ERROR) {
                Some(code) => self.failure(visit, action, code, StatusCode::BAD_REQUEST),
                None => Ok(Step::Restart),
            },
        }
    }

    fn as_route(&self, _: &Visit, _: &str, _: &Form) -> Option<(&'static str, Map<String, Json>)> {
        Some((SIGN_IN, Map::new()))
    }

    async fn submit(
        &self,
        visit: &Visit,
        door: &Door,
        action: &str,
        name: &str,
        form: &Form,
    ) -> Result<Step> {
        if name == "code" {
            return self.try_code(visit, action, form.text("code")).await;
        }
        let provider = name.strip_prefix(WITH).and_then(|id| self.find(id)).filter(|found| found.button);
        let Some(provider) = provider else { return Ok(Step::Restart) };
        let state = State {
            callback_url: format!("{action}/done"),
            page: Some(action.to_owned()),
            door: Some(door.name.clone()),
            // Who presses a button on a page of ours means to come in.
            request_sign_up: Some(true),
            ..State::new(visit.app(), provider.entry.nonce)
        };
        match depart(visit, provider, state, Asked::default()).await {
            Ok(url) => Ok(Step::Elsewhere(url)),
            Err(error) if error.status() == StatusCode::SERVICE_UNAVAILABLE => {
                let cause = error.cause().map(ToString::to_string).unwrap_or_default();
                tracing::warn!(request_id = visit.request_id(), error = cause, "a provider is not available");
                self.failure(visit, action, "unavailable", StatusCode::SERVICE_UNAVAILABLE)
            }
            Err(error) => Err(error),
        }
    }
}

impl Social {
    fn buttons(&self, visit: &Visit, action: &str, error: &str) -> Result<String> {
        let providers: Vec<_> = self
            .providers
            .iter()
            .filter(|provider| provider.button)
            .map(|provider| context! { id => provider.id(), label => provider.label, action => format!("{action}/{WITH}{}", provider.id()) })
            .collect();
        let context = context! { providers, error };
        Ok(visit.app().templates.render(visit.language(), "social/buttons.html", context)?)
    }

    fn failure(&self, visit: &Visit, action: &str, code: &str, status: StatusCode) -> Result<Step> {
        let error = words_of(visit, code);
        Ok(Step::Show { html: self.buttons(visit, action, &error)?, status })
    }

    #[expect(clippy::unused_self, reason = "a step of this form")]
    fn code(
        &self,
        visit: &Visit,
        action: &str,
        email: &str,
        error: &str,
        status: StatusCode,
    ) -> Result<Step> {
        let context = context! { action => format!("{action}/code"), email, error };
        let html = visit.app().templates.render(visit.language(), "social/code.html", context)?;
        Ok(Step::Show { html, status })
    }

    async fn try_code(&self, visit: &Visit, action: &str, typed: &str) -> Result<Step> {
        let code = one_time_code::typed(typed);
        let said = |key: &str| visit.app().templates.words().plain(visit.language(), key);
        if code.is_empty() {
            let Some(email) = proof::address(visit).await? else { return Ok(Step::Restart) };
            return self.code(visit, action, &email, &said("social-code-missing"), StatusCode::BAD_REQUEST);
        }
        match proof::check(visit, self, &code).await? {
            Proof::Nothing => self.failure(visit, action, "code_spent", StatusCode::BAD_REQUEST),
            Proof::Wrong => {
                let Some(email) = proof::address(visit).await? else { return Ok(Step::Restart) };
                self.code(visit, action, &email, &said("social-code-wrong"), StatusCode::BAD_REQUEST)
            }
            Proof::Spent => self.failure(visit, action, "tries_spent", StatusCode::FORBIDDEN),
            Proof::Right(End::Through { outcome: Outcome::Granted(_), is_new }, pending) => {
                let new = pending.new_user_url.filter(|_| is_new);
                Ok(Step::Elsewhere(new.unwrap_or(pending.callback_url)))
            }
            Proof::Right(End::Through { outcome: Outcome::Challenge(challenge), .. }, _) => {
                Ok(Step::Elsewhere(challenge.page))
            }
            Proof::Right(End::Refused { error: Some(error), .. }, _) => {
                let html = self.buttons(visit, action, &error.message(visit.language()))?;
                Ok(Step::Show { html, status: error.status() })
            }
            Proof::Right(End::Refused { code, error: None }, _) => {
                self.failure(visit, action, code, StatusCode::BAD_REQUEST)
            }
            Proof::Right(End::Prove(_), _) => Ok(Step::Restart),
        }
    }
}

/// What a code of a callback means to a person.
pub(crate) fn words_of(visit: &Visit, code: &str) -> String {
    let known = visit.app().templates.words();
    let key = match code {
        "access_denied" | "user_cancelled_login" | "user_cancelled_authorize" => "social-error-denied",
        "state_mismatch" | "state_not_found" => "social-error-state",
        "signup_disabled" => "social-error-unknown",
        "account_not_linked" => "social-error-not-linked",
        "email_not_found" => "social-error-no-email",
        "email_does_not_match" => "social-error-other-email",
        "account_already_linked_to_different_user" | "unable_to_link_account" => "social-error-taken",
        "unavailable" => "social-error-unavailable",
        "code_spent" => "social-error-code",
        "tries_spent" => "social-error-tries",
        "TOO_MANY_REQUESTS" => "social-error-too-many",
        // A hook's own refusal has its own words.
        code => match visit.app().error_code(code) {
            Some(found) => return found.message(visit.language()).to_owned(),
            None => "social-error-other",
        },
    };
    known.plain(visit.language(), key)
}
