//! `POST /admin/impersonate-user` and `POST /admin/stop-impersonating`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Error, Result, USER_NOT_FOUND, forbidden, not_found};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json};
use guichet_core::session::{self, Lent};
use http::StatusCode;

use super::Whom;
use crate::caller::{say, somebody, wordless};
use crate::{Admin, YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS, YOU_CANNOT_IMPERSONATE_ADMINS};

pub(crate) const NAME: &str = "admin.impersonate-user";

fn session_and_user() -> Shape {
    Shape::object(&[("session", Shape::named("Session"), true), ("user", Shape::named("User"), true)])
}

pub(super) fn begin(plugin: Arc<Admin>) -> Route {
    Route::post("/admin/impersonate-user", NAME, impersonate, plugin)
        .needs_session()
        .summary("Begins a session as somebody else, which says so and ends after an hour")
        .body::<Whom>()
        .answers(session_and_user())
}

pub(super) fn stop() -> Route {
    Route::post("/admin/stop-impersonating", "admin.stop-impersonating", come_back, ())
        .needs_session()
        .summary("Ends the session as somebody else, and comes back to the own one")
        .answers(session_and_user())
}

async fn impersonate(
    State(plugin): State<Arc<Admin>>,
    visit: Visit,
    Body(whom): Body<Whom>,
) -> Result<Reply> {
    let refusal = YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS;
    let caller = plugin.caller(&visit, ("user", "impersonate"), refusal).await?;
    let app = visit.app();
    let user = app.users.by_id(&app.db, &whom.user_id.0).await?.ok_or_else(|| not_found(USER_NOT_FOUND))?;
    if plugin.access.is_admin(&user) && !plugin.may_be_admins(&caller.user) {
        return Err(forbidden(YOU_CANNOT_IMPERSONATE_ADMINS));
    }
    let mut tx = app.db.begin().await?;
    // Whoever takes their role away or ends their session takes this row first: they come before this, or find what is
    // made here.
    session::hold(&visit, &mut tx, &caller).await.map_err(wordless)?;
    let caller_now = app.users.by_id(&mut tx, &caller.user.id).await?;
    if !caller_now.is_some_and(|now| plugin.access.allows(&now, ("user", "impersonate"))) {
        return Err(forbidden(refusal));
    }
    let life = plugin.options.impersonation_expires_in.0;
    let lent = session::lend(&visit, tx, &caller, Lent { user: &user, life }).await?;
    say(&visit, &caller, "impersonate-user", &user.id);
    json(&lent.json(&visit))
}

async fn come_back(visit: Visit) -> Result<Reply> {
    let lent = somebody(&visit).await?;
    let app = visit.app();
    let Some(admin) = lent.session.impersonated_by() else {
        return Err(Error::message_only(
            StatusCode::BAD_REQUEST,
            "You are not impersonating anyone",
            "Vous n’avez pris l’identité de personne",
        ));
    };
    let lost = |english, french| Error::message_only(StatusCode::INTERNAL_SERVER_ERROR, english, french);
    if app.users.by_id(&app.db, admin).await?.is_none() {
        return Err(lost("Failed to find user", "Compte introuvable"));
    }
    let own = session::give_back(&visit, &lent).await?;
    let own = own.ok_or_else(|| lost("Failed to find admin session", "Votre session est terminée"))?;
    say(&visit, &own, "stop-impersonating", &lent.user.id);
    json(&own.json(&visit))
}
