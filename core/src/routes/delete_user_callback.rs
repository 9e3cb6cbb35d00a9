//! `GET /delete-user/callback`: where the mailed link leads. It needs the session of the account that it deletes: a
//! program that opens the links of mails deletes nothing.

use http::StatusCode;

use crate::error::{Error, ErrorCode, FAILED_TO_GET_USER_INFO, INVALID_CALLBACK_URL, Result, not_found};
use crate::farewell;
use crate::http::{Query, Reply, Route, Shape, Visit, found, json};

/// Accounts are not deleted here.
const NOT_FOUND: ErrorCode = ErrorCode::new("NOT_FOUND", "Not found", "Introuvable");

crate::input! {
    /// The token, and where to go on.
    struct Callback {
        token: String,
        callback_url as "callbackURL": Option<String>,
    }
}

pub(super) fn route() -> Route {
    Route::get("/delete-user/callback", "core.delete-user-callback", callback, ())
        .summary("Deletes the own account by the link that was mailed")
        .query::<Callback>()
        .answers(Shape::object(&[("success", Shape::yes(), true), ("message", Shape::text(), true)]))
}

async fn callback(visit: Visit, Query(query): Query<Callback>) -> Result<Reply> {
    let target = query.callback_url.as_deref().filter(|target| !target.is_empty());
    visit.check_target(target, INVALID_CALLBACK_URL)?;
    if !visit.app().config.user.delete_account {
        return Err(Error::coded(StatusCode::NOT_FOUND, NOT_FOUND));
    }
    let signed_in = visit.signed_in().await?.ok_or_else(|| not_found(FAILED_TO_GET_USER_INFO))?;
    farewell::by_token(&visit, &signed_in.user, &query.token).await?;
    match target {
        Some(target) => found(target),
        None => json(&serde_json::json!({"success": true, "message": "User deleted"})),
    }
}
