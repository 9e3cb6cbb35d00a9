//! Native apps: an ID token that they got themselves, checked as if it came from the provider.

use guichet_core::error::{Error, FAILED_TO_GET_USER_INFO, INVALID_TOKEN, Result, not_found, unauthorized};
use guichet_core::http::Visit;

use super::depart::unavailable;
use super::input::NativeToken;
use crate::error::ProviderError;
use crate::id_token::{Source, verified};
use crate::provider::Provider;
use crate::providers::{IdTokens, Profile};
use crate::tokens::Tokens;
use crate::vouched::{Arrival, Strength};
use crate::{ID_TOKEN_NOT_SUPPORTED, USER_EMAIL_NOT_FOUND};

/// Whom the token speaks of. 404 `ID_TOKEN_NOT_SUPPORTED`, 401 `INVALID_TOKEN`, `FAILED_TO_GET_USER_INFO`,
/// `USER_EMAIL_NOT_FOUND`; 503 when the provider cannot be asked.
pub(super) async fn arrival<'a>(
    visit: &Visit,
    provider: &'a Provider,
    native: &NativeToken,
    request_sign_up: bool,
) -> Result<Arrival<'a>> {
    let app = visit.app();
    let entry = &provider.entry;
    if entry.id_token == IdTokens::None || !provider.client.id_token_sign_in {
        return Err(not_found(ID_TOKEN_NOT_SUPPORTED));
    }
    let refuse = |code, error: ProviderError| match error {
        ProviderError::Outbound(_) | ProviderError::Metadata(_) => unavailable(error),
        error => unauthorized(code).because(error),
    };
    let opaque = native.token.split('.').count() != 3;
    let (person, claims, tokens) = if opaque && !entry.debug_token.is_empty() {
        let access = native.access_token.clone().unwrap_or_else(|| native.token.clone());
        let tokens = Tokens { access: Some(access.clone()), ..Tokens::default() };
        let person = provider.person(app, &tokens, None).await;
        let person = person.map_err(|error| refuse(FAILED_TO_GET_USER_INFO, error))?;
        let checked = provider.check_bare_token(app, &access, &person).await;
        checked.map_err(|error| refuse(INVALID_TOKEN, error))?;
        (person, None, tokens)
    } else {
        let nonce = native.nonce.as_deref();
        let claims = verified(app, provider, &native.token, nonce, Source::Application).await;
        let claims = claims.map_err(|error| refuse(INVALID_TOKEN, error))?;
        let tokens = Tokens {
            access: native.access_token.clone(),
            refresh: native.refresh_token.clone(),
            id: Some(native.token.clone()),
            ..Tokens::default()
        };
        // The access token is the application's word; only where its answer must be on the same subject is it used.
        let asked_with = match entry.profile {
            Profile::IdTokenOrUserInfo => tokens.clone(),
            _ => Tokens::default(),
        };
        let person = provider.person(app, &asked_with, Some(claims.clone())).await;
        (person.map_err(|error| refuse(FAILED_TO_GET_USER_INFO, error))?, Some(claims), tokens)
    };
    let mut person = person;
    if person.name.is_empty() {
        person.name = native.name.clone().unwrap_or_default();
    }
    let strength = Strength::of(provider, claims.as_ref());
    Ok(Arrival { provider, person, tokens, strength, request_sign_up, door: None })
}

/// 401: the token names no address.
pub(super) fn no_address() -> Error {
    unauthorized(USER_EMAIL_NOT_FOUND)
}
