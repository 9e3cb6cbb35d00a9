//! Taking away one of a user's ways to sign in, never the last one.

use crate::error::{
    ACCOUNT_NOT_FOUND, FAILED_TO_UNLINK_LAST_ACCOUNT, Result, UNAUTHORIZED, bad_request, unauthorized,
};
use crate::http::Visit;
use crate::store::{Account, Accounts, User};

/// Removes the account of this row id from the user's, and tells the plugins. 400 `ACCOUNT_NOT_FOUND`, or
/// `FAILED_TO_UNLINK_LAST_ACCOUNT` (contract, section 20).
pub async fn unlink(visit: &Visit, user: &User, account_id: &str) -> Result<Account> {
    let app = visit.app();
    let mut tx = app.db.begin().await?;
    // Touching the user first makes two removals wait for each other: together they must not take the last two.
    let touched = app.users.touch(&mut tx, &user.id, visit.now()).await?;
    touched.ok_or_else(|| unauthorized(UNAUTHORIZED))?;
    let mut accounts = Accounts::of_user(&mut tx, &user.id).await?;
    if accounts.len() == 1 {
        return Err(bad_request(FAILED_TO_UNLINK_LAST_ACCOUNT));
    }
    let place = accounts.iter().position(|account| account.id == account_id);
    let account = accounts.swap_remove(place.ok_or_else(|| bad_request(ACCOUNT_NOT_FOUND))?);
    Accounts::delete(&mut tx, &account.id).await?;
    for hook in &app.hooks {
        hook.account_unlinked(visit, &mut tx, user, &account).await?;
    }
    tx.commit().await?;
    tracing::info!(
        request_id = visit.request_id(),
        user_id = user.id,
        provider = account.provider_id,
        "an account was unlinked"
    );
    Ok(account)
}
