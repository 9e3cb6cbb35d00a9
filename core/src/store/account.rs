//! The `account` table: how a user can sign in (a password, a provider).

use std::fmt;

use serde_json::{Value as Json, json};

use super::columns::On;
use crate::db::{DbError, FromRow, Row, Tx};
use crate::timestamp::Timestamp;

/// The `providerId` of the account that holds a password; its `accountId` is the user's id.
pub const CREDENTIAL: &str = "credential";

/// A row. Secrets are not shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: String,
    /// The user's name with the provider.
    pub account_id: String,
    /// The provider, or [`CREDENTIAL`].
    pub provider_id: String,
    /// Whose it is.
    pub user_id: String,
    /// The provider's token, as it is kept.
    pub access_token: Option<String>,
    /// What gets a new one, as it is kept.
    pub refresh_token: Option<String>,
    /// The provider's statement on who this is.
    pub id_token: Option<String>,
    /// When the access token ends.
    pub access_token_expires_at: Option<Timestamp>,
    /// When the refresh token ends.
    pub refresh_token_expires_at: Option<Timestamp>,
    /// Granted scopes, separated by commas.
    pub scope: Option<String>,
    /// The password's hash.
    pub password: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("id", &self.id)
            .field("provider_id", &self.provider_id)
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}

/// A kept password: which account holds it, and whose it is.
#[derive(Clone, PartialEq)]
pub struct Credential {
    /// The account's row id.
    pub account_id: String,
    /// The user.
    pub user_id: String,
    /// The hash.
    pub hash: String,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("account_id", &self.account_id).finish_non_exhaustive()
    }
}

impl Account {
    /// The account that holds a user's password.
    pub fn credential(id: String, user_id: &str, password: String, now: Timestamp) -> Self {
        let account = Self::of_provider(id, CREDENTIAL, user_id, user_id, now);
        Self { password: Some(password), ..account }
    }

    /// The account of a user whom a provider knows as `account_id`; without tokens.
    pub fn of_provider(
        id: String,
        provider_id: &str,
        account_id: &str,
        user_id: &str,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            account_id: account_id.to_owned(),
            provider_id: provider_id.to_owned(),
            user_id: user_id.to_owned(),
            access_token: None,
            refresh_token: None,
            id_token: None,
            access_token_expires_at: None,
            refresh_token_expires_at: None,
            scope: None,
            password: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// The password that it holds, if it does.
    pub fn into_credential(self) -> Option<Credential> {
        let hash = self.password.filter(|_| self.provider_id == CREDENTIAL)?;
        Some(Credential { account_id: self.id, user_id: self.user_id, hash })
    }

    /// The account as clients see it: no secret, and `scopes` as a list (contract, section 1).
    pub fn json(&self) -> Json {
        let scopes: Vec<&str> = self
            .scope
            .as_deref()
            .unwrap_or_default()
            .split(',')
            .map(str::trim)
            .filter(|s| !s.is_empty())
            .collect();
        json!({
            "id": self.id,
            "accountId": self.account_id,
            "providerId": self.provider_id,
            "userId": self.user_id,
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
            "scopes": scopes,
        })
    }
}

impl FromRow for Account {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            account_id: row.get("accountId")?,
            provider_id: row.get("providerId")?,
            user_id: row.get("userId")?,
            access_token: row.maybe("accessToken")?,
            refresh_token: row.maybe("refreshToken")?,
            id_token: row.maybe("idToken")?,
            access_token_expires_at: row.maybe("accessTokenExpiresAt")?,
            refresh_token_expires_at: row.maybe("refreshTokenExpiresAt")?,
            scope: row.maybe("scope")?,
            password: row.maybe("password")?,
            created_at: row.get("createdAt")?,
            updated_at: row.get("updatedAt")?,
        })
    }
}

/// Statements on `account`.
#[derive(Debug, Clone, Copy)]
pub struct Accounts;

/// The columns, in the order in which [`Accounts::insert`] binds them.
macro_rules! columns {
    () => {
        r#""id", "accountId", "providerId", "userId", "accessToken", "refreshToken", "idToken",
           "accessTokenExpiresAt", "refreshTokenExpiresAt", "scope", "password", "createdAt", "updatedAt""#
    };
}

