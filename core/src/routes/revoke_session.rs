//! `POST /revoke-session`: ends one of the user's own sessions, named by token or handle. What is unknown or
//! somebody else's is left alone, with the same answer.

use crate::error::Result;
use crate::http::{Body, Reply, Route, Shape, Visit, done};
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
        .answers(Shape::status())
}

async fn revoke(visit: Visit, Body(which): Body<Which>) -> Result<Reply> {
    let signed_in = visit.require_session_anew().await?;
    session::end_one(&visit, &signed_in.user.id, &which.token).await?;
    done()
}
