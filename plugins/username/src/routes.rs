//! `POST /sign-in/username` and `POST /is-username-available`.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Error, Result, unauthorized, unprocessable};
use guichet_core::hooks::Hooks;
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json};
use guichet_core::password::{PasswordClaim, answered, answered_shape, named_by_several, nobody};
use guichet_core::serde_json::json as object;

use crate::rules::{normal_form, wrong};
use crate::{INVALID_USERNAME, INVALID_USERNAME_OR_PASSWORD, USERNAME, Username};

pub(crate) const SIGN_IN: &str = "username.sign-in";
pub(crate) const IS_AVAILABLE: &str = "username.is-available";

guichet_core::input! {
    /// Who, and where to go on.
    struct SignIn {
        username: String,
        password: String,
        remember_me as "rememberMe": Option<bool>,
        callback_url as "callbackURL": Option<String>,
    }
}

guichet_core::input! {
    /// Which name.
    struct Wanted {
        username: String,
    }
}

pub(crate) fn sign_in(plugin: Arc<Username>) -> Route {
    Route::post("/sign-in/username", SIGN_IN, enter, plugin)
        .summary("Signs in with a name and a password")
        .body::<SignIn>()
        .answers(answered_shape())
}

pub(crate) fn is_available(plugin: Arc<Username>) -> Route {
    Route::post("/is-username-available", IS_AVAILABLE, look, plugin)
        .summary("Says whether a name is free")
        .body::<Wanted>()
        .answers(Shape::object(&[("available", Shape::boolean(), true)]))
}

async fn enter(
    State(plugin): State<Arc<Username>>,
    visit: Visit,
    Body(input): Body<SignIn>,
) -> Result<Reply> {
    if input.username.is_empty() || input.password.is_empty() {
        return Err(unauthorized(INVALID_USERNAME_OR_PASSWORD));
    }
    let app = visit.app();
    // Names that are known elsewhere follow the rules of elsewhere.
    if let Some(code) = wrong(&plugin.options, &input.username).filter(|_| !named_by_several(app)) {
        return Err(unprocessable(code));
    }
    let missing = |what: &'static str| Error::internal(anyhow::anyhow!(what));
    let door = app.password_door.as_ref().ok_or_else(|| missing("no plugin has passwords"))?;
    // A name that nobody has is compared all the same, with nobody's password.
    let email = match plugin.address_of(app, &input.username).await? {
        Some(email) => email,
        None => nobody().ok_or_else(|| missing("nobody has no address"))?,
    };
    let callback = input.callback_url.as_deref().filter(|callback| !callback.is_empty());
    let claim = PasswordClaim {
        email: &email,
        name: Some(&input.username),
        password: &input.password,
        method: "username",
        remember: input.remember_me != Some(false),
        callback,
        door: None,
    };
    match door.sign_in(&visit, claim).await {
        Ok(outcome) => answered(&visit, outcome, callback),
        // Whatever is wrong with the pair is told in the words of this door.
        Err(refusal) if refusal.status() == http::StatusCode::UNAUTHORIZED => {
            Err(unauthorized(INVALID_USERNAME_OR_PASSWORD))
        }
        Err(other) => Err(other),
    }
}

async fn look(
    State(plugin): State<Arc<Username>>,
    visit: Visit,
    Body(wanted): Body<Wanted>,
) -> Result<Reply> {
    if wanted.username.is_empty() {
        return Err(unprocessable(INVALID_USERNAME));
    }
    if let Some(code) = wrong(&plugin.options, &wanted.username) {
        return Err(unprocessable(code));
    }
    let app = visit.app();
    let owner = app.users.by_unique(&app.db, USERNAME, normal_form(&wanted.username)).await?;
    json(&object!({"available": owner.is_none()}))
}
