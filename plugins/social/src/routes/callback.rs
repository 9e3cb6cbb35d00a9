//! `GET` and `POST /callback/{id}`: back from a provider (contract, section 16). Whatever goes wrong is told by a
//! redirect with `error`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{RawQuery, State as Shared};
use guichet_core::error::{Error, Result};
use guichet_core::http::{API_BASE, AnyFields, PathId, Reply, Route, Shape, Visit, appended, found};
use guichet_core::language::Language;
use guichet_core::pages::{EVERYBODY, landing};
use guichet_core::session::{SignedIn, of_token};
use guichet_core::sign_in::Outcome;
use http::StatusCode;
use serde_json::Value as Json;
use url::form_urlencoded::{Serializer, parse};

use super::CALLBACK;
use super::input::name_of;
use crate::Social;
use crate::arrival::{End, enter};
use crate::error::ProviderError;
use crate::id_token::{Source, verified};
use crate::link::{NotLinked, Way as By, link};
use crate::proof;
use crate::provider::Provider;
use crate::providers::{IdTokens, Profile};
use crate::state::{Mismatch, State};
use crate::tokens::Code;
use crate::vouched::{Arrival, Strength};

/// What a provider sends back.
const FIELDS: [&str; 7] = ["code", "error", "device_id", "error_description", "state", "user", "iss"];
/// Longer texts are nobody's.
const LONGEST: usize = 4096;

pub(super) fn by_redirect(social: &Arc<Social>) -> Route {
    let mut route = Route::get("/callback/{id}", CALLBACK, back, social.clone())
        .summary("Back from a provider: signs in or links, and leads on");
    let fields = FIELDS.map(|name| (name, Shape::text(), false));
    route.query = Some(Shape::object(&fields));
    route
}

pub(super) fn by_form() -> Route {
    let fields = FIELDS.map(|name| (name, Shape::text(), false));
    Route::post("/callback/{id}", "social.callback-form", forward, ())
        .or_form()
        .from_any_page()
        .body_shape(Shape::object(&fields))
        .summary("Back from a provider that posts a form (Apple): leads to the same address by GET")
}

/// Where somebody is told what went wrong.
#[derive(Debug, Default)]
struct Way {
    error_url: Option<String>,
    page: Option<String>,
}

impl Way {
    fn refuse(&self, visit: &Visit, code: &str, description: Option<&str>) -> Result<Reply> {
        tracing::info!(request_id = visit.request_id(), code, "a provider's visitor was turned back");
        if let Some(page) = &self.page {
            let plain = !code.is_empty() && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            return found(&format!("{page}/error.{}", if plain { code } else { "other" }));
        }
        let trusted = |url: &&String| visit.app().trusted.target(url);
        let base = self.error_url.as_ref().filter(trusted).cloned();
        let base = base.unwrap_or_else(|| visit.app().url(&format!("{API_BASE}/error")));
        let mut parameters = vec![("error", code)];
        parameters
            .extend(description.filter(|text| !text.is_empty()).map(|text| ("error_description", text)));
        found(&appended(&base, &parameters)?)
    }
}

/// Every field once; `None` when one comes twice or is beyond measure.
fn fields(query: &str) -> Option<BTreeMap<String, String>> {
    let mut fields = BTreeMap::new();
    for (key, value) in parse(query.as_bytes()).filter(|(key, _)| FIELDS.contains(&key.as_ref())) {
        if value.len() > LONGEST || fields.insert(key.into_owned(), value.into_owned()).is_some() {
            return None;
        }
    }
    Some(fields)
}

