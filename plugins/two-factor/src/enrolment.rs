//! The `twoFactor` row of a user, as Better Auth keeps it (contract, section 23), and the account's budget of tries in it.
//!
//! Whoever has only codes by e-mail has a row too, with an empty secret: the budget is one over all factors.

use guichet_core::app::App;
use guichet_core::db::{DbError, FromRow, Row, Tx};
use guichet_core::error::Result;
use guichet_core::schema::{Column, Default, Kind, Table};
use guichet_core::store::On;
use guichet_core::timestamp::Timestamp;
use secrecy::ExposeSecret as _;

use crate::is_on;
use crate::options::Options;

/// The user's column that says that a second factor is on.
pub(crate) const ENABLED: &str = "twoFactorEnabled";

pub(crate) fn tables() -> Vec<Table> {
    let enabled = Column::boolean(ENABLED).default(Default::Boolean(false)).returned();
    let row = Table::new("twoFactor")
        .column(Column::id())
        .column(Column::text("secret").required().indexed())
        .column(Column::text("backupCodes").required())
        .column(Column::text("userId").required().references("user").indexed())
        .column(Column::boolean("verified").default(Default::Boolean(true)))
        .column(Column::integer("failedVerificationCount").default(Default::Integer(0)))
        .column(Column::timestamp("lockedUntil"))
        .column(Column::new("lastStep", Kind::BigInteger));
    vec![Table::new("user").column(enabled), row]
}

/// A row. The secret and the codes are as they are kept.
pub(crate) struct Enrolment {
    pub(crate) id: String,
    pub(crate) user_id: String,
    secret: String,
    pub(crate) backup_codes: String,
    verified: Option<bool>,
    failures: i64,
    locked_until: Option<Timestamp>,
    pub(crate) last_step: Option<i64>,
}

impl FromRow for Enrolment {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            user_id: row.get("userId")?,
            secret: row.get("secret")?,
            backup_codes: row.get("backupCodes")?,
            verified: row.maybe("verified")?,
            failures: row.maybe("failedVerificationCount")?.unwrap_or(0),
            locked_until: row.maybe("lockedUntil")?,
            last_step: row.maybe("lastStep")?,
        })
    }
}

macro_rules! columns {
    () => {
        r#""id", "userId", "secret", "backupCodes", "verified", "failedVerificationCount", "lockedUntil", "lastStep""#
    };
}

impl Enrolment {
    /// The authenticator's secret; `None` for somebody who has none.
    pub(crate) fn secret(&self, app: &App) -> Result<Option<String>> {
        let opened = app.keyring.open(&self.secret)?;
        Ok(Some(opened.expose_secret().to_owned()).filter(|secret| !secret.is_empty()))
    }

    /// Whether the authenticator was confirmed. Rows from before the column count as confirmed.
    pub(crate) fn is_confirmed(&self) -> bool {
        self.verified != Some(false)
    }

    /// Whether confirming it changes anything.
    pub(crate) fn awaits_confirmation(&self) -> bool {
        self.verified != Some(true)
    }

    /// How long the account is still locked.
    pub(crate) fn locked_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.locked_until.filter(|until| *until > now)
    }
}

