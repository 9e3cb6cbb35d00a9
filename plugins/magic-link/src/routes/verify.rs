//! `GET /magic-link/verify`: the API's own link. It signs in when it is opened, and is good once.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{INVALID_CALLBACK_URL, INVALID_TOKEN, Result};
use guichet_core::http::{Query, Reply, Route, Shape, Visit, found, json, resolved};
use guichet_core::serde_json::json as object;
use guichet_core::sign_in::Outcome;

use crate::open::{Opened, open};
use crate::{MagicLink, NEW_USER_SIGNUP_DISABLED};

pub(crate) const NAME: &str = "magic-link.verify";

guichet_core::input! {
    /// The token, and where to go on.
    struct Verify {
        token: String,
        callback_url as "callbackURL": Option<String>,
        error_callback_url as "errorCallbackURL": Option<String>,
        new_user_callback_url as "newUserCallbackURL": Option<String>,
    }
}

pub(crate) fn route(plugin: Arc<MagicLink>) -> Route {
    Route::get("/magic-link/verify", NAME, handle, plugin)
        .summary("Signs in by the link that was mailed")
        .query::<Verify>()
        .answers(Shape::object(&[
            ("token", Shape::text(), true),
            ("user", Shape::named("User"), true),
            ("session", Shape::named("Session"), true),
        ]))
}

async fn handle(
    State(plugin): State<Arc<MagicLink>>,
    visit: Visit,
    Query(query): Query<Verify>,
) -> Result<Reply> {
    let callback = query.callback_url.as_deref().filter(|target| !target.is_empty());
    let on_error = query.error_callback_url.as_deref().filter(|target| !target.is_empty());
    let for_new = query.new_user_callback_url.as_deref().filter(|target| !target.is_empty());
    // One code for all of them, on a GET (contract, section 4).
    for target in [callback, for_new, on_error] {
        visit.check_target(target, INVALID_CALLBACK_URL)?;
    }
    let refused =
        |error: &str| found(&resolved(&visit, on_error.or(callback).unwrap_or("/"), Some(("error", error)))?);
    let (outcome, is_new) = match open(&visit, &plugin.options, &query.token, None).await? {
        Opened::Unknown => return refused(INVALID_TOKEN.code),
        Opened::Closed => return refused(NEW_USER_SIGNUP_DISABLED),
        Opened::Through { outcome, is_new, .. } => (outcome, is_new),
    };
    match (outcome, callback) {
        (Outcome::Granted(signed_in), None) => {
            let app = visit.app();
            json(&object!({
                "token": signed_in.token,
                "user": app.users.json(&signed_in.user),
                "session": app.sessions.json(&signed_in.session, &signed_in.token),
            }))
        }
        (Outcome::Granted(_), Some(callback)) => {
            found(&resolved(&visit, for_new.filter(|_| is_new).unwrap_or(callback), None)?)
        }
        (Outcome::Challenge(challenge), None) => json(&challenge.answer),
        (Outcome::Challenge(challenge), Some(_)) => found(&visit.app().url(&challenge.page)),
    }
}
