//! `POST /reset-password`: sets a password with the token of a link.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{INVALID_TOKEN, Result, USER_NOT_FOUND, bad_request};
use guichet_core::http::{Body, Query, Reply, Route, Visit, json};
use guichet_core::serde_json::json as object;

use super::status_shape;
use crate::links::given;
use crate::{EmailPassword, reset};

const NAME: &str = "email-password.reset-password";

guichet_core::input! {
    /// The new password, and the token, which may also stand in the query.
    struct ResetPassword {
        new_password as "newPassword": String,
        token: Option<String>,
    }
}

guichet_core::input! {
    /// The token.
    struct Token {
        token: Option<String>,
    }
}

pub(super) fn route(plugin: Arc<EmailPassword>) -> Route {
    Route::post("/reset-password", NAME, handle, plugin)
        .summary("Sets a new password with the token of a reset link")
        .body::<ResetPassword>()
        .query::<Token>()
        .answers(status_shape())
}

async fn handle(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    Body(input): Body<ResetPassword>,
    Query(query): Query<Token>,
) -> Result<Reply> {
    let app = visit.app();
    let token = given(input.token.as_deref()).or(given(query.token.as_deref()));
    let token = token.ok_or_else(|| bad_request(INVALID_TOKEN))?;
    // Before the token: who mistypes may try again with the same link.
    app.passwords.check_new(app, &input.new_password).await?;
    // Looked at before the hash, which is dear, and used up after it, in the transaction that sets the password.
    if !reset::is_good(&visit, token).await? {
        return Err(bad_request(INVALID_TOKEN));
    }
    let hash = app.passwords.hash(&input.new_password).await?;
    match reset::finish(&visit, &plugin.options, token, hash).await? {
        None => Err(bad_request(INVALID_TOKEN)),
        Some(None) => Err(bad_request(USER_NOT_FOUND)),
        Some(Some(_)) => json(&object!({"status": true})),
    }
}
