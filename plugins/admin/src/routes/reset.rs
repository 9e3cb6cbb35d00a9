//! `POST /admin/send-password-reset`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Result, USER_NOT_FOUND, bad_request, not_found};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, done};

use crate::caller::say;
use crate::input::Coerced;
use crate::{Admin, PASSWORDS_ARE_NOT_IN_USE, YOU_ARE_NOT_ALLOWED_TO_SEND_PASSWORD_RESETS};

pub(crate) const NAME: &str = "admin.send-password-reset";

guichet_core::input! {
    /// Who is to choose a password.
    struct SendReset {
        /// The user's id.
        user_id as "userId": Coerced,
        /// Where the link leads, which brings `?token=` along; without it, the hosted page.
        redirect_to as "redirectTo": Option<String>,
    }
}

pub(super) fn route(plugin: Arc<Admin>) -> Route {
    Route::post("/admin/send-password-reset", NAME, send, plugin)
        .needs_session()
        .summary(
            "Mails a user the link by which they choose a password; the one that they have stays until then",
        )
        .body::<SendReset>()
        .answers(Shape::status())
}

async fn send(State(plugin): State<Arc<Admin>>, visit: Visit, Body(body): Body<SendReset>) -> Result<Reply> {
    let refusal = YOU_ARE_NOT_ALLOWED_TO_SEND_PASSWORD_RESETS;
    let caller = visit.require_stored_session().await?;
    plugin.require(&caller, ("user", "send-reset"), refusal)?;
    let (app, id) = (visit.app(), &body.user_id.0);
    let door = app.password_door.as_ref().ok_or_else(|| bad_request(PASSWORDS_ARE_NOT_IN_USE))?;
    let user = app.users.by_id(&app.db, id).await?.ok_or_else(|| not_found(USER_NOT_FOUND))?;
    door.send_reset(app, &user, body.redirect_to.as_deref()).await?;
    say(&visit, &caller, "send-password-reset", id);
    done()
}
