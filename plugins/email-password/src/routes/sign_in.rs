//! `POST /sign-in/email`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{INVALID_EMAIL, Result, bad_request};
use guichet_core::http::{Body, Reply, Route, Visit};
use guichet_core::password::{PasswordClaim, answered, answered_shape};

use super::names::SIGN_IN;
use crate::address::allows;
use crate::links::given;
use crate::sign_in::with_password;
use crate::{EMAIL_PASSWORD_DISABLED, EmailPassword, METHOD};

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
    Route::post("/sign-in/email", SIGN_IN, handle, plugin)
        .or_form()
        .from_sign_in_forms()
        .summary("Signs in with an address and a password")
        .body::<SignIn>()
        .answers(answered_shape())
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
    let claim = PasswordClaim {
        email: &email,
        name: None,
        password: &input.password,
        method: METHOD,
        remember: input.remember_me != Some(false),
        callback,
        door: None,
    };
    answered(&visit, with_password(&visit, options, claim).await?, callback)
}