impl Accounts {
    /// The account of this row id.
    pub async fn by_id(on: impl Into<On<'_>>, id: &str) -> Result<Option<Account>, DbError> {
        const SQL: &str = concat!("select ", columns!(), r#" from "account" where "id" = $1"#);
        on.into().query(SQL).bind(id).optional().await
    }

    /// The account that a provider knows by this name.
    pub async fn by_key(
        on: impl Into<On<'_>>,
        provider_id: &str,
        account_id: &str,
    ) -> Result<Option<Account>, DbError> {
        const SQL: &str = concat!(
            "select ",
            columns!(),
            r#" from "account" where "providerId" = $1 and "accountId" = $2 order by "createdAt", "id" limit 1"#
        );
        on.into().query(SQL).bind(provider_id).bind(account_id).optional().await
    }

    /// Keeps an account's tokens, their ends and its scope as they are in `account`; `false` when it is gone.
    pub async fn set_tokens(on: impl Into<On<'_>>, account: &Account) -> Result<bool, DbError> {
        let changed = on
            .into()
            .query(
                r#"update "account" set "accessToken" = $2, "refreshToken" = $3, "idToken" = $4,
                     "accessTokenExpiresAt" = $5, "refreshTokenExpiresAt" = $6, "scope" = $7, "updatedAt" = $8
                   where "id" = $1"#,
            )
            .bind(&account.id)
            .bind(account.access_token.clone())
            .bind(account.refresh_token.clone())
            .bind(account.id_token.clone())
            .bind(account.access_token_expires_at)
            .bind(account.refresh_token_expires_at)
            .bind(account.scope.clone())
            .bind(account.updated_at)
            .execute()
            .await?;
        Ok(changed == 1)
    }

    /// The account that holds a user's password.
    pub async fn credential(on: impl Into<On<'_>>, user_id: &str) -> Result<Option<Account>, DbError> {
        const SQL: &str = concat!(
            "select ",
            columns!(),
            r#" from "account" where "userId" = $1 and "providerId" = 'credential'
                order by "createdAt", "id" limit 1"#
        );
        on.into().query(SQL).bind(user_id).optional().await
    }

    /// Whether a password is kept for a user.
    pub async fn has_password(on: impl Into<On<'_>>, user_id: &str) -> Result<bool, DbError> {
        Ok(Self::credential(on, user_id).await?.is_some_and(|account| account.password.is_some()))
    }

    /// Every account of a user, the oldest first.
    pub async fn of_user(on: impl Into<On<'_>>, user_id: &str) -> Result<Vec<Account>, DbError> {
        const SQL: &str = concat!(
            "select ",
            columns!(),
            r#" from "account" where "userId" = $1 order by "createdAt", "id""#
        );
        on.into().query(SQL).bind(user_id).all().await
    }

    /// Adds an account.
    pub async fn insert(on: impl Into<On<'_>>, account: &Account) -> Result<(), DbError> {
        const SQL: &str = concat!(
            r#"insert into "account" ("#,
            columns!(),
            ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        );
        on.into()
            .query(SQL)
            .bind(&account.id)
            .bind(&account.account_id)
            .bind(&account.provider_id)
            .bind(&account.user_id)
            .bind(account.access_token.clone())
            .bind(account.refresh_token.clone())
            .bind(account.id_token.clone())
            .bind(account.access_token_expires_at)
            .bind(account.refresh_token_expires_at)
            .bind(account.scope.clone())
            .bind(account.password.clone())
            .bind(account.created_at)
            .bind(account.updated_at)
            .execute()
            .await
            .map(drop)
    }

    /// Sets the password of the account that holds a user's password; `false` when there is none.
    pub async fn set_password(
        on: impl Into<On<'_>>,
        user_id: &str,
        hash: &str,
        now: Timestamp,
    ) -> Result<bool, DbError> {
        let changed = on
            .into()
            .query(
                r#"update "account" set "password" = $2, "updatedAt" = $3
                   where "userId" = $1 and "providerId" = 'credential'"#,
            )
            .bind(user_id)
            .bind(hash)
            .bind(now)
            .execute()
            .await?;
        Ok(changed > 0)
    }

    /// Sets a user's password, with an account of the id `new_id` to hold it when there is none. Whoever calls has
    /// touched the user's row before, so that two of them wait for each other.
    pub async fn put_password(
        tx: &mut Tx,
        new_id: String,
        user_id: &str,
        hash: String,
        now: Timestamp,
    ) -> Result<(), DbError> {
        if Self::set_password(&mut *tx, user_id, &hash, now).await? {
            return Ok(());
        }
        Self::insert(tx, &Account::credential(new_id, user_id, hash, now)).await
    }

    /// Sets the password of an account if it still is `old`; `false` when somebody was faster.
    pub async fn replace_password(
        on: impl Into<On<'_>>,
        id: &str,
        old: &str,
        new: &str,
        now: Timestamp,
    ) -> Result<bool, DbError> {
        let changed = on
            .into()
            .query(
                r#"update "account" set "password" = $3, "updatedAt" = $4
                   where "id" = $1 and "password" = $2"#,
            )
            .bind(id)
            .bind(old)
            .bind(new)
            .bind(now)
            .execute()
            .await?;
        Ok(changed == 1)
    }

    /// Whether a password still is the one that was compared. It stays so until `tx` ends: whoever changes it waits, and
    /// then ends the session that came of it.
    pub async fn hold_password(tx: &mut Tx, compared: &Credential) -> Result<bool, DbError> {
        let held = tx
            .query(r#"update "account" set "password" = $2 where "id" = $1 and "password" = $2"#)
            .bind(&compared.account_id)
            .bind(&compared.hash)
            .execute()
            .await?;
        Ok(held == 1)
    }

    /// Deletes one account.
    pub async fn delete(on: impl Into<On<'_>>, id: &str) -> Result<bool, DbError> {
        Ok(on.into().query(r#"delete from "account" where "id" = $1"#).bind(id).execute().await? == 1)
    }

    /// Deletes every account of a user: passwords and links die.
    pub async fn delete_of_user(on: impl Into<On<'_>>, user_id: &str) -> Result<u64, DbError> {
        on.into().query(r#"delete from "account" where "userId" = $1"#).bind(user_id).execute().await
    }
}
