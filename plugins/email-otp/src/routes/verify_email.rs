//! `POST /email-otp/verify-email`: proves the address of a user with a code.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::db::Value;
use guichet_core::error::{Result, USER_NOT_FOUND, bad_request};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json};
use guichet_core::serde_json;
use guichet_core::sign_in::{Attempt, Outcome, sign_in};

use super::address;
use crate::EmailOtp;
use crate::codes::{self, Claim};
use crate::purpose::Purpose;
use guichet_core::one_time_code::Use;

pub(super) const NAME: &str = "email-otp.verify-email";

guichet_core::input! {
    /// The code.
    struct VerifyEmail {
        email: String,
        otp: String,
    }
}

pub(super) fn route(plugin: Arc<EmailOtp>) -> Route {
    Route::post("/email-otp/verify-email", NAME, handle, plugin)
        .summary("Proves a user's address with a code")
        .body::<VerifyEmail>()
        .answers(Shape::object(&[
            ("status", Shape::yes(), true),
            ("token", Shape::text().or_null(), true),
            ("user", Shape::named("User"), true),
        ]))
}

async fn handle(
    State(plugin): State<Arc<EmailOtp>>,
    visit: Visit,
    Body(input): Body<VerifyEmail>,
) -> Result<Reply> {
    let email = address(&input.email)?;
    let app = visit.app();
    let claim = Claim::new(Purpose::EmailVerification, &email, &input.otp);
    let mut tx = app.db.begin().await?;
    let verdict = codes::check(app, &plugin.options, &mut tx, claim, Use::Consume).await?;
    let user = match (&verdict, app.users.by_email(&mut tx, &email).await?) {
        (Ok(()), Some(user)) => {
            let changes = vec![("emailVerified", Value::from(true))];
            app.users.update(&mut tx, &user.id, changes, visit.now()).await?
        }
        _ => None,
    };
    if let (Some(user), true) = (&user, plugin.options.auto_sign_in_after_verification) {
        let attempt = Attempt::by_mailbox(user.clone());
        return match sign_in(&visit, tx, attempt).await? {
            Outcome::Granted(signed_in) => json(&serde_json::json!({
                "status": true, "token": signed_in.token, "user": app.users.json(user),
            })),
            Outcome::Challenge(challenge) => json(&challenge.answer),
        };
    }
    tx.commit().await?;
    verdict?;
    let user = user.ok_or_else(|| bad_request(USER_NOT_FOUND))?;
    json(&serde_json::json!({"status": true, "token": null, "user": app.users.json(&user)}))
}
