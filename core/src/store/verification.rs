//! The `verification` table: values that prove something once, for a while (contract, section 6).

use super::columns::On;
use crate::app::App;
use crate::db::{DbError, FromRow, Insert, Row};
use crate::timestamp::Timestamp;

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct Verification {
    /// Its id.
    pub id: String,
    /// What it is for: `sign-in-otp-<email>`.
    pub identifier: String,
    /// What must be proven; its form is its owner's.
    pub value: String,
    /// Until when.
    pub expires_at: Timestamp,
}

impl FromRow for Verification {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            identifier: row.get("identifier")?,
            value: row.get("value")?,
            expires_at: row.get("expiresAt")?,
        })
    }
}

/// Statements on `verification`.
#[derive(Debug, Clone, Copy)]
pub struct Verifications;

impl Verifications {
    /// Adds a row.
    pub async fn insert(on: impl Into<On<'_>>, row: &Verification, now: Timestamp) -> Result<(), DbError> {
        on.into().write(vec![Self::row(row, now, now)]).await
    }

    /// A row that was made at `made`, to be written together with others.
    pub fn row(row: &Verification, made: Timestamp, now: Timestamp) -> Insert {
        Insert::new("verification")
            .value("id", &row.id)
            .value("identifier", &row.identifier)
            .value("value", &row.value)
            .value("expiresAt", row.expires_at)
            .value("createdAt", made)
            .value("updatedAt", now)
    }

    /// The rows of an identifier, the newest first, expired ones included.
    pub async fn of(on: impl Into<On<'_>>, identifier: &str) -> Result<Vec<Verification>, DbError> {
        on.into()
            .query(
                r#"select "id", "identifier", "value", "expiresAt" from "verification"
                   where "identifier" = $1 order by "createdAt" desc, "id" desc"#,
            )
            .bind(identifier)
            .all()
            .await
    }

    /// Takes every row of an identifier, the newest first, with when it was made: a parallel caller finds none.
    pub async fn take_all(
        on: impl Into<On<'_>>,
        identifier: &str,
    ) -> Result<Vec<(Verification, Timestamp)>, DbError> {
        let rows = on
            .into()
            .query(
                r#"delete from "verification" where "identifier" = $1
                   returning "id", "identifier", "value", "expiresAt", "createdAt""#,
            )
            .bind(identifier)
            .rows()
            .await?;
        let mut taken = Vec::with_capacity(rows.len());
        for row in &rows {
            let verification = Verification::from_row(row)?;
            // Rows that were there before us may not say when they were made.
            let made = row.maybe("createdAt")?.unwrap_or(verification.expires_at);
            taken.push((verification, made));
        }
        taken.sort_by(|(one, made), (other, later)| (later, &other.id).cmp(&(made, &one.id)));
        Ok(taken)
    }

    /// Puts a row back that was taken, as old as it was.
    pub async fn put_back(
        on: impl Into<On<'_>>,
        row: &Verification,
        made: Timestamp,
        now: Timestamp,
    ) -> Result<(), DbError> {
        on.into().write(vec![Self::row(row, made, now)]).await
    }

    /// Replaces the value of a row.
    pub async fn set_value(
        on: impl Into<On<'_>>,
        id: &str,
        value: &str,
        now: Timestamp,
    ) -> Result<(), DbError> {
        on.into()
            .query(r#"update "verification" set "value" = $2, "updatedAt" = $3 where "id" = $1"#)
            .bind(id)
            .bind(value)
            .bind(now)
            .execute()
            .await
            .map(drop)
    }

    /// Takes a row: exactly one of any number of callers gets `true`.
    pub async fn take(on: impl Into<On<'_>>, id: &str) -> Result<bool, DbError> {
        Ok(on.into().query(r#"delete from "verification" where "id" = $1"#).bind(id).execute().await? == 1)
    }

    /// As much as a row, for nobody: `octets` of a value that says nothing.
    pub fn decoy(app: &App, octets: usize) -> Insert {
        let now = app.clock.now();
        let row = Verification {
            id: app.new_id(),
            identifier: "decoy".to_owned(),
            value: app.keyring.random_alphanumeric(octets),
            expires_at: now,
        };
        Self::row(&row, now, now)
    }

    /// The value of a live row; it stays.
    pub async fn look(
        on: impl Into<On<'_>>,
        identifier: &str,
        now: Timestamp,
    ) -> Result<Option<String>, DbError> {
        Self::look_either(on, [identifier; 2], now).await
    }

    /// As [`Verifications::look`], and uses it up: exactly one of any number of callers gets the value.
    pub async fn consume(
        on: impl Into<On<'_>>,
        identifier: &str,
        now: Timestamp,
    ) -> Result<Option<String>, DbError> {
        Self::consume_either(on, [identifier; 2], now).await
    }

    /// The value of a live row under either of two identifiers ([`crate::link_token`]); it stays.
    pub(crate) async fn look_either(
        on: impl Into<On<'_>>,
        identifiers: [&str; 2],
        now: Timestamp,
    ) -> Result<Option<String>, DbError> {
        let [one, other] = identifiers;
        on.into()
            .query(
                r#"select "value" from "verification" where "identifier" in ($1, $2) and "expiresAt" > $3
                   order by "createdAt" desc, "id" desc limit 1"#,
            )
            .bind(one)
            .bind(other)
            .bind(now)
            .scalar()
            .await
    }

    /// As [`Verifications::look_either`], and uses it up.
    pub(crate) async fn consume_either(
        on: impl Into<On<'_>>,
        identifiers: [&str; 2],
        now: Timestamp,
    ) -> Result<Option<String>, DbError> {
        let [one, other] = identifiers;
        on.into()
            .query(
                r#"delete from "verification" where "identifier" in ($1, $2) and "expiresAt" > $3
                   returning "value""#,
            )
            .bind(one)
            .bind(other)
            .bind(now)
            .scalar()
            .await
    }

    /// The live row of an identifier, held until the transaction ends: who else wants it waits, so that what is read
    /// here can be counted on.
    pub async fn hold(
        tx: &mut crate::db::Tx,
        identifier: &str,
        now: Timestamp,
    ) -> Result<Option<Verification>, DbError> {
        tx.query(
            r#"update "verification" set "updatedAt" = $2 where "identifier" = $1 and "expiresAt" > $2
               returning "id", "identifier", "value", "expiresAt""#,
        )
        .bind(identifier)
        .bind(now)
        .optional()
        .await
    }

    /// Deletes the rows whose whole value is this: tokens of links, whose value is the user that they are for.
    pub async fn delete_of_value(on: impl Into<On<'_>>, value: &str) -> Result<u64, DbError> {
        on.into().query(r#"delete from "verification" where "value" = $1"#).bind(value).execute().await
    }

    /// Deletes every row of an identifier.
    pub async fn delete_all(on: impl Into<On<'_>>, identifier: &str) -> Result<u64, DbError> {
        on.into()
            .query(r#"delete from "verification" where "identifier" = $1"#)
            .bind(identifier)
            .execute()
            .await
    }

    /// Deletes rows that ended before `moment`.
    pub async fn delete_expired(on: impl Into<On<'_>>, moment: Timestamp) -> Result<u64, DbError> {
        on.into().query(r#"delete from "verification" where "expiresAt" < $1"#).bind(moment).execute().await
    }
}
