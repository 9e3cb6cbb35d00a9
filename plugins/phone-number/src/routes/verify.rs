//! `POST /phone-number/verify`: proves a number with a code; signs in, signs up, or adds it to who is signed in.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Result, bad_request};
use guichet_core::http::{AnyFields, Body, Reply, Route, Shape, Visit, json};
use guichet_core::serde_json;
use guichet_core::sign_in::Outcome;
use guichet_core::store::User;

use super::VERIFY;
use crate::codes::{Claim, Purpose};
use crate::number::PhoneNumber as Number;
use crate::verify::{Proven, Wish, add, by_code};
use crate::{INVALID_PHONE_NUMBER, PhoneNumber};

guichet_core::input! {
    /// The code, and what it is to do.
    struct Verify {
        phone_number as "phoneNumber": String,
        code: String,
        disable_session as "disableSession": Option<bool>,
        update_phone_number as "updatePhoneNumber": Option<bool>, ..
    }
}

pub(super) fn route(plugin: Arc<PhoneNumber>) -> Route {
    Route::post("/phone-number/verify", VERIFY, handle, plugin)
        .summary("Proves a phone number with a code: signs in, or adds it to who is signed in")
        .body::<Verify>()
        .answers(Shape::object(&[
            ("status", Shape::yes(), true),
            ("token", Shape::text().or_null(), true),
            ("user", Shape::named("User"), true),
        ]))
}

async fn handle(
    State(plugin): State<Arc<PhoneNumber>>,
    visit: Visit,
    Body(input): Body<Verify>,
    AnyFields(fields): AnyFields,
) -> Result<Reply> {
    let options = &plugin.options;
    let number = Number::parse(&input.phone_number).ok_or_else(|| bad_request(INVALID_PHONE_NUMBER))?;
    let claim = Claim { purpose: Purpose::Verify, number: &number, code: &input.code };
    if input.update_phone_number == Some(true) {
        let (signed_in, user) = add(&visit, options, &number, claim).await?;
        return answer(&visit, Some(&signed_in.token), &user);
    }
    let disable_session = input.disable_session == Some(true);
    let wish = Wish { number: &number, claim, disable_session, fields: &fields };
    match by_code(&visit, options, wish).await? {
        Proven::Only(user) => answer(&visit, None, &user),
        Proven::Through(Outcome::Granted(signed_in)) => {
            answer(&visit, Some(&signed_in.token), &signed_in.user)
        }
        Proven::Through(Outcome::Challenge(challenge)) => json(&challenge.answer),
    }
}

fn answer(visit: &Visit, token: Option<&str>, user: &User) -> Result<Reply> {
    let user = visit.app().users.json(user);
    json(&serde_json::json!({"status": true, "token": token, "user": user}))
}
