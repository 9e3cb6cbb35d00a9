//! `POST /admin/list-user-sessions`, `POST /admin/revoke-user-session` and `POST /admin/revoke-user-sessions`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::app::App;
use guichet_core::error::Result;
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json, success};
use guichet_core::serde_json::json as value;
use guichet_core::session;
use guichet_core::store::Session;

use super::{Whom, succeeded};
use crate::caller::say;
use crate::{
    Admin, YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS, YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS,
};

guichet_core::input! {
    /// Which session.
    struct Which {
        /// Its token, or what the list gave for one.
        session_token as "sessionToken": String,
    }
}

pub(super) fn list(plugin: Arc<Admin>) -> Route {
    Route::post("/admin/list-user-sessions", "admin.list-user-sessions", of_user, plugin)
        .needs_session()
        .summary("A user's live sessions")
        .body::<Whom>()
        .answers(Shape::object(&[("sessions", Shape::named("Session").list(), true)]))
}

pub(super) fn revoke_one(plugin: Arc<Admin>) -> Route {
    Route::post("/admin/revoke-user-session", "admin.revoke-user-session", end_one, plugin)
        .needs_session()
        .summary("Ends a session of anybody's; an unknown one is left alone")
        .body::<Which>()
        .answers(succeeded())
}

pub(super) fn revoke_all(plugin: Arc<Admin>) -> Route {
    Route::post("/admin/revoke-user-sessions", "admin.revoke-user-sessions", end_all, plugin)
        .needs_session()
        .summary("Ends every session of a user")
        .body::<Whom>()
        .answers(succeeded())
}

/// What stands for a token that is not given away: the session's id, by which it is found again among everybody's.
fn stands_for(app: &App, session: &Session) -> String {
    let shown = session::shown_token(app, session);
    if shown == session.stored_token { shown } else { session.id.clone() }
}

async fn of_user(State(plugin): State<Arc<Admin>>, visit: Visit, Body(whom): Body<Whom>) -> Result<Reply> {
    let refusal = YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS;
    plugin.caller(&visit, ("session", "list"), refusal).await?;
    let app = visit.app();
    let sessions = app.sessions.of_user(&app.db, &whom.user_id.0, visit.now()).await?;
    let sessions: Vec<_> =
        sessions.iter().map(|session| app.sessions.json(session, &stands_for(app, session))).collect();
    json(&value!({"sessions": sessions}))
}

async fn end_one(State(plugin): State<Arc<Admin>>, visit: Visit, Body(which): Body<Which>) -> Result<Reply> {
    let refusal = YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS;
    let caller = plugin.caller(&visit, ("session", "revoke"), refusal).await?;
    let (app, named) = (visit.app(), &which.session_token);
    let by_token = app.sessions.by_token(&app.db, &app.users, named).await?;
    let found = match by_token {
        None => app.sessions.by_id(&app.db, &app.users, named).await?,
        found => found,
    };
    if let Some((session, user)) = found {
        let mut tx = app.db.begin().await?;
        session::end_by_id(app, &mut tx, &session.id).await?;
        tx.commit().await?;
        say(&visit, &caller, "revoke-user-session", &user.id);
    }
    success()
}

async fn end_all(State(plugin): State<Arc<Admin>>, visit: Visit, Body(whom): Body<Whom>) -> Result<Reply> {
    let refusal = YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS;
    let caller = plugin.caller(&visit, ("session", "revoke"), refusal).await?;
    let (app, id) = (visit.app(), &whom.user_id.0);
    // What is nobody's leaves no trace in the feed.
    if app.users.by_id(&app.db, id).await?.is_some() {
        let mut tx = app.db.begin().await?;
        session::end_all(app, &mut tx, id, None).await?;
        tx.commit().await?;
        say(&visit, &caller, "revoke-user-sessions", id);
    }
    success()
}
