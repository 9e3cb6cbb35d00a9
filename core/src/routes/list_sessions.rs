//! `GET /list-sessions`: the user's live sessions. Other devices' tokens are not given away: their `token` is an
//! opaque handle that is good for revoking only.

use crate::app::App;
use crate::error::{Result, SESSION_NOT_FRESH, forbidden};
use crate::http::{Reply, Route, Shape, Visit, json};
use crate::session::{SignedIn, shown_token};
use crate::store::Session;

pub(super) fn route() -> Route {
    Route::get("/list-sessions", "core.list-sessions", list_sessions, ())
        .summary("The user's live sessions; needs a recent sign-in")
        .needs_session()
        .answers(Shape::named("Session").list())
}

async fn list_sessions(visit: Visit) -> Result<Reply> {
    let signed_in = visit.require_session().await?;
    // Who is somebody else's guest may look, by the handles that open nothing.
    if signed_in.session.impersonated_by().is_none() && !visit.is_fresh(&signed_in.session) {
        return Err(forbidden(SESSION_NOT_FRESH));
    }
    let app = visit.app();
    let sessions = app.sessions.of_user(&app.db, &signed_in.user.id, visit.now()).await?;
    // Guests are the operator's matter, and not shown among the user's devices (contract, section 3).
    let own = sessions.iter().filter(|session| session.impersonated_by().is_none());
    let list: Vec<_> =
        own.map(|session| app.sessions.json(session, &shown(app, &signed_in, session))).collect();
    json(&list)
}

fn shown(app: &App, signed_in: &SignedIn, session: &Session) -> String {
    if session.id == signed_in.session.id { signed_in.token.clone() } else { shown_token(app, session) }
}
