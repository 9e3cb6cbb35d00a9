//! `POST /sign-up/email`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::Result;
use guichet_core::http::{AnyFields, Body, Input, NonEmpty, Reply, Route, Shape, Visit, json};
use guichet_core::password::{Newcomer, SignedUp};
use guichet_core::serde_json::json as object;
use guichet_core::sign_in::Outcome;

use super::names::SIGN_UP;
use crate::EmailPassword;
use crate::links::given;
use crate::sign_up::sign_up;

guichet_core::input! {
    /// Who somebody is; additional user fields too.
    struct SignUp {
        name: Option<String>,
        email: EmailAddress,
        password: NonEmpty,
        image: Option<String>,
        callback_url as "callbackURL": Option<String>,
        remember_me as "rememberMe": Option<bool>, ..
    }
}

guichet_core::input! {
    /// As [`SignUp`], with a name.
    struct NamedSignUp {
        name: String,
        email: EmailAddress,
        password: NonEmpty,
        image: Option<String>,
        callback_url as "callbackURL": Option<String>,
        remember_me as "rememberMe": Option<bool>, ..
    }
}

impl From<NamedSignUp> for SignUp {
    fn from(named: NamedSignUp) -> Self {
        Self {
            name: Some(named.name),
            email: named.email,
            password: named.password,
            image: named.image,
            callback_url: named.callback_url,
            remember_me: named.remember_me,
        }
    }
}

pub(super) fn route(plugin: Arc<EmailPassword>) -> Route {
    let route = if plugin.options.name_required {
        Route::post("/sign-up/email", SIGN_UP, handle::<NamedSignUp>, plugin).body::<NamedSignUp>()
    } else {
        Route::post("/sign-up/email", SIGN_UP, handle::<SignUp>, plugin).body::<SignUp>()
    };
    route
        .or_form()
        .from_sign_in_forms()
        .summary("Makes a user with a password; takes additional user fields")
        .answers(Shape::object(&[
            ("token", Shape::text().or_null(), true),
            ("user", Shape::named("User"), true),
        ]))
}

async fn handle<T: Input + Into<SignUp>>(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    Body(input): Body<T>,
    AnyFields(fields): AnyFields,
) -> Result<Reply> {
    let input: SignUp = input.into();
    let newcomer = Newcomer {
        name: input.name.unwrap_or_default(),
        email: input.email,
        password: &input.password.0,
        image: input.image,
        fields: &fields,
        callback: given(input.callback_url.as_deref()),
        remember: input.remember_me != Some(false),
        door: None,
    };
    match sign_up(&visit, &plugin.options, newcomer).await? {
        SignedUp::Through(Outcome::Granted(signed_in)) => json(&signed_in.token_and_user(&visit)),
        SignedUp::Through(Outcome::Challenge(challenge)) => json(&challenge.answer),
        SignedUp::Waits(user) => json(&object!({"token": null, "user": visit.app().users.json(&user)})),
    }
}
