//! `POST /delete-user`: deletes the own account; by default, a mailed link has to confirm it (contract, section 7).

use crate::error::Result;
use crate::farewell::{Farewell, Wish, ask};
use crate::http::{Body, Reply, Route, Shape, Visit, json};

crate::input! {
    /// What confirms it.
    struct DeleteUser {
        /// Where the mailed link leads in the end.
        callback_url as "callbackURL": Option<String>,
        /// Needed when the sign-in is not recent.
        password: Option<String>,
        /// The token of a mailed link.
        token: Option<String>,
    }
}

pub(super) fn route() -> Route {
    Route::post("/delete-user", "core.delete-user", delete, ())
        .summary("Deletes the own account, or mails the link that does")
        .needs_session()
        .body::<DeleteUser>()
        .answers(Shape::object(&[("success", Shape::yes(), true), ("message", Shape::text(), true)]))
}

async fn delete(visit: Visit, Body(input): Body<DeleteUser>) -> Result<Reply> {
    let signed_in = visit.require_session_anew().await?;
    let wish = Wish {
        password: input.password.as_deref().unwrap_or_default(),
        token: input.token.as_deref().unwrap_or_default(),
        callback: input.callback_url.as_deref(),
    };
    let message = match ask(&visit, &signed_in, wish).await? {
        Farewell::Deleted => "User deleted",
        Farewell::Mailed => "Verification email sent",
    };
    json(&serde_json::json!({"success": true, "message": message}))
}
