//! `POST /sign-out`: ends this browser's session. Always succeeds.

use crate::cookie::SESSION_TOKEN;
use crate::error::Result;
use crate::http::{Reply, Route, Shape, Visit, success};

pub(super) fn route() -> Route {
    Route::post("/sign-out", "core.sign-out", sign_out, ())
        .summary("Ends the session and removes its cookies")
        .answers(Shape::object(&[("success", Shape::yes(), true)]))
}

async fn sign_out(visit: Visit) -> Result<Reply> {
    end(&visit).await?;
    success()
}

/// Ends the session that this browser holds, if any, and makes it forget the cookies.
pub(crate) async fn end(visit: &Visit) -> Result<()> {
    if let Some(token) = visit.signed_cookie(SESSION_TOKEN) {
        visit.app().sessions.delete_by_token(&visit.app().db, &token).await?;
    }
    visit.remove_session_cookies();
    Ok(())
}
