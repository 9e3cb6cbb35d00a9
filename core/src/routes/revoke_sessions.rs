//! `POST /revoke-sessions`: signs the user out everywhere, here included.

use crate::error::Result;
use crate::http::{Reply, Route, Shape, Visit, done};
use crate::session;

pub(super) fn route() -> Route {
    Route::post("/revoke-sessions", "core.revoke-sessions", revoke, ())
        .summary("Ends all of the user's sessions")
        .needs_session()
        .answers(Shape::status())
}

async fn revoke(visit: Visit) -> Result<Reply> {
    let signed_in = visit.require_session_anew().await?;
    let app = visit.app();
    let mut tx = app.db.begin().await?;
    session::end_all(app, &mut tx, &signed_in.user.id, None).await?;
    tx.commit().await?;
    done()
}