/// The browser comes again by itself, now with its cookies: those are not sent along with another site's form.
async fn forward(
    visit: Visit,
    PathId(id): PathId,
    RawQuery(query): RawQuery,
    AnyFields(body): AnyFields,
) -> Result<Reply> {
    let mut merged: BTreeMap<&str, String> = BTreeMap::new();
    for name in FIELDS {
        if let Some(value) = body.get(name).and_then(Json::as_str) {
            merged.insert(name, value.to_owned());
        }
    }
    let Some(given) = fields(&query.unwrap_or_default()) else {
        return Way::default().refuse(&visit, "invalid_callback_request", None);
    };
    let mut pairs = Serializer::new(String::new());
    for name in FIELDS {
        if let Some(value) = given.get(name).or_else(|| merged.get(name)) {
            pairs.append_pair(name, value);
        }
    }
    let id = guichet_core::http::component(&id);
    found(&visit.app().url(&format!("{API_BASE}/callback/{id}?{}", pairs.finish())))
}

async fn back(
    Shared(social): Shared<Arc<Social>>,
    visit: Visit,
    PathId(id): PathId,
    RawQuery(query): RawQuery,
) -> Result<Reply> {
    let Some(fields) = fields(&query.unwrap_or_default()) else {
        return Way::default().refuse(&visit, "invalid_callback_request", None);
    };
    let get = |name: &str| fields.get(name).map(String::as_str).filter(|text| !text.is_empty());
    let Some(name) = get("state") else { return Way::default().refuse(&visit, "state_not_found", None) };
    let provider = social.find(&id);
    let state = match State::finish(&visit, provider.map(Provider::id), name).await? {
        Ok(state) => state,
        Err(Mismatch { error_url, page }) => {
            return Way { error_url, page }.refuse(&visit, "state_mismatch", None);
        }
    };
    let way = Way { error_url: state.error_url.clone(), page: state.page.clone() };
    if let Some(error) = get("error") {
        let cut = |text: &str| text.chars().take(200).collect::<String>();
        return way.refuse(&visit, &cut(error), get("error_description").map(cut).as_deref());
    }
    let Some(code) = get("code") else { return way.refuse(&visit, "no_code", None) };
    let Some(provider) = provider else { return way.refuse(&visit, "oauth_provider_not_found", None) };
    let answer = Returned { code, iss: get("iss"), device_id: get("device_id"), user: get("user") };
    match arrival(&visit, provider, &state, &answer).await {
        Ok(arrival) => settle(&visit, &social, state, &way, arrival).await,
        Err((code, error)) => {
            if let Some(error) = error {
                tracing::warn!(
                    request_id = visit.request_id(), provider = provider.id(), %error, "a provider's answer is no good"
                );
            }
            way.refuse(&visit, code, None)
        }
    }
}

/// What came back, when it is no error.
struct Returned<'a> {
    code: &'a str,
    iss: Option<&'a str>,
    device_id: Option<&'a str>,
    user: Option<&'a str>,
}

type Refusal = (&'static str, Option<ProviderError>);

/// The tokens of the code, and whom they speak of.
async fn arrival<'a>(
    visit: &Visit,
    provider: &'a Provider,
    state: &State,
    returned: &Returned<'_>,
) -> std::result::Result<Arrival<'a>, Refusal> {
    let app = visit.app();
    let endpoints = provider.endpoints(app).await.map_err(|error| ("invalid_code", Some(error)))?;
    match (returned.iss, &endpoints.issuer) {
        (Some(said), Some(issuer)) if said != issuer => return Err(("issuer_mismatch", None)),
        (None, _) if endpoints.tells_issuer => return Err(("issuer_missing", None)),
        _ => {}
    }
    if provider.entry.nonce && state.nonce.is_none() {
        return Err(("nonce_binding_missing", None));
    }
    let code = Code {
        text: returned.code,
        verifier: &state.verifier,
        redirect: provider.redirect_uri(app),
        device_id: returned.device_id,
    };
    let tokens = provider.exchange(app, code).await.map_err(|error| ("invalid_code", Some(error)))?;
    let failed = |error| ("unable_to_get_user_info", Some(error));
    let looked_at = provider.entry.id_token != IdTokens::None;
    let claims = match &tokens.id {
        Some(token) if looked_at => {
            let nonce = state.nonce.as_deref();
            Some(verified(app, provider, token, nonce, Source::Exchange).await.map_err(failed)?)
        }
        // Without one, nothing would answer the nonce.
        _ if provider.entry.nonce => {
            return Err(failed(ProviderError::IdToken("there is none, though a nonce was asked for")));
        }
        _ => None,
    };
    // Facebook's is of native apps alone.
    let for_profile = claims.clone().filter(|_| !matches!(provider.entry.profile, Profile::Get(_)));
    let mut person = provider.person(app, &tokens, for_profile).await.map_err(failed)?;
    if person.name.is_empty() {
        // Apple tells the name once, beside the token; nobody vouches for it.
        let user = returned.user.and_then(|user| serde_json::from_str::<Json>(user).ok());
        person.name = user.and_then(|user| name_of(user.get("name")?)).unwrap_or_default();
    }
    Ok(Arrival {
        provider,
        person,
        tokens,
        strength: Strength::of(provider, claims.as_ref()),
        request_sign_up: state.request_sign_up.unwrap_or(false),
        door: state.door.clone(),
    })
}

