//! `POST /sign-in/email-otp`: signs in with a code; who is new is made a user.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{INVALID_OTP, Result, bad_request};
use guichet_core::http::{AnyFields, Body, Reply, Route, Shape, Visit, json};
use guichet_core::pages::landing::led_on;
use guichet_core::sign_in::Outcome;

use super::address;
use crate::EmailOtp;
use crate::codes::Claim;
use crate::purpose::Purpose;
use crate::sign_in::{Wanted, with_code};

pub(super) const NAME: &str = "email-otp.sign-in";

guichet_core::input! {
    /// The code, and what a new user is to be called.
    struct SignIn {
        email: String,
        otp: String,
        name: Option<String>,
        image: Option<String>, ..
    }
}

pub(super) fn route(plugin: Arc<EmailOtp>) -> Route {
    Route::post("/sign-in/email-otp", NAME, handle, plugin)
        .summary("Signs in with a code that came by e-mail; takes additional user fields for new users")
        .body::<SignIn>()
        .answers(Shape::object(&[
            ("token", Shape::text(), true),
            ("user", Shape::named("User"), true),
            ("redirect", Shape::boolean(), false),
            ("url", Shape::text(), false),
        ]))
}

async fn handle(
    State(plugin): State<Arc<EmailOtp>>,
    visit: Visit,
    Body(input): Body<SignIn>,
    AnyFields(fields): AnyFields,
) -> Result<Reply> {
    // An address that cannot be one never got a code.
    let email = address(&input.email).map_err(|_| bad_request(INVALID_OTP))?;
    let claim = Claim::new(Purpose::SignIn, &email, &input.otp);
    let wanted = Wanted { name: input.name, image: input.image, fields };
    match with_code(&visit, &plugin.options, claim, None, wanted).await? {
        Outcome::Granted(signed_in) => json(&led_on(&visit, signed_in.token_and_user(&visit))),
        Outcome::Challenge(challenge) => json(&challenge.answer),
    }
}
