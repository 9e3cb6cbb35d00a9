//! `POST /sign-in/email`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{INVALID_EMAIL, Result, bad_request};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json, location};
use guichet_core::serde_json::{Map, Value};
use guichet_core::sign_in::Outcome;
use http::header;

use super::allows;
use crate::links::given;
use crate::sign_in::{Claim, with_password};
use crate::{EMAIL_PASSWORD_DISABLED, EmailPassword};

pub(crate) const NAME: &str = "email-password.sign-in";

guichet_core::input! {
    /// Who, and where to go on.
    struct SignIn {
        email: String,
        password: String,
        callback_url as "callbackURL": Option<String>,
        remember_me as "rememberMe": Option<bool>,
    }
}

pub(super) fn route(plugin: Arc<EmailPassword>) -> Route {
    Route::post("/sign-in/email", NAME, handle, plugin)
        .or_form()
        .from_sign_in_forms()
        .summary("Signs in with an address and a password")
        .body::<SignIn>()
        .answers(Shape::object(&[
            ("redirect", Shape::boolean(), true),
            ("token", Shape::text(), true),
            ("url", Shape::text(), false),
            ("user", Shape::named("User"), true),
        ]))
}

async fn handle(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    Body(input): Body<SignIn>,
) -> Result<Reply> {
    let options = &plugin.options;
    if !options.enabled {
        return Err(bad_request(EMAIL_PASSWORD_DISABLED));
    }
    let email = EmailAddress::parse_international(&input.email)
        .filter(|email| allows(options, email))
        .ok_or_else(|| bad_request(INVALID_EMAIL))?;
    let callback = given(input.callback_url.as_deref());
    let claim = Claim {
        email: &email,
        password: &input.password,
        remember: input.remember_me != Some(false),
        callback,
        door: None,
    };
    let signed_in = match with_password(&visit, options, claim).await? {
        Outcome::Granted(signed_in) => signed_in,
        Outcome::Challenge(challenge) => return json(&challenge.answer),
    };
    let mut answer = Map::new();
    answer.insert("redirect".to_owned(), callback.is_some().into());
    answer.insert("token".to_owned(), signed_in.token.as_str().into());
    if let Some(callback) = callback {
        answer.insert("url".to_owned(), callback.into());
    }
    answer.insert("user".to_owned(), visit.app().users.json(&signed_in.user));
    let mut reply = json(&Value::Object(answer))?;
    if let Some(callback) = callback {
        // With status 200: for clients that are no browsers (contract, section 7).
        reply.headers_mut().insert(header::LOCATION, location(callback)?);
    }
    Ok(reply)
}
