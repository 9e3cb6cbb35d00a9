//! The `account` table: how a user can sign in (a password, a provider).

use super::columns::On;
use crate::db::DbError;

/// Statements on `account`.
#[derive(Debug, Clone, Copy)]
pub struct Accounts;

impl Accounts {
    /// Deletes every account of a user: passwords and links die.
    pub async fn delete_of_user(on: impl Into<On<'_>>, user_id: &str) -> Result<u64, DbError> {
        on.into().query(r#"delete from "account" where "userId" = $1"#).bind(user_id).execute().await
    }
}
