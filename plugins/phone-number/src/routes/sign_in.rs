//! `POST /sign-in/phone-number`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Result, bad_request};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json};
use guichet_core::sign_in::Outcome;

use super::SIGN_IN;
use crate::number::PhoneNumber as Number;
use crate::sign_in::with_password;
use crate::{INVALID_PHONE_NUMBER, PhoneNumber};

guichet_core::input! {
    /// Who.
    struct SignIn {
        phone_number as "phoneNumber": String,
        password: String,
        remember_me as "rememberMe": Option<bool>,
    }
}

pub(super) fn route(plugin: Arc<PhoneNumber>) -> Route {
    Route::post("/sign-in/phone-number", SIGN_IN, handle, plugin)
        .summary("Signs in with a phone number and a password")
        .body::<SignIn>()
        .answers(Shape::object(&[("token", Shape::text(), true), ("user", Shape::named("User"), true)]))
}

async fn handle(
    State(plugin): State<Arc<PhoneNumber>>,
    visit: Visit,
    Body(input): Body<SignIn>,
) -> Result<Reply> {
    let number = Number::parse(&input.phone_number).ok_or_else(|| bad_request(INVALID_PHONE_NUMBER))?;
    let remember = input.remember_me != Some(false);
    match with_password(&visit, &plugin.options, &number, &input.password, remember).await? {
        Outcome::Granted(signed_in) => json(&signed_in.token_and_user(&visit)),
        Outcome::Challenge(challenge) => json(&challenge.answer),
    }
}
