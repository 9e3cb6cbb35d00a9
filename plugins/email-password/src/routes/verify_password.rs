//! `POST /verify-password`: whether a password is the one of who is signed in.

use axum::extract::State;
use guichet_core::error::{INVALID_PASSWORD, Result, bad_request};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, done};

const NAME: &str = "email-password.verify-password";

guichet_core::input! {
    /// The password.
    struct VerifyPassword {
        password: String,
    }
}

pub(super) fn route() -> Route {
    Route::post("/verify-password", NAME, handle, ())
        .needs_session()
        .summary("Says whether a password is the one of who is signed in")
        .body::<VerifyPassword>()
        .answers(Shape::status())
}

async fn handle(State(()): State<()>, visit: Visit, Body(input): Body<VerifyPassword>) -> Result<Reply> {
    let app = visit.app();
    let user = visit.require_session_anew().await?.user;
    app.passwords.check_presented(&input.password).map_err(|_| bad_request(INVALID_PASSWORD))?;
    if !app.passwords.confirm(&visit, &user, &input.password).await? {
        return Err(bad_request(INVALID_PASSWORD));
    }
    done()
}
