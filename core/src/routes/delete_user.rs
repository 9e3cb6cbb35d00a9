//! `POST /delete-user`: deletes the own account; by default, a mailed link has to confirm it (contract, section 7).

use crate::error::Result;
use crate::farewell::{Farewell, Wish, ask};
use crate::http::{Body, Reply, Route, Shape, Visit, json};

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
<<<<<<< HEAD
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
=======
    let signed_in = visit.require_session().await?;
    let wish = Wish {
        password: input.password.as_deref().unwrap_or_default(),
        token: input.token.as_deref().unwrap_or_default(),
        callback: input.callback_url.as_deref(),
    };
    let message = match ask(&visit, &signed_in, wish).await? {
        Farewell::Deleted => "User deleted",
        Farewell::Mailed => "Verification email sent",
    };
>>>>>>> pages
    json(&serde_json::json!({"success": true, "message": message}))
}
