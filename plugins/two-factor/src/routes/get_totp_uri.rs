//! `POST /two-factor/get-totp-uri`: the authenticator's secret again, for another device of its owner's.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Result, bad_request};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json};
use guichet_core::serde_json::json as object;

use super::{GET_URI, Password};
use crate::{TOTP_NOT_ENABLED, TwoFactor, enrolment, owner, totp};

pub(super) fn route(plugin: Arc<TwoFactor>) -> Route {
    Route::post("/two-factor/get-totp-uri", GET_URI, handle, plugin)
        .needs_session()
        .summary("The address that enrols the authenticator on another device")
        .body::<Password>()
        .answers(Shape::object(&[("totpURI", Shape::text(), true)]))
}

async fn handle(
    State(plugin): State<Arc<TwoFactor>>,
    visit: Visit,
    Body(input): Body<Password>,
) -> Result<Reply> {
    owner::check_given(&plugin.options, input.password.as_deref())?;
    let app = visit.app();
    let signed_in = visit.require_session().await?;
    let row = enrolment::of(&app.db, &signed_in.user.id).await?;
    let secret = row.map(|row| row.secret(app)).transpose()?.flatten();
    let secret = secret.ok_or_else(|| bad_request(TOTP_NOT_ENABLED))?;
    owner::check(&visit, &plugin.options, &signed_in, input.password.as_deref()).await?;
    json(&object!({"totpURI": totp::uri(&secret, &plugin.issuer, &signed_in.user.email)}))
}
