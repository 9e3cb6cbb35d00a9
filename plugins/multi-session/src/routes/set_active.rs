//! `POST /multi-session/set-active`: goes on with another of the browser's sessions.

use guichet_core::error::{Result, unauthorized};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json};
use guichet_core::session;

use super::Which;
use crate::{INVALID_SESSION_TOKEN, jar};

pub(crate) fn route() -> Route {
    Route::post("/multi-session/set-active", "multi-session.set-active", handle, ())
        .summary("Goes on with another of this browser's sessions")
        .body::<Which>()
        .answers(Shape::object(&[
            ("session", Shape::named("Session"), true),
            ("user", Shape::named("User"), true),
        ]))
}

async fn handle(visit: Visit, Body(which): Body<Which>) -> Result<Reply> {
    let refusal = || unauthorized(INVALID_SESSION_TOKEN);
    let token = jar::named(&visit, &which.session_token).await?.ok_or_else(refusal)?;
    let Some(chosen) = session::of_token(&visit, &token).await? else {
        visit.remove_cookie(&jar::name(&token));
        return Err(refusal());
    };
    session::take_up(&visit, &chosen).await?;
    json(&chosen.json(&visit))
}
