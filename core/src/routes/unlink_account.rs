//! `POST /unlink-account`: takes away one of the user's ways to sign in, never the last one.

use crate::error::{
    ACCOUNT_NOT_FOUND, FAILED_TO_UNLINK_LAST_ACCOUNT, Result, UNAUTHORIZED, bad_request, unauthorized,
};
use crate::http::{Body, Reply, Route, Shape, Visit, json};
use crate::store::Accounts;

crate::input! {
    /// Which account.
    struct Which {
        /// The `id` that `/list-accounts` gave.
        account_id as "accountId": String,
    }
}

pub(super) fn route() -> Route {
    Route::post("/unlink-account", "core.unlink-account", unlink, ())
        .summary("Removes one of the user's linked accounts, but never the last; needs a recent sign-in")
        .needs_session()
        .body::<Which>()
        .answers(Shape::object(&[("status", Shape::yes(), true)]))
}

async fn unlink(visit: Visit, Body(which): Body<Which>) -> Result<Reply> {
    let user = visit.require_fresh_session().await?.user;
    let app = visit.app();
    let mut tx = app.db.begin().await?;
    // Touching the user first makes two removals wait for each other: together they must not take the last two.
    let touched = app.users.update(&mut tx, &user.id, Vec::new(), visit.now()).await?;
    touched.ok_or_else(|| unauthorized(UNAUTHORIZED))?;
    let accounts = Accounts::of_user(&mut tx, &user.id).await?;
    if accounts.len() == 1 {
        return Err(bad_request(FAILED_TO_UNLINK_LAST_ACCOUNT));
    }
    let account = accounts.iter().find(|account| account.id == which.account_id);
    let account = account.ok_or_else(|| bad_request(ACCOUNT_NOT_FOUND))?;
    Accounts::delete(&mut tx, &account.id).await?;
    tx.commit().await?;
    tracing::info!(
        request_id = visit.request_id(),
        user_id = user.id,
        provider = account.provider_id,
        "an account was unlinked"
    );
    json(&serde_json::json!({"status": true}))
}
