//! `POST /unlink-account`: takes away one of the user's ways to sign in, never the last one.

use crate::error::Result;
use crate::http::{Body, Reply, Route, Shape, Visit, done};
use crate::unlink::unlink;

crate::input! {
    /// Which account.
    struct Which {
        /// The `id` that `/list-accounts` gave.
        account_id as "accountId": String,
    }
}

pub(super) fn route() -> Route {
    Route::post("/unlink-account", "core.unlink-account", remove, ())
        .summary("Removes one of the user's linked accounts, but never the last; needs a recent sign-in")
        .needs_session()
        .body::<Which>()
        .answers(Shape::status())
}

async fn remove(visit: Visit, Body(which): Body<Which>) -> Result<Reply> {
    let user = visit.require_fresh_session().await?.user;
    unlink(&visit, &user, &which.account_id).await?;
    done()
}
