//! `POST /change-password`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::Result;
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json};
use guichet_core::serde_json::json as object;

use super::names::CHANGE_PASSWORD;
use crate::EmailPassword;
use crate::change::{Change, change};

guichet_core::input! {
    /// The new password and the one until now.
    struct ChangePassword {
        new_password as "newPassword": String,
        current_password as "currentPassword": String,
        revoke_other_sessions as "revokeOtherSessions": Option<bool>,
    }
}

pub(super) fn route(plugin: Arc<EmailPassword>) -> Route {
    Route::post("/change-password", CHANGE_PASSWORD, handle, plugin)
        .needs_session()
        .summary(
            "Changes the password of who is signed in; `revokeOtherSessions` also renews the own session",
        )
        .body::<ChangePassword>()
        .answers(Shape::object(&[
            ("token", Shape::text().or_null(), true),
            ("user", Shape::named("User"), true),
        ]))
}

async fn handle(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    Body(input): Body<ChangePassword>,
) -> Result<Reply> {
    let signed_in = visit.require_session_anew().await?;
    let wanted = Change {
        current: &input.current_password,
        new: &input.new_password,
        revoke: input.revoke_other_sessions,
    };
    let token = change(&visit, &plugin.options, &signed_in, wanted).await?;
    json(&object!({"token": token, "user": visit.app().users.json(&signed_in.user)}))
}
