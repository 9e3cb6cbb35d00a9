//! `POST /reset-password`: sets a password with the token of a link.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{INVALID_TOKEN, Result, bad_request};
use guichet_core::http::{Body, Query, Reply, Route, Shape, Visit, done};

use super::names::RESET;
use crate::links::given;
use crate::{EmailPassword, reset};

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
    Route::post("/reset-password", RESET, handle, plugin)
        .summary("Sets a new password with the token of a reset link")
        .body::<ResetPassword>()
        .query::<Token>()
        .answers(Shape::status())
}

async fn handle(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    Body(input): Body<ResetPassword>,
    Query(query): Query<Token>,
) -> Result<Reply> {
    let token = given(input.token.as_deref()).or(given(query.token.as_deref()));
    let token = token.ok_or_else(|| bad_request(INVALID_TOKEN))?;
    reset::set(&visit, &plugin.options, token, &input.new_password).await?;
    done()
}
