//! `POST /admin/remove-user-authenticator`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::authenticators;
use guichet_core::error::{Result, USER_NOT_FOUND, forbidden, not_found};
use guichet_core::http::{Body, Issues, Reply, Route, Visit, json};

use super::succeeded;
use crate::caller::say_why;
use crate::input::Coerced;
use crate::{
    Admin, YOU_ARE_NOT_ALLOWED_TO_REMOVE_USERS_AUTHENTICATORS, YOU_CANNOT_REMOVE_AUTHENTICATORS_OF_ADMINS,
};

/// How long a reason may be, in characters.
const LONGEST_REASON: usize = 500;

guichet_core::input! {
    /// What is taken away from whom, and why.
    struct RemoveAuthenticator {
        /// The user's id.
        user_id as "userId": Coerced,
        /// `two-factor`, `passkey` or `phone-number`: all of them.
        kind: String,
        /// Why, for the log: who asked, and how they were recognised.
        reason: String,
    }
}

pub(super) fn route(plugin: Arc<Admin>) -> Route {
    Route::post("/admin/remove-user-authenticator", "admin.remove-user-authenticator", remove, plugin)
        .needs_session()
        .summary("Takes a lost second factor, lost passkeys or a lost phone number away from a user, and ends their sessions")
        .body::<RemoveAuthenticator>()
        .answers(succeeded())
}

async fn remove(
    State(plugin): State<Arc<Admin>>,
    visit: Visit,
    Body(body): Body<RemoveAuthenticator>,
) -> Result<Reply> {
    let refusal = YOU_ARE_NOT_ALLOWED_TO_REMOVE_USERS_AUTHENTICATORS;
    let caller = visit.require_stored_session().await?;
    plugin.require(&caller, ("user", "remove-authenticator"), refusal)?;
    let reason = reason(&body.reason)?;
    let (app, id) = (visit.app(), &body.user_id.0);
    let gone = || not_found(USER_NOT_FOUND);
    let user = app.users.by_id(&app.db, id).await?.ok_or_else(gone)?;
    // With a password that may be set as well, it would be another administrator's whole account.
    if plugin.access.is_admin(&user) && !plugin.may_be_admins(&caller.user) {
        return Err(forbidden(YOU_CANNOT_REMOVE_AUTHENTICATORS_OF_ADMINS));
    }
    let mut tx = app.db.begin().await?;
    authenticators::take_away(app, &mut tx, id, &body.kind).await?.ok_or_else(gone)?;
    tx.commit().await?;
    say_why(&visit, &caller, "remove-user-authenticator", id, (&body.kind, reason));
    json(&guichet_core::serde_json::json!({"success": true}))
}

/// A reason that says something, on one line of the log.
fn reason(given: &str) -> Result<&str> {
    let reason = given.trim();
    let length = reason.chars().count();
    if (1..=LONGEST_REASON).contains(&length) {
        return Ok(reason);
    }
    let mut issues = Issues::default();
    issues.note("body.reason", format!("a reason has 1 to {LONGEST_REASON} characters"));
    Err(issues.into_error())
}
