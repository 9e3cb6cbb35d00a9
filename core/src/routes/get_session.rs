//! `GET /get-session`: who is signed in, or `null` (contract, section 3).

use axum::response::IntoResponse;
use http::StatusCode;

use crate::error::{Error, METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED, Result};
use crate::http::{Flag, Query, Reply, Route, Shape, Visit, json, kept_nowhere};

crate::input! {
    /// How the session is read.
    struct How {
        disable_cookie_cache as "disableCookieCache": Flag,
        disable_refresh as "disableRefresh": Flag,
    }
}

pub(super) fn route() -> Route {
    Route::get("/get-session", "core.get-session", get_session, ())
        .summary("The session and its user, or null")
        .query::<How>()
        .answers(
            Shape::object(&[
                ("session", Shape::named("Session"), true),
                ("user", Shape::named("User"), true),
            ])
            .or_null(),
        )
}

/// The reference knows the path with POST, and refuses it unless a setting that we do not have is on.
pub(super) fn refused() -> Route {
    Route::post("/get-session", "core.get-session-by-post", refuse, ())
        .summary("Always refused with 405; exists because the reference has it")
}

async fn get_session(visit: Visit, Query(how): Query<How>) -> Result<Reply> {
    let shown = visit.shown_session(!how.disable_cookie_cache.0, !how.disable_refresh.0).await?;
    if let Some(shown) = &shown {
        for hook in &visit.app().hooks {
            if let Err(failure) = hook.session_shown(&visit, shown).await {
                visit.log_failure(&failure);
            }
        }
    }
    Ok(kept_nowhere(json(&shown)?))
}

async fn refuse() -> Reply {
    let refusal = Error::coded(StatusCode::METHOD_NOT_ALLOWED, METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED);
    kept_nowhere(refusal.into_response())
}
