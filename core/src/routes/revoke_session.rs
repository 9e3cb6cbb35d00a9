//! `POST /revoke-session`: ends one of the user's own sessions, named by token or handle. What is unknown or
//! somebody else's is left alone, with the same answer.

use crate::error::Result;
use crate::http::{Body, Reply, Route, Shape, Visit, json};
use crate::session;

crate::input! {
    /// Which session.
    struct Which {
        /// Its token, or the handle that `/list-sessions` gave.
        token: String,
    }
}

pub(super) fn route() -> Route {
    Route::post("/revoke-session", "core.revoke-session", revoke, ())
        .summary("Ends one of the user's sessions")
        .needs_session()
        .body::<Which>()
        .answers(Shape::object(&[("status", Shape::yes(), true)]))
}

async fn revoke(visit: Visit, Body(which): Body<Which>) -> Result<Reply> {
<<<<<<< HEAD
    let signed_in = visit.require_session_anew().await?;
    let app = visit.app();
    let sessions = app.sessions.of_user(&app.db, &signed_in.user.id, visit.now()).await?;
    if let Some(session) = sessions.iter().find(|session| names(app, session, &which.token)) {
        app.sessions.delete(&app.db, &session.id).await?;
    }
=======
    let signed_in = visit.require_session().await?;
    session::end_one(&visit, &signed_in.user.id, &which.token).await?;
>>>>>>> pages
    json(&serde_json::json!({"status": true}))
}
