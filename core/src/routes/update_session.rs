//! `POST /update-session`: additional columns of the own session that clients may set; the core's are ignored.

use crate::db::Value;
use crate::error::{FAILED_TO_GET_SESSION, Result, unauthorized};
use crate::http::{Record, Reply, Route, Shape, Visit, json};
use crate::profile::nothing_to_update;
use crate::session;
use crate::store::take_input;

pub(super) fn route() -> Route {
    Route::post("/update-session", "core.update-session", update, ())
        .summary("Changes additional fields of the session that clients may set")
        .needs_session()
        .body_shape(Shape::record())
        .answers(Shape::object(&[("session", Shape::named("Session"), true)]))
}

async fn update(visit: Visit, Record(body): Record) -> Result<Reply> {
    let signed_in = visit.require_session().await?;
    let app = visit.app();
    let columns: Vec<_> = app.sessions.extra_columns().cloned().collect();
    let fields = take_input(&columns, &body)?;
    if fields.is_empty() {
        return Err(nothing_to_update());
    }
    let changes: Vec<(&str, Value)> = fields.iter().map(|(name, value)| (name, value.clone())).collect();
    let Some(session) = app.sessions.update(&app.db, &signed_in.session.id, changes, visit.now()).await?
    else {
        // It was ended a moment ago.
        visit.remove_session_cookies();
        return Err(unauthorized(FAILED_TO_GET_SESSION));
    };
    session::keep(&visit, &signed_in.token);
    json(&serde_json::json!({"session": app.sessions.json(&session, &signed_in.token)}))
}
