//! `POST /multi-session/revoke`: ends one of the browser's sessions; when it was the active one, another one is.

use guichet_core::error::{Result, unauthorized};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, done};
use guichet_core::session;

use super::Which;
use crate::{INVALID_SESSION_TOKEN, jar};

pub(crate) fn route() -> Route {
    Route::post("/multi-session/revoke", "multi-session.revoke", handle, ())
        .summary("Ends one of this browser's sessions")
        .needs_session()
        .body::<Which>()
        .answers(Shape::status())
}

async fn handle(visit: Visit, Body(which): Body<Which>) -> Result<Reply> {
    let signed_in = visit.require_session().await?;
    let token =
        jar::named(&visit, &which.session_token).await?.ok_or_else(|| unauthorized(INVALID_SESSION_TOKEN))?;
    let app = visit.app();
    let mut tx = app.db.begin().await?;
    session::end_by_token(app, &mut tx, &token).await?;
    tx.commit().await?;
    visit.remove_cookie(&jar::name(&token));
    if signed_in.token == token {
        match jar::sessions(&visit).await?.first() {
            Some(next) => session::take_up(&visit, next).await?,
            None => visit.remove_session_cookies(),
        }
    }
    done()
}