/// The row of a user.
pub(crate) async fn of(on: impl Into<On<'_>>, user_id: &str) -> Result<Option<Enrolment>, DbError> {
    const SQL: &str =
        concat!("select ", columns!(), r#" from "twoFactor" where "userId" = $1 order by "id" limit 1"#);
    on.into().query(SQL).bind(user_id).optional().await
}

/// The row of a user, made now when there is none: without an authenticator, for its budget.
pub(crate) async fn ensure(app: &App, tx: &mut Tx, user_id: &str) -> Result<Enrolment> {
    if let Some(known) = of(&mut *tx, user_id).await? {
        return Ok(known);
    }
    // Parallel changes of one user's second factor wait for each other.
    app.users.touch(tx, user_id, app.clock.now()).await?;
    if let Some(known) = of(&mut *tx, user_id).await? {
        return Ok(known);
    }
    insert(app, tx, user_id, &app.keyring.seal("")?, "[]").await?;
    of(tx, user_id).await?.ok_or_else(|| DbError::NoRow.into())
}

async fn insert(app: &App, tx: &mut Tx, user_id: &str, secret: &str, codes: &str) -> Result<(), DbError> {
    tx.query(
        r#"insert into "twoFactor" ("id", "secret", "backupCodes", "userId", "verified", "failedVerificationCount")
           values ($1, $2, $3, $4, $5, 0)"#,
    )
    .bind(app.new_id())
    .bind(secret)
    .bind(codes)
    .bind(user_id)
    .bind(false)
    .execute()
    .await
    .map(drop)
}

/// Begins an enrolment: an authenticator that is not confirmed yet takes the place of another such one, and of one that
/// counts as confirmed for want of the column (Better Auth) while the user's second factor is off. `false` when one is in
/// use already.
pub(crate) async fn begin(app: &App, tx: &mut Tx, user_id: &str, secret: &str, codes: &str) -> Result<bool> {
    let sealed = app.keyring.seal(secret)?;
    let is_on = app.users.touch(tx, user_id, app.clock.now()).await?.is_some_and(|user| is_on(&user));
    match of(&mut *tx, user_id).await? {
        Some(known) if known.is_confirmed() && is_on => return Ok(false),
        Some(known) => {
            tx.query(
                r#"update "twoFactor" set "secret" = $2, "backupCodes" = $3, "verified" = $4, "lastStep" = null where "id" = $1"#,
            )
            .bind(known.id)
            .bind(sealed)
            .bind(codes)
            .bind(false)
            .execute()
            .await?;
        }
        None => insert(app, tx, user_id, &sealed, codes).await?,
    }
    Ok(true)
}

/// The authenticator is confirmed.
pub(crate) async fn confirm(tx: &mut Tx, id: &str) -> Result<(), DbError> {
    tx.query(r#"update "twoFactor" set "verified" = $2 where "id" = $1"#)
        .bind(id)
        .bind(true)
        .execute()
        .await
        .map(drop)
}

/// A step was accepted; none up to it is again.
pub(crate) async fn keep_step(tx: &mut Tx, id: &str, step: i64) -> Result<(), DbError> {
    tx.query(r#"update "twoFactor" set "lastStep" = $2 where "id" = $1"#)
        .bind(id)
        .bind(step)
        .execute()
        .await
        .map(drop)
}

/// Replaces the backup codes.
pub(crate) async fn set_codes(tx: &mut Tx, id: &str, codes: &str) -> Result<(), DbError> {
    tx.query(r#"update "twoFactor" set "backupCodes" = $2 where "id" = $1"#)
        .bind(id)
        .bind(codes)
        .execute()
        .await
        .map(drop)
}

/// Everything of a user's second factor goes.
pub(crate) async fn delete(tx: &mut Tx, user_id: &str) -> Result<(), DbError> {
    tx.query(r#"delete from "twoFactor" where "userId" = $1"#).bind(user_id).execute().await.map(drop)
}

/// Ends a user's second factor, whoever wants it so: from now on they have none.
pub(crate) async fn end(app: &App, tx: &mut Tx, user_id: &str) -> Result<()> {
    delete(&mut *tx, user_id).await?;
    app.users.update(tx, user_id, vec![(ENABLED, false.into())], app.clock.now()).await?;
    Ok(())
}

/// Counts a try in one statement, which also makes parallel tries of one account wait for each other, and gives the row
/// as it is from then on. `None` while the account is locked. A lock that has ended begins a new count.
pub(crate) async fn count(tx: &mut Tx, user_id: &str, now: Timestamp) -> Result<Option<Enrolment>, DbError> {
    const SQL: &str = concat!(
        r#"update "twoFactor" set
             "failedVerificationCount" =
               case when "lockedUntil" is not null then 1 else coalesce("failedVerificationCount", 0) + 1 end,
             "lockedUntil" = null
           where "userId" = $1 and ("lockedUntil" is null or "lockedUntil" <= $2)
           returning "#,
        columns!()
    );
    tx.query(SQL).bind(user_id).bind(now).optional().await
}

/// The counted try was none.
pub(crate) async fn uncount(tx: &mut Tx, id: &str) -> Result<(), DbError> {
    tx.query(
        r#"update "twoFactor" set "failedVerificationCount" = "failedVerificationCount" - 1 where "id" = $1"#,
    )
    .bind(id)
    .execute()
    .await
    .map(drop)
}

/// The counted try was right: what came before it is forgiven.
pub(crate) async fn forgive(tx: &mut Tx, id: &str) -> Result<(), DbError> {
    tx.query(r#"update "twoFactor" set "failedVerificationCount" = 0, "lockedUntil" = null where "id" = $1"#)
        .bind(id)
        .execute()
        .await
        .map(drop)
}

/// The counted try was wrong. `true` when it was the last one: the account is locked from now on.
pub(crate) async fn fail(
    tx: &mut Tx,
    options: &Options,
    row: &Enrolment,
    now: Timestamp,
) -> Result<bool, DbError> {
    if row.failures < i64::from(options.tries_per_account) {
        return Ok(false);
    }
    tx.query(r#"update "twoFactor" set "lockedUntil" = $2 where "id" = $1"#)
        .bind(&row.id)
        .bind(now.plus(options.lock_for.0))
        .execute()
        .await?;
    Ok(true)
}
