//! `POST /revoke-other-sessions`: signs the user out everywhere else.

use crate::error::Result;
use crate::http::{Reply, Route, Shape, Visit, done};
use crate::session;

pub(super) fn route() -> Route {
    Route::post("/revoke-other-sessions", "core.revoke-other-sessions", revoke, ())
        .summary("Ends the user's other sessions")
        .needs_session()
        .answers(Shape::status())
}

async fn revoke(visit: Visit) -> Result<Reply> {
    let signed_in = visit.require_session_anew().await?;
    let app = visit.app();
    let mut tx = app.db.begin().await?;
    session::end_all(app, &mut tx, &signed_in.user.id, Some(&signed_in.session.id)).await?;
    tx.commit().await?;
    done()
}
