//! A user's new address, once it is proven. What may prove it is its callers' matter.

use crate::db::{Tx, Value, violates};
use crate::email_address::EmailAddress;
use crate::error::Result;
use crate::http::Visit;
use crate::store::{User, Verifications};

/// Gives `user` the address `to`, which they just proved to read; `None` when it is taken, were it by a moment, or
/// the user is gone: the transaction is of no use then. Links that set a new password and were mailed to the address
/// until now die, as does what would delete the account.
pub async fn settle(visit: &Visit, tx: &mut Tx, user: &User, to: &EmailAddress) -> Result<Option<User>> {
    let app = visit.app();
    let changes = vec![("email", Value::from(to.as_str())), ("emailVerified", Value::from(true))];
    let moved = match app.users.update(&mut *tx, &user.id, changes, visit.now()).await {
        Err(error) if violates(&error, "user", "email") => return Ok(None),
        other => other?,
    };
    Verifications::delete_of_value(tx, &user.id).await?;
    tracing::info!(request_id = visit.request_id(), user_id = user.id, "an address was changed");
    Ok(moved)
}
