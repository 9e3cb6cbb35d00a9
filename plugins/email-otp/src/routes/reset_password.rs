//! `POST /email-otp/reset-password`: sets a password with a code, which also proves the address.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::db::{Tx, Value};
use guichet_core::error::{INVALID_OTP, Result, USER_NOT_FOUND, bad_request};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, success};
use guichet_core::notice;
use guichet_core::session;
use guichet_core::sign_in::prove_mailbox;
use guichet_core::store::{Accounts, User};

use super::address;
use crate::EmailOtp;
use crate::codes::{self, Claim};
use crate::options::Options;
use crate::purpose::Purpose;
use guichet_core::one_time_code::Use;

pub(super) const NAME: &str = "email-otp.reset-password";

guichet_core::input! {
    /// The code and the new password.
    struct ResetPassword {
        email: String,
        otp: String,
        password: String,
    }
}

pub(super) fn route(plugin: Arc<EmailOtp>) -> Route {
    Route::post("/email-otp/reset-password", NAME, handle, plugin)
        .summary("Sets a new password with a code that came by e-mail")
        .body::<ResetPassword>()
        .answers(Shape::object(&[("success", Shape::yes(), true)]))
}

async fn handle(
    State(plugin): State<Arc<EmailOtp>>,
    visit: Visit,
    Body(input): Body<ResetPassword>,
) -> Result<Reply> {
    let (app, options) = (visit.app(), &plugin.options);
    // Before the code: who mistypes may try again with the same one.
    app.passwords.check_new(app, &input.password).await?;
    let email = address(&input.email).map_err(|_| bad_request(INVALID_OTP))?;
    let claim = Claim::new(Purpose::ForgetPassword, &email, &input.otp);
    // Looked at before the hash, which is dear, and used up after it, in the transaction that sets the password.
    let mut tx = app.db.begin().await?;
    let verdict = codes::check(app, options, &mut tx, claim, Use::Look).await?;
    tx.commit().await?;
    verdict?;
    let hash = app.passwords.hash(&input.password).await?;

    let mut tx = app.db.begin().await?;
    let verdict = codes::check(app, options, &mut tx, claim, Use::Consume).await?;
    let user = match (&verdict, app.users.by_email(&mut tx, &email).await?) {
        (Ok(()), Some(user)) => set(&visit, options, &mut tx, user, hash).await?,
        _ => None,
    };
    tx.commit().await?;
    verdict?;
    let user = user.ok_or_else(|| bad_request(USER_NOT_FOUND))?;
    tracing::info!(request_id = visit.request_id(), user_id = user.id, "a password was reset by a code");
    success()
}

/// `None` when the user is gone.
async fn set(
    visit: &Visit,
    options: &Options,
    tx: &mut Tx,
    user: User,
    hash: String,
) -> Result<Option<User>> {
    let app = visit.app();
    // Touching the user first makes two resets of one user wait for each other.
    let proven = (!options.revoke_sessions_on_reset).then(|| ("emailVerified", Value::from(true)));
    let changes = proven.into_iter().collect();
    let Some(mut user) = app.users.update(&mut *tx, &user.id, changes, visit.now()).await? else {
        return Ok(None);
    };
    if options.revoke_sessions_on_reset {
        user = prove_mailbox(visit, tx, user).await?;
        session::end_all(app, &mut *tx, &user.id, None).await?;
    }
    Accounts::put_password(&mut *tx, app.new_id(), &user.id, hash, visit.now()).await?;
    if options.tell_of_changes {
        notice::tell(visit, tx, &user, "email-otp-password", "").await?;
    }
    Ok(Some(user))
}
