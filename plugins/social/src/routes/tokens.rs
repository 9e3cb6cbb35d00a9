//! `POST /get-access-token` and `POST /refresh-token`: the user's own tokens with a provider.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State as Shared;
use guichet_core::error::{Error, Result, bad_request};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json};
use guichet_core::store::{Account, Accounts};
use guichet_core::timestamp::Timestamp;
use http::StatusCode;
use serde_json::{Map, Value as Json};

use super::selection::Selection;
use crate::provider::Provider;
use crate::seal::{opened, put};
use crate::tokens::Tokens;
use crate::{
    FAILED_TO_GET_ACCESS_TOKEN, FAILED_TO_REFRESH_ACCESS_TOKEN, PROVIDER_NOT_SUPPORTED,
    REFRESH_TOKEN_NOT_FOUND, Social,
};

/// A token that ends so soon is as good as ended (contract, section 16).
const TOO_SHORT: Duration = Duration::from_secs(5);

pub(super) fn access_route(social: &Arc<Social>) -> Route {
    let date = || Shape(serde_json::json!({"type": "string", "format": "date-time"}));
    Route::post("/get-access-token", "social.get-access-token", access, social.clone())
        .summary("A provider's access token that is still good, refreshed when it is not")
        .needs_session()
        .body::<Selection>()
        .answers(Shape::object(&[
            ("accessToken", Shape::text(), true),
            ("accessTokenExpiresAt", date(), false),
            ("scopes", Shape::text().list(), true),
            ("idToken", Shape::text(), false),
        ]))
}

pub(super) fn refresh_route(social: &Arc<Social>) -> Route {
    let date = || Shape(serde_json::json!({"type": "string", "format": "date-time"}));
    Route::post("/refresh-token", "social.refresh-token", refresh, social.clone())
        .summary("New tokens of a provider")
        .needs_session()
        .body::<Selection>()
        .answers(Shape::object(&[
            ("accessToken", Shape::text(), true),
            ("refreshToken", Shape::text(), true),
            ("accessTokenExpiresAt", date(), false),
            ("refreshTokenExpiresAt", date().or_null(), true),
            ("scope", Shape::text().or_null(), true),
            ("idToken", Shape::text(), false),
            ("providerId", Shape::text(), true),
            ("accountId", Shape::text(), true),
        ]))
}

/// The provider of an account, configured.
fn provider_of<'a>(social: &'a Social, account: &Account) -> Result<&'a Provider> {
    social.find(&account.provider_id).ok_or_else(|| {
        let message = format!("Provider {} is not supported.", account.provider_id);
        Error::worded(StatusCode::BAD_REQUEST, PROVIDER_NOT_SUPPORTED.code, message)
    })
}

/// An account's tokens in plain.
pub(super) fn stored(visit: &Visit, account: &Account) -> Tokens {
    let open = |token: &Option<String>| opened(visit.app(), token.as_deref());
    Tokens {
        access: open(&account.access_token),
        refresh: open(&account.refresh_token),
        id: open(&account.id_token),
        access_ends: account.access_token_expires_at.map(Timestamp::millis),
        refresh_ends: account.refresh_token_expires_at.map(Timestamp::millis),
        ..Tokens::default()
    }
}

/// Refreshes, and keeps what came. The scope stays: a refreshed token may have less.
async fn refreshed(
    visit: &Visit,
    social: &Social,
    provider: &Provider,
    account: &Account,
    token: &str,
    refusal: guichet_core::error::ErrorCode,
) -> Result<Tokens> {
    let app = visit.app();
    let old = stored(visit, account);
    let new = provider.refresh(app, token).await.map_err(|error| bad_request(refusal).because(error))?;
    let mut row = account.clone();
    put(app, social.options.store_tokens, &mut row, &new, visit.now())?;
    Accounts::set_tokens(&app.db, &row).await?;
    Ok(Tokens {
        refresh: new.refresh.or(old.refresh),
        refresh_ends: new.refresh_ends.or(old.refresh_ends),
        id: new.id.or(old.id),
        ..new
    })
}

/// Tokens with an access token that is still good.
pub(super) async fn good(visit: &Visit, social: &Social, account: &Account) -> Result<Tokens> {
    let provider = provider_of(social, account)?;
    let tokens = stored(visit, account);
    let ends_soon = account.access_token_expires_at.is_some_and(|at| at < visit.now().plus(TOO_SHORT));
    match (&tokens.refresh, ends_soon) {
        (Some(token), true) => {
            refreshed(visit, social, provider, account, token, FAILED_TO_GET_ACCESS_TOKEN).await
        }
        _ => Ok(tokens),
    }
}

fn date(millis: Option<i64>) -> Option<Json> {
    serde_json::to_value(millis.and_then(Timestamp::from_millis)?).ok()
}

async fn access(
    Shared(social): Shared<Arc<Social>>,
    visit: Visit,
    Body(selection): Body<Selection>,
) -> Result<Reply> {
    let account = selection.account(&visit).await?;
    let tokens = good(&visit, &social, &account).await?;
    let mut answer = Map::new();
    answer.insert("accessToken".to_owned(), tokens.access.unwrap_or_default().into());
    if let Some(at) = date(tokens.access_ends) {
        answer.insert("accessTokenExpiresAt".to_owned(), at);
    }
    answer.insert("scopes".to_owned(), account.json().get("scopes").cloned().unwrap_or_default());
    if let Some(token) = tokens.id {
        answer.insert("idToken".to_owned(), token.into());
    }
    json(&answer)
}

async fn refresh(
    Shared(social): Shared<Arc<Social>>,
    visit: Visit,
    Body(selection): Body<Selection>,
) -> Result<Reply> {
    let account = selection.account(&visit).await?;
    let provider = provider_of(&social, &account)?;
    let token = stored(&visit, &account).refresh.ok_or_else(|| bad_request(REFRESH_TOKEN_NOT_FOUND))?;
    let refusal = FAILED_TO_REFRESH_ACCESS_TOKEN;
    let tokens = refreshed(&visit, &social, provider, &account, &token, refusal).await?;
    let mut answer = Map::new();
    let mut set = |key: &str, value: Option<Json>| {
        if let Some(value) = value {
            answer.insert(key.to_owned(), value);
        }
    };
    set("accessToken", tokens.access.map(Json::from));
    set("refreshToken", tokens.refresh.map(Json::from));
    set("accessTokenExpiresAt", date(tokens.access_ends));
    set("refreshTokenExpiresAt", Some(date(tokens.refresh_ends).unwrap_or_default()));
    set("scope", Some(account.scope.map_or(Json::Null, Json::from)));
    set("idToken", tokens.id.map(Json::from));
    set("providerId", Some(account.provider_id.into()));
    set("accountId", Some(account.id.into()));
    json(&answer)
}
