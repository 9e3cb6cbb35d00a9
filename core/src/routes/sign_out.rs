//! `POST /sign-out`: ends this browser's session. Always succeeds.

use crate::error::Result;
use crate::http::{Reply, Route, Shape, Visit, success};
use crate::session;

pub(super) fn route() -> Route {
    Route::post("/sign-out", "core.sign-out", sign_out, ())
        .summary("Ends the session and removes its cookies")
        .answers(Shape::object(&[("success", Shape::yes(), true)]))
}

async fn sign_out(visit: Visit) -> Result<Reply> {
    session::end(&visit).await?;
    success()
}
