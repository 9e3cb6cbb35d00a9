//! `POST /verify-password`: whether a password is the one of who is signed in.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{INVALID_PASSWORD, Result, bad_request};
use guichet_core::http::{Body, Reply, Route, Visit, json};
use guichet_core::serde_json::json as object;

use super::status_shape;
use crate::EmailPassword;
use crate::budget::Tries;

const NAME: &str = "email-password.verify-password";

guichet_core::input! {
    /// The password.
    struct VerifyPassword {
        password: String,
    }
}

pub(super) fn route(plugin: Arc<EmailPassword>) -> Route {
    Route::post("/verify-password", NAME, handle, plugin)
        .needs_session()
        .summary("Says whether a password is the one of who is signed in")
        .body::<VerifyPassword>()
        .answers(status_shape())
}

async fn handle(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    Body(input): Body<VerifyPassword>,
) -> Result<Reply> {
    let app = visit.app();
    let user = visit.require_session_anew().await?.user;
    app.passwords.check_presented(&input.password).map_err(|_| bad_request(INVALID_PASSWORD))?;
    let tries = Tries::count(&visit, &plugin.options, &user.email).await?;
    let right = app.passwords.is_right(app, Some(&user.id), &input.password).await;
    if !tries.unless_failed(&visit, right).await? {
        return Err(bad_request(INVALID_PASSWORD));
    }
    tries.forgive(&visit).await?;
    json(&object!({"status": true}))
}
