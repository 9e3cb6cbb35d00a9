//! `GET /multi-session/list-device-sessions`: who is signed in with this browser, one session each. As in
//! `/list-sessions`, the tokens of sessions that are not the active one stay with the cookies: `token` is a handle.

use guichet_core::error::Result;
use guichet_core::http::{Reply, Route, Shape, Visit, json};
use guichet_core::serde_json::{Value, json as value};
use guichet_core::session;

use crate::jar;

pub(crate) fn route() -> Route {
    let one =
        Shape::object(&[("session", Shape::named("Session"), true), ("user", Shape::named("User"), true)]);
    Route::get("/multi-session/list-device-sessions", "multi-session.list-device-sessions", handle, ())
        .summary("The sessions that this browser can change over to")
        .answers(one.list())
}

async fn handle(visit: Visit) -> Result<Reply> {
    let app = visit.app();
    let active = visit.session_token();
    let mut seen: Vec<String> = Vec::new();
    let mut list: Vec<Value> = Vec::new();
    for one in jar::sessions(&visit).await? {
        if seen.contains(&one.user.id) {
            continue;
        }
        let is_active = active.as_ref() == Some(&one.token);
        let shown = if is_active || !app.config.session.handles {
            one.token.clone()
        } else {
            session::handle(app, &one.session)
        };
        list.push(value!({
            "session": app.sessions.json(&one.session, &shown),
            "user": app.users.json(&one.user),
        }));
        seen.push(one.user.id);
    }
    json(&list)
}
