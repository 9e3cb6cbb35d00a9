//! `POST /phone-number/reset-password`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Result, bad_request};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, done};

use super::RESET;
use crate::codes::{Claim, Purpose};
use crate::number::PhoneNumber as Number;
use crate::{OTP_NOT_FOUND, PhoneNumber, reset};

guichet_core::input! {
    /// The code and the new password.
    struct ResetPassword {
        otp: String,
        phone_number as "phoneNumber": String,
        new_password as "newPassword": String,
    }
}

pub(super) fn route(plugin: Arc<PhoneNumber>) -> Route {
    Route::post("/phone-number/reset-password", RESET, handle, plugin)
        .summary("Sets a new password with a code that came by text message")
        .body::<ResetPassword>()
        .answers(Shape::status())
}

async fn handle(
    State(plugin): State<Arc<PhoneNumber>>,
    visit: Visit,
    Body(input): Body<ResetPassword>,
) -> Result<Reply> {
    // What cannot be a number never got a code.
    let number = Number::parse(&input.phone_number).ok_or_else(|| bad_request(OTP_NOT_FOUND))?;
    let claim = Claim { purpose: Purpose::Reset, number: &number, code: &input.otp };
    reset::with_code(&visit, &plugin.options, claim, &input.new_password).await?;
    done()
}
