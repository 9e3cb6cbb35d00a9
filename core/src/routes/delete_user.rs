//! `POST /delete-user`: deletes the own account; by default, a mailed link has to confirm it (contract, section 7).

use std::time::Duration;

use crate::error::{
    CREDENTIAL_ACCOUNT_NOT_FOUND, Error, INVALID_PASSWORD, Result, SESSION_EXPIRED, bad_request,
};
use crate::farewell;
use crate::http::{Body, Budget, Reply, Route, Shape, Visit, field_key, json};
use crate::session::SignedIn;
use crate::store::Accounts;

/// How many passwords one account admits here, right ones included, from wherever they come. With those that sign-in admits they
/// stay below 100 a day (NIST SP 800-63B, section 3.2.2).
const TRIES: Budget = Budget { window: Duration::from_hours(24), max: 9 };

crate::input! {
    /// What confirms it.
    struct DeleteUser {
        /// Where the mailed link leads in the end.
        callback_url as "callbackURL": Option<String>,
        /// Needed when the sign-in is not recent.
        password: Option<String>,
        /// The token of a mailed link.
        token: Option<String>,
    }
}

pub(super) fn route() -> Route {
    Route::post("/delete-user", "core.delete-user", delete, ())
        .summary("Deletes the own account, or mails the link that does")
        .needs_session()
        .body::<DeleteUser>()
        .answers(Shape::object(&[("success", Shape::yes(), true), ("message", Shape::text(), true)]))
}

async fn delete(visit: Visit, Body(input): Body<DeleteUser>) -> Result<Reply> {
    let signed_in = visit.require_session_anew().await?;
    let options = &visit.app().config.user;
    if !options.delete_account {
        return Err(Error::empty(http::StatusCode::NOT_FOUND));
    }
    let password = input.password.as_deref().filter(|password| !password.is_empty());
    if let Some(password) = password {
        check_password(&visit, &signed_in, password).await?;
    }
    if let Some(token) = input.token.as_deref().filter(|token| !token.is_empty()) {
        farewell::by_token(&visit, &signed_in.user, token).await?;
        return said("User deleted");
    }
    if options.delete_by_mail {
        farewell::send(&visit, &signed_in.user, input.callback_url.as_deref()).await?;
        return said("Verification email sent");
    }
    if password.is_none() && !visit.is_fresh(&signed_in.session) {
        return Err(bad_request(SESSION_EXPIRED));
    }
    let tx = visit.app().db.begin().await?;
    farewell::delete(&visit, tx, &signed_in.user).await?;
    said("User deleted")
}

async fn check_password(visit: &Visit, signed_in: &SignedIn, password: &str) -> Result<()> {
    let app = visit.app();
    app.passwords.check_presented(password)?;
    let user = &signed_in.user;
    let account = Accounts::credential(&app.db, &user.id).await?;
    if account.is_none_or(|account| account.password.is_none()) {
        return Err(bad_request(CREDENTIAL_ACCOUNT_NOT_FOUND));
    }
    if app.config.rate_limit.by_account {
        let tries = field_key("core.delete-user", "tries", &user.id);
        app.limiter.admit(&tries, TRIES, visit.now()).await?;
    }
    if app.passwords.is_right(app, Some(&user.id), password).await? {
        return Ok(());
    }
    Err(bad_request(INVALID_PASSWORD))
}

fn said(message: &str) -> Result<Reply> {
    json(&serde_json::json!({"success": true, "message": message}))
}
