//! Sending somebody to a provider.

use std::time::Duration;

use guichet_core::error::{Error, Result};
use guichet_core::http::Visit;
use serde_json::json;

use crate::authorize::Request;
use crate::error::ProviderError;
use crate::provider::Provider;
use crate::state::State;

/// What is asked of the provider beside who somebody is.
#[derive(Debug, Default)]
pub(crate) struct Asked<'a> {
    pub(crate) scopes: &'a [String],
    pub(crate) login_hint: Option<&'a str>,
    pub(crate) parameters: &'a [(String, String)],
}

/// The address to go to, with its state stored and bound to this browser.
pub(crate) async fn depart(
    visit: &Visit,
    provider: &Provider,
    state: State,
    asked: Asked<'_>,
) -> Result<String> {
    let app = visit.app();
    // Before anything is stored: the provider may be down.
    provider.endpoints(app).await.map_err(unavailable)?;
    let name = state.begin(visit, provider.id()).await?;
    let request = Request {
        state: &name,
        verifier: &state.verifier,
        nonce: state.nonce.as_deref(),
        scopes: asked.scopes,
        login_hint: asked.login_hint,
        parameters: asked.parameters,
    };
    Ok(provider.authorization_url(app, request).await.map_err(unavailable)?.into())
}

/// 503: the other side does not work.
pub(crate) fn unavailable(error: ProviderError) -> Error {
    Error::unavailable(error, Duration::from_secs(30))
}

/// `{url, redirect}`, with `Location` when the browser is to go there.
pub(super) fn reply(url: &str, disable_redirect: bool) -> Result<guichet_core::http::Reply> {
    let mut reply = guichet_core::http::json(&json!({"url": url, "redirect": !disable_redirect}))?;
    if !disable_redirect {
        reply.headers_mut().insert(http::header::LOCATION, guichet_core::http::location(url)?);
    }
    Ok(reply)
}
