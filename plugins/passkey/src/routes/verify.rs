//! `POST /passkey/verify-registration` and `POST /passkey/verify-authentication`.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Error, Result, bad_request};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json};
use guichet_core::serde_json::{Map, Value};
use guichet_core::sign_in::{Outcome, sign_in};
use http::StatusCode;

use super::fields::{Anything, Label};
use super::{VERIFY_REGISTRATION, VERIFY_SIGN_IN};
use crate::sign_in::{attempt, with_passkey};
use crate::{FAILED_TO_VERIFY_REGISTRATION, Passkey, register};

guichet_core::input! {
    /// What the authenticator made.
    struct Made {
        response: Anything,
        /// What the person calls it.
        name: Option<Label>,
        create_session as "createSession": Option<bool>,
    }
}

guichet_core::input! {
    /// What the authenticator said.
    struct Said {
        response: Map<String, Value>,
    }
}

pub(super) fn routes(plugin: &Arc<Passkey>) -> Vec<Route> {
    vec![
        Route::post("/passkey/verify-registration", VERIFY_REGISTRATION, registration, plugin.clone())
            .summary("Adds the passkey that an authenticator made")
            .needs_session()
            .body::<Made>()
            .answers(Shape::record()),
        Route::post("/passkey/verify-authentication", VERIFY_SIGN_IN, authentication, plugin.clone())
            .summary("Signs in with a passkey")
            .body::<Said>()
            .answers(Shape::object(&[
                ("session", Shape::named("Session"), true),
                ("user", Shape::named("User"), true),
            ])),
    ]
}

async fn registration(
    State(plugin): State<Arc<Passkey>>,
    visit: Visit,
    Body(made): Body<Made>,
) -> Result<Reply> {
    let signed_in = visit.require_fresh_session().await?;
    if visit.header("origin").is_none() {
        return Err(bad_request(FAILED_TO_VERIFY_REGISTRATION));
    }
    let nothing = Map::new();
    let response = made.response.0.as_object().unwrap_or(&nothing);
    let credential = register::check(&visit, &plugin, &signed_in.user, response).await?;
    let name = made.name.as_ref().map(|Label(name)| name.as_str()).filter(|name| !name.is_empty());
    let mut tx = visit.app().db.begin().await?;
    let stored = register::keep(&visit, &plugin, &mut tx, &signed_in, &credential, name).await?;
    let mut answer = stored.json();
    if made.create_session == Some(true) {
        let attempt = attempt(signed_in.user, credential.backup_eligible, credential.verified, None);
        let more = match sign_in(&visit, tx, attempt).await? {
            Outcome::Granted(signed_in) => signed_in.json(&visit),
            Outcome::Challenge(challenge) => challenge.answer,
        };
        if let (Some(answer), Value::Object(more)) = (answer.as_object_mut(), more) {
            answer.extend(more);
        }
    } else {
        tx.commit().await?;
    }
    json(&answer)
}

async fn authentication(
    State(plugin): State<Arc<Passkey>>,
    visit: Visit,
    Body(said): Body<Said>,
) -> Result<Reply> {
    if visit.header("origin").is_none() {
        return Err(Error::message_only(StatusCode::BAD_REQUEST, "origin missing", "origine absente"));
    }
    match with_passkey(&visit, &plugin, &said.response, None).await? {
        Outcome::Granted(signed_in) => json(&signed_in.json(&visit)),
        Outcome::Challenge(challenge) => json(&challenge.answer),
    }
}
