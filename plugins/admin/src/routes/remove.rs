//! `POST /admin/remove-user`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Result, USER_NOT_FOUND, bad_request, not_found};
use guichet_core::farewell;
use guichet_core::http::{Body, Reply, Route, Visit, success};

use super::{Whom, succeeded};
use crate::caller::say;
use crate::{Admin, YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS, YOU_CANNOT_REMOVE_YOURSELF};

pub(super) fn route(plugin: Arc<Admin>) -> Route {
    Route::post("/admin/remove-user", "admin.remove-user", remove, plugin)
        .needs_session()
        .summary("Deletes a user with everything that is theirs, for good")
        .body::<Whom>()
        .answers(succeeded())
}

async fn remove(State(plugin): State<Arc<Admin>>, visit: Visit, Body(whom): Body<Whom>) -> Result<Reply> {
    let caller = plugin.caller(&visit, ("user", "delete"), YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS).await?;
    let (app, id) = (visit.app(), &whom.user_id.0);
    if *id == caller.user.id {
        return Err(bad_request(YOU_CANNOT_REMOVE_YOURSELF));
    }
    let user = app.users.by_id(&app.db, id).await?.ok_or_else(|| not_found(USER_NOT_FOUND))?;
    let mut tx = app.db.begin().await?;
    farewell::remove(app, &mut tx, &user).await?;
    tx.commit().await?;
    say(&visit, &caller, "remove-user", id);
    success()
}
