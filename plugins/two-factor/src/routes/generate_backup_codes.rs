//! `POST /two-factor/generate-backup-codes`: ten new ones; the old ones end.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Result, bad_request};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json};
use guichet_core::serde_json::json as object;

use super::{NEW_CODES, Password};
use crate::{TWO_FACTOR_NOT_ENABLED, TwoFactor, is_on, owner};

pub(super) fn route(plugin: Arc<TwoFactor>) -> Route {
    Route::post("/two-factor/generate-backup-codes", NEW_CODES, handle, plugin)
        .needs_session()
        .summary("New backup codes instead of the old ones; they are told this once")
        .body::<Password>()
        .answers(Shape::object(&[
            ("status", Shape::yes(), true),
            ("backupCodes", Shape::text().list(), true),
        ]))
}

async fn handle(
    State(plugin): State<Arc<TwoFactor>>,
    visit: Visit,
    Body(input): Body<Password>,
) -> Result<Reply> {
    owner::check_given(&plugin.options, input.password.as_deref())?;
    let signed_in = visit.require_session().await?;
    if !is_on(&signed_in.user) {
        return Err(bad_request(TWO_FACTOR_NOT_ENABLED));
    }
    owner::check(&visit, &plugin.options, &signed_in, input.password.as_deref()).await?;
    let codes = plugin.new_codes(&visit, &signed_in.user, true).await?;
    json(&object!({"status": true, "backupCodes": codes}))
}
