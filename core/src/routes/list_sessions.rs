//! `GET /list-sessions`: the user's live sessions. Other devices' tokens are not given away: their `token` is an
//! opaque handle that is good for revoking only.

use crate::app::App;
use crate::error::Result;
use crate::http::{Reply, Route, Shape, Visit, json};
use crate::session::{SignedIn, handle};
use crate::store::Session;

pub(super) fn route() -> Route {
    Route::get("/list-sessions", "core.list-sessions", list_sessions, ())
        .summary("The user's live sessions; needs a recent sign-in")
        .needs_session()
        .answers(Shape::named("Session").list())
}

async fn list_sessions(visit: Visit) -> Result<Reply> {
    let signed_in = visit.require_fresh_session().await?;
    let app = visit.app();
    let sessions = app.sessions.of_user(&app.db, &signed_in.user.id, visit.now()).await?;
    let list: Vec<_> = sessions
        .iter()
        .map(|session| app.sessions.json(session, &shown_token(app, &signed_in, session)))
        .collect();
    json(&list)
}

fn shown_token(app: &App, signed_in: &SignedIn, session: &Session) -> String {
    if session.id == signed_in.session.id {
        return signed_in.token.clone();
    }
    let is_plain = !session.stored_token.starts_with("sha256$");
    if is_plain && !app.config.session.handles {
        return session.stored_token.clone();
    }
    handle(app, session)
}
