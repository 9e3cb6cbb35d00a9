//! `POST /sign-in/social`: to a provider, or in with an ID token.

use std::sync::Arc;

use axum::extract::State as Shared;
use guichet_core::error::{Error, Result, not_found};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json};
use guichet_core::sign_in::Outcome;
use http::StatusCode;
use serde_json::{Map, Value as Json};

use super::depart::{Asked, depart, reply};
use super::input::{NativeToken, Parameters, ProviderId, Scopes};
use super::{SIGN_IN, native};
use crate::arrival::{End, enter};
use crate::state::State;
use crate::{OAUTH_LINK_ERROR, PROVIDER_NOT_FOUND, Social};

guichet_core::input! {
    /// Who is asked, and how.
    struct SignIn {
        callback_url as "callbackURL": Option<String>,
        new_user_callback_url as "newUserCallbackURL": Option<String>,
        error_callback_url as "errorCallbackURL": Option<String>,
        provider: ProviderId,
        disable_redirect as "disableRedirect": Option<bool>,
        id_token as "idToken": Option<NativeToken>,
        scopes: Option<Scopes>,
        request_sign_up as "requestSignUp": Option<bool>,
        login_hint as "loginHint": Option<String>,
        additional_params as "additionalParams": Option<Parameters>,
        additional_data as "additionalData": Option<Map<String, Json>>,
    }
}

pub(super) fn route(social: &Arc<Social>) -> Route {
    Route::post("/sign-in/social", SIGN_IN, sign_in, social.clone())
        .summary("Leads to a provider, or signs in with a provider's ID token")
        .body::<SignIn>()
        .answers(Shape::object(&[
            ("redirect", Shape::boolean(), true),
            ("url", Shape::text(), false),
            ("token", Shape::text(), false),
            ("user", Shape::named("User"), false),
        ]))
}

async fn sign_in(
    Shared(social): Shared<Arc<Social>>,
    visit: Visit,
    Body(asked): Body<SignIn>,
) -> Result<Reply> {
    let provider = social.find(&asked.provider.0).ok_or_else(|| not_found(PROVIDER_NOT_FOUND))?;
    let request_sign_up = asked.request_sign_up;
    if let Some(token) = &asked.id_token {
        let arrival = native::arrival(&visit, provider, token, request_sign_up.unwrap_or(false)).await?;
        return match enter(&visit, &social, arrival).await? {
            End::Through { outcome: Outcome::Granted(signed_in), .. } => {
                let mut answer = signed_in.token_and_user(&visit);
                if let Some(object) = answer.as_object_mut() {
                    object.insert("redirect".to_owned(), Json::Bool(false));
                }
                json(&answer)
            }
            End::Through { outcome: Outcome::Challenge(challenge), .. } => json(&challenge.answer),
            End::Refused { code: "email_not_found", .. } => Err(native::no_address()),
            End::Refused { error: Some(error), .. } => Err(error),
            End::Refused { code, error: None } => Err(not_in(code)),
            // An application has no page to prove an address on.
            End::Prove(_) => Err(not_in("account_not_linked")),
        };
    }
    let app = visit.app();
    let origin = || app.config.redirect.on_success.clone().unwrap_or_else(|| app.url(""));
    let state = State {
        callback_url: asked.callback_url.filter(|url| !url.is_empty()).unwrap_or_else(origin),
        error_url: asked.error_callback_url,
        new_user_url: asked.new_user_callback_url,
        request_sign_up,
        additional: asked.additional_data.unwrap_or_default(),
        ..State::new(visit.app(), provider.entry.nonce)
    };
    let scopes = asked.scopes.unwrap_or_default().0;
    let parameters = asked.additional_params.unwrap_or_default().0;
    let wanted = Asked { scopes: &scopes, login_hint: asked.login_hint.as_deref(), parameters: &parameters };
    let url = depart(&visit, provider, state, wanted).await?;
    reply(&url, asked.disable_redirect.unwrap_or(false))
}

/// 401 with the reference's code, and words for a message.
fn not_in(code: &str) -> Error {
    Error::worded(StatusCode::UNAUTHORIZED, OAUTH_LINK_ERROR.code, code.replace('_', " "))
}
