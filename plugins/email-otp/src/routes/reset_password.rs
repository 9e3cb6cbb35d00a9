//! `POST /email-otp/reset-password`: sets a password with a code, which also proves the address.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{INVALID_OTP, Result, USER_NOT_FOUND, bad_request};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, success};
use guichet_core::one_time_code::Use;
use guichet_core::password::reset::{self, Ending, Mailbox, Reset};

use super::address;
use crate::EmailOtp;
use crate::codes::{self, Claim};
use crate::purpose::Purpose;

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
        (Ok(()), Some(user)) => {
            let ends = options.revoke_sessions_on_reset;
            let reset = Reset {
                user_id: &user.id,
                hash,
                mailbox: if ends { Mailbox::Proven } else { Mailbox::Seen },
                ending: if ends { Ending::All } else { Ending::Nothing },
                notice: options.tell_of_changes.then_some("email-otp-password"),
            };
            reset::set(&visit, &mut tx, reset).await?
        }
        _ => None,
    };
    tx.commit().await?;
    verdict?;
    let user = user.ok_or_else(|| bad_request(USER_NOT_FOUND))?;
    tracing::info!(request_id = visit.request_id(), user_id = user.id, "a password was reset by a code");
    success()
}
