//! `POST /admin/set-role`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Result, USER_NOT_FOUND, not_found};
use guichet_core::http::{Body, Reply, Route, Visit, json};
use guichet_core::session;

use super::{shown, with_user};
use crate::caller::say;
use crate::input::{Coerced, Roles};
use crate::{Admin, ROLE, YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE, hooks};

guichet_core::input! {
    /// Who gets which role.
    struct SetRole {
        /// The user's id.
        user_id as "userId": Coerced,
        /// One role, or several.
        role: Roles,
    }
}

pub(super) fn route(plugin: Arc<Admin>) -> Route {
    Route::post("/admin/set-role", "admin.set-role", set, plugin)
        .needs_session()
        .summary("Sets the role of a user")
        .body::<SetRole>()
        .answers(with_user())
}

async fn set(State(plugin): State<Arc<Admin>>, visit: Visit, Body(body): Body<SetRole>) -> Result<Reply> {
    let refusal = YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE;
    let caller = plugin.caller(&visit, ("user", "set-role"), refusal).await?;
    for role in &body.role.0 {
        plugin.role(role)?;
    }
    let (app, id) = (visit.app(), &body.user_id.0);
    let gone = || not_found(USER_NOT_FOUND);
    app.users.by_id(&app.db, id).await?.ok_or_else(gone)?;
    let mut tx = app.db.begin().await?;
    session::hold_user(app, &mut tx, id).await?.ok_or_else(gone)?;
    let changes = vec![(ROLE, body.role.joined().into())];
    let user = app.users.update(&mut tx, id, changes, visit.now()).await?.ok_or_else(gone)?;
    // Whoever is in as somebody else was let in by the role of before.
    hooks::end_lent(app, &mut tx, id).await?;
    tx.commit().await?;
    say(&visit, &caller, "set-role", id);
    json(&shown(app, &user))
}
