//! `POST /two-factor/send-otp`: mails a code to who signs in, or to who is signed in.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Result, bad_request};
use guichet_core::http::{Input as _, PerhapsBody, Reply, Route, Shape, Visit, done};

use super::SEND_OTP;
use crate::verify::Subject;
use crate::{OTP_NOT_CONFIGURED, TwoFactor};

guichet_core::input! {
    /// Taken for the sake of Better Auth's client; the device is trusted when the code is right.
    struct SendOtp {
        trust_device as "trustDevice": Option<bool>,
    }
}

pub(super) fn route(plugin: Arc<TwoFactor>) -> Route {
    Route::post("/two-factor/send-otp", SEND_OTP, handle, plugin)
        .summary("Mails a code as the second factor, where that is allowed")
        .body_shape(SendOtp::shape())
        .answers(Shape::status())
}

async fn handle(
    State(plugin): State<Arc<TwoFactor>>,
    visit: Visit,
    PerhapsBody(_): PerhapsBody<SendOtp>,
) -> Result<Reply> {
    if !plugin.options.email_codes {
        return Err(bad_request(OTP_NOT_CONFIGURED));
    }
    let subject = Subject::of(&visit).await?;
    plugin.send_code(&visit, &subject).await?;
    done()
}
