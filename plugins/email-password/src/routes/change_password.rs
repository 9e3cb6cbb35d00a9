//! `POST /change-password`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::db::Tx;
use guichet_core::error::{CREDENTIAL_ACCOUNT_NOT_FOUND, INVALID_PASSWORD, Result, bad_request};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json};
use guichet_core::password::{Kept, Verdict};
use guichet_core::serde_json::json as object;
use guichet_core::session::{self, SignedIn};
use guichet_core::store::Accounts;

use crate::EmailPassword;
use crate::budget::Tries;
use crate::mail::{self, Notice};
use crate::options::Options;

const NAME: &str = "email-password.change-password";

guichet_core::input! {
    /// The new password and the one until now.
    struct ChangePassword {
        new_password as "newPassword": String,
        current_password as "currentPassword": String,
        revoke_other_sessions as "revokeOtherSessions": Option<bool>,
    }
}

pub(super) fn route(plugin: Arc<EmailPassword>) -> Route {
    Route::post("/change-password", NAME, handle, plugin)
        .needs_session()
        .summary(
            "Changes the password of who is signed in; `revokeOtherSessions` also renews the own session",
        )
        .body::<ChangePassword>()
        .answers(Shape::object(&[
            ("token", Shape::text().or_null(), true),
            ("user", Shape::named("User"), true),
        ]))
}

async fn handle(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    Body(input): Body<ChangePassword>,
) -> Result<Reply> {
    let (options, app) = (&plugin.options, visit.app());
    let signed_in = visit.require_session_anew().await?;
    let user = &signed_in.user;
    app.passwords.check_new(app, &input.new_password).await?;
    app.passwords.check_presented(&input.current_password)?;
    let account = Accounts::credential(&app.db, &user.id).await?;
    let (account_id, old) = account
        .and_then(|account| Some((account.id, account.password?)))
        .ok_or_else(|| bad_request(CREDENTIAL_ACCOUNT_NOT_FOUND))?;
    let tries = Tries::count(&visit, options, &user.email).await?;
    let kept = Kept { user_id: &user.id, hash: &old };
    if app.passwords.verify(Some(kept), &input.current_password).await? == Verdict::Wrong {
        return Err(bad_request(INVALID_PASSWORD));
    }
    tries.forgive(&visit).await?;
    let new = app.passwords.hash(&input.new_password).await?;
    let tells = options.tell_of_changes && mail::is_welcome(&visit, NAME, "notice", &user.email).await?;
    let mut tx = app.db.begin().await?;
    // Only what was compared is replaced: a reset that came in between wins.
    if !Accounts::replace_password(&mut tx, &account_id, &old, &new, visit.now()).await? {
        return Err(bad_request(INVALID_PASSWORD));
    }
    let token = end_sessions(&visit, options, &mut tx, &signed_in, input.revoke_other_sessions).await?;
    if tells {
        mail::tell(&visit, &mut tx, Notice::Changed, user).await?;
    }
    tx.commit().await?;
    if let Some(token) = &token {
        session::keep(&visit, token);
    }
    tracing::info!(request_id = visit.request_id(), user_id = user.id, "a password was changed");
    json(&object!({"token": token, "user": app.users.json(user)}))
}

/// Asked to, ends every session and begins a new one, whose token it gives. Not asked, ends the others by default.
async fn end_sessions(
    visit: &Visit,
    options: &Options,
    tx: &mut Tx,
    signed_in: &SignedIn,
    asked: Option<bool>,
) -> Result<Option<String>> {
    let app = visit.app();
    let user = &signed_in.user;
    match asked {
        Some(true) => {
            session::end_all(app, &mut *tx, &user.id, None).await?;
            session::renew(visit, tx, signed_in).await.map(Some)
        }
        None if options.revoke_sessions_on_change => {
            session::end_all(app, tx, &user.id, Some(&signed_in.session.id)).await?;
            Ok(None)
        }
        _ => Ok(None),
    }
}
