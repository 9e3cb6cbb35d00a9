//! `POST /link-social`: adds a provider's account to the user who is signed in.

use std::sync::Arc;

use axum::extract::State as Shared;
use guichet_core::error::{Error, Result, not_found, unauthorized};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json};
use http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::depart::{Asked, depart, reply};
use super::input::{NativeToken, Parameters, ProviderId, Scopes};
use super::{LINK, native};
use crate::link::{NotLinked, Way, link};
use crate::state::{Link, State};
use crate::{
    LINKING_DIFFERENT_EMAILS_NOT_ALLOWED, LINKING_NOT_ALLOWED, PROVIDER_NOT_FOUND,
    SOCIAL_ACCOUNT_ALREADY_LINKED, Social,
};

guichet_core::input! {
    /// Which provider.
    struct Wanted {
        callback_url as "callbackURL": Option<String>,
        provider: ProviderId,
        id_token as "idToken": Option<NativeToken>,
        request_sign_up as "requestSignUp": Option<bool>,
        scopes: Option<Scopes>,
        error_callback_url as "errorCallbackURL": Option<String>,
        disable_redirect as "disableRedirect": Option<bool>,
        login_hint as "loginHint": Option<String>,
        additional_params as "additionalParams": Option<Parameters>,
        additional_data as "additionalData": Option<Map<String, Json>>,
    }
}

pub(super) fn route(social: &Arc<Social>) -> Route {
    Route::post("/link-social", LINK, start, social.clone())
        .summary("Leads to a provider, to link an account to the user who is signed in")
        .needs_session()
        .body::<Wanted>()
        .answers(Shape::object(&[
            ("url", Shape::text(), true),
            ("redirect", Shape::boolean(), true),
            ("status", Shape::yes(), false),
        ]))
}

async fn start(
    Shared(social): Shared<Arc<Social>>,
    visit: Visit,
    Body(wanted): Body<Wanted>,
) -> Result<Reply> {
    // Another way in takes a recent sign-in (ASVS 7.5.1), as taking one away does.
    let signed_in = visit.require_fresh_session().await?;
    let provider = social.find(&wanted.provider.0).ok_or_else(|| not_found(PROVIDER_NOT_FOUND))?;
    if let Some(token) = &wanted.id_token {
        let arrival = native::arrival(&visit, provider, token, false).await?;
        if social.usable_address(&arrival.person).is_none() {
            return Err(native::no_address());
        }
        return match link(&visit, &social, &arrival, &signed_in, Way::IdToken).await? {
            Ok(()) => json(&json!({"url": "", "status": true, "redirect": false})),
            Err(why) => Err(refusal(why)),
        };
    }
    let user = signed_in.user;
    let origin = || visit.app().url("");
    let state = State {
        callback_url: wanted.callback_url.filter(|url| !url.is_empty()).unwrap_or_else(origin),
        error_url: wanted.error_callback_url,
        link: Some(Link { user_id: user.id, email: user.email }),
        request_sign_up: wanted.request_sign_up,
        additional: wanted.additional_data.unwrap_or_default(),
        ..State::new(visit.app(), provider.entry.nonce)
    };
    let scopes = wanted.scopes.unwrap_or_default().0;
    let parameters = wanted.additional_params.unwrap_or_default().0;
    let asked = Asked { scopes: &scopes, login_hint: wanted.login_hint.as_deref(), parameters: &parameters };
    let url = depart(&visit, provider, state, asked).await?;
    reply(&url, wanted.disable_redirect.unwrap_or(false))
}

fn refusal(why: NotLinked) -> Error {
    match why {
        NotLinked::Unproven => unauthorized(LINKING_NOT_ALLOWED),
        NotLinked::OtherAddress => unauthorized(LINKING_DIFFERENT_EMAILS_NOT_ALLOWED),
        NotLinked::SomebodyElses => Error::coded(StatusCode::CONFLICT, SOCIAL_ACCOUNT_ALREADY_LINKED),
    }
}
