//! `POST /update-user`: the columns of the own user that clients may set (contract, section 3).

use crate::error::Result;
use crate::http::{Record, Reply, Route, Shape, Visit, done};
use crate::{profile, session};

pub(super) fn route() -> Route {
    Route::post("/update-user", "core.update-user", update, ())
        .summary("Changes the name, the picture, and additional fields that clients may set")
        .needs_session()
        .body_shape(Shape::record())
        .answers(Shape::status())
}

async fn update(visit: Visit, Record(body): Record) -> Result<Reply> {
    let signed_in = visit.require_session().await?;
    profile::change(&visit, &signed_in, &body).await?;
    session::keep(&visit, &signed_in.token);
    done()
}
