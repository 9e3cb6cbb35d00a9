//! `POST /email-otp/check-verification-otp`: says whether a code is right, and does not use it up. A wrong one counts.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Result, USER_NOT_FOUND, bad_request};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, success};

use super::address;
use crate::EmailOtp;
use crate::codes::{self, Claim};
use crate::purpose::Purpose;
use guichet_core::one_time_code::Use;

pub(super) const NAME: &str = "email-otp.check-verification-otp";

guichet_core::input! {
    /// The code, and what it is for.
    struct CheckCode {
        email: String,
        purpose as "type": Purpose,
        otp: String,
    }
}

pub(super) fn route(plugin: Arc<EmailOtp>) -> Route {
    Route::post("/email-otp/check-verification-otp", NAME, handle, plugin)
        .summary("Says whether a code is right, without using it up")
        .body::<CheckCode>()
        .answers(Shape::object(&[("success", Shape::yes(), true)]))
}

async fn handle(
    State(plugin): State<Arc<EmailOtp>>,
    visit: Visit,
    Body(input): Body<CheckCode>,
) -> Result<Reply> {
    let email = address(&input.email)?;
    let app = visit.app();
    let claim = Claim::new(input.purpose, &email, &input.otp);
    let mut tx = app.db.begin().await?;
    let verdict = codes::check(app, &plugin.options, &mut tx, claim, Use::Look).await?;
    let user = app.users.by_email(&mut tx, &email).await?;
    tx.commit().await?;
    verdict?;
    user.ok_or_else(|| bad_request(USER_NOT_FOUND))?;
    success()
}
