//! `GET /one-time-token/generate` and `POST /one-time-token/verify`.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Error, Result};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json};
use guichet_core::serde_json::json as value;
use guichet_core::session::{self, Known};
use http::StatusCode;

use crate::{OneTimeToken, token};

pub(crate) const VERIFY: &str = "one-time-token.verify";

guichet_core::input! {
    /// The token.
    struct Given {
        token: String,
    }
}

pub(crate) fn generate(plugin: Arc<OneTimeToken>) -> Route {
    Route::get("/one-time-token/generate", "one-time-token.generate", make, plugin)
        .summary("Makes a token that carries the session to another browser, once")
        .needs_session()
        .answers(Shape::object(&[("token", Shape::text(), true)]))
}

pub(crate) fn verify(plugin: Arc<OneTimeToken>) -> Route {
    Route::post("/one-time-token/verify", VERIFY, take, plugin)
        .summary("Goes on with the session that the token carries")
        .body::<Given>()
        .answers(Shape::object(&[
            ("session", Shape::named("Session"), true),
            ("user", Shape::named("User"), true),
        ]))
}

async fn make(State(plugin): State<Arc<OneTimeToken>>, visit: Visit) -> Result<Reply> {
    let signed_in = visit.require_session().await?;
    let token = token::make(&visit, &plugin.options, &signed_in.token).await?;
    json(&value!({"token": token}))
}

async fn take(
    State(plugin): State<Arc<OneTimeToken>>,
    visit: Visit,
    Body(given): Body<Given>,
) -> Result<Reply> {
    let refused = |english, french| Error::message_only(StatusCode::BAD_REQUEST, english, french);
    let session_token = token::consume(&visit, &plugin.options, &given.token)
        .await?
        .ok_or_else(|| refused("Invalid token", "Jeton invalide"))?;
    let carried = match session::look_up(&visit, &session_token).await? {
        Known::Live(carried) => *carried,
        Known::Expired => return Err(refused("Session expired", "Cette session a expiré")),
        Known::Nothing => return Err(refused("Session not found", "Cette session a pris fin")),
    };
    session::take_up(&visit, &carried).await?;
    json(&carried.json(&visit))
}