/// Links or signs in, and leads on.
async fn settle(
    visit: &Visit,
    social: &Social,
    state: State,
    way: &Way,
    arrival: Arrival<'_>,
) -> Result<Reply> {
    if let Some(asked) = &state.link {
        // Whoever asked must still be the one who is signed in here.
        let here = match visit.session_token() {
            Some(token) => of_token(visit, &token).await?,
            None => None,
        };
        let asks = |here: &SignedIn| here.user.id == asked.user_id && here.user.email == asked.email;
        let Some(here) = here.filter(asks) else {
            return way.refuse(visit, "unable_to_link_account", None);
        };
        let code = match link(visit, social, &arrival, &here, By::Callback).await {
            Ok(Ok(())) => return found(&state.callback_url),
            Ok(Err(NotLinked::Unproven)) => "unable_to_link_account",
            Ok(Err(NotLinked::OtherAddress)) => "email_does_not_match",
            Ok(Err(NotLinked::SomebodyElses)) => "account_already_linked_to_different_user",
            Err(ended) if ended.status() == StatusCode::UNAUTHORIZED => "unable_to_link_account",
            Err(failure) => return Err(failure),
        };
        return way.refuse(visit, code, None);
    }
    match enter(visit, social, arrival).await? {
        End::Through { outcome: Outcome::Granted(_), is_new } => {
            let new = state.new_user_url.filter(|_| is_new);
            found(&new.unwrap_or(state.callback_url))
        }
        End::Through { outcome: Outcome::Challenge(challenge), is_new } => {
            // What is asked for next ends where this would have.
            let new = state.new_user_url.filter(|_| is_new);
            let door = visit.app().door(state.door.as_deref().unwrap_or(EVERYBODY));
            if let Some(door) = door.filter(|_| state.page.is_none()) {
                landing::arrive(visit, door, Some(&new.unwrap_or(state.callback_url)))?;
            }
            found(&challenge.page)
        }
        End::Refused { code, error } => {
            let description = error.map(|error| error.message(Language::English).into_owned());
            way.refuse(visit, code, description.as_deref())
        }
        End::Prove(mut pending) => {
            let Some(page) = proof::page(visit, pending.door.as_deref()) else {
                return way.refuse(visit, "account_not_linked", None);
            };
            pending.callback_url = state.callback_url;
            pending.new_user_url = state.new_user_url;
            match proof::begin(visit, social, &pending).await {
                Ok(()) => found(&format!("{page}/code")),
                Err(error) if error.status().is_client_error() => too_many(visit, way, &error),
                Err(error) => Err(error),
            }
        }
    }
}

fn too_many(visit: &Visit, way: &Way, error: &Error) -> Result<Reply> {
    way.refuse(visit, error.code().unwrap_or("account_not_linked"), None)
}
