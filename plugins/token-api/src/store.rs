//! The `refreshToken` table: every refresh token that was handed out, by its hash, until it can no longer matter.
//!
//! Whoever writes takes the session's row first, then rows here: parallel requests of one session wait for each other
//! and never in a circle.

use guichet_core::db::{Db, DbError, FromRow, Row, Tx};
use guichet_core::schema::{Column, Table};
use guichet_core::store::On;
use guichet_core::timestamp::Timestamp;

pub(crate) fn tables() -> Vec<Table> {
    vec![
        Table::new("refreshToken")
            .column(Column::id())
            .column(Column::text("family").required().indexed())
            .column(Column::text("userId").required().references("user").indexed())
            .column(Column::text("sessionId").required().references("session").indexed())
            .column(Column::text("tokenHash").required().unique())
            .column(Column::text("parent"))
            .column(Column::timestamp("createdAt").required())
            .column(Column::timestamp("expiresAt").required().indexed())
            .column(Column::timestamp("usedAt"))
            .column(Column::text("successor"))
            .column(Column::text("accessToken"))
            .column(Column::text("userAgent"))
            .column(Column::text("ipAddress")),
    ]
}

macro_rules! columns {
    () => {
        r#""id", "family", "userId", "sessionId", "tokenHash", "parent", "createdAt", "expiresAt", "usedAt",
           "successor", "accessToken", "userAgent", "ipAddress""#
    };
}

/// A row.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) id: String,
    /// What all tokens that came of one sign-in share; what people see as the token's id.
    pub(crate) family: String,
    pub(crate) user_id: String,
    pub(crate) session_id: String,
    /// A SHA-256: 256 random bits need no slow hash.
    pub(crate) token_hash: String,
    /// The row of the token that this one replaced.
    pub(crate) parent: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    /// When it was used: only its successor is good since then.
    pub(crate) used_at: Option<Timestamp>,
    /// The row of the token that replaced it.
    pub(crate) successor: Option<String>,
    /// The access token that was handed out with the successor, sealed: for those who ask again at once.
    pub(crate) access_token: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) ip_address: Option<String>,
}

impl FromRow for Stored {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            id: row.get("id")?,
            family: row.get("family")?,
            user_id: row.get("userId")?,
            session_id: row.get("sessionId")?,
            token_hash: row.get("tokenHash")?,
            parent: row.maybe("parent")?,
            created_at: row.get("createdAt")?,
            expires_at: row.get("expiresAt")?,
            used_at: row.maybe("usedAt")?,
            successor: row.maybe("successor")?,
            access_token: row.maybe("accessToken")?,
            user_agent: row.maybe("userAgent")?,
            ip_address: row.maybe("ipAddress")?,
        })
    }
}

/// The token with this hash.
pub(crate) async fn by_hash(db: &Db, hash: &str) -> Result<Option<Stored>, DbError> {
    const SQL: &str = concat!("select ", columns!(), r#" from "refreshToken" where "tokenHash" = $1"#);
    db.query(SQL).bind(hash).optional().await
}

/// The token of this row.
pub(crate) async fn by_id(db: &Db, id: &str) -> Result<Option<Stored>, DbError> {
    const SQL: &str = concat!("select ", columns!(), r#" from "refreshToken" where "id" = $1"#);
    db.query(SQL).bind(id).optional().await
}

pub(crate) async fn insert(tx: &mut Tx, new: &Stored) -> Result<(), DbError> {
    const SQL: &str = concat!(
        r#"insert into "refreshToken" ("#,
        columns!(),
        ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    );
    tx.query(SQL)
        .bind(&new.id)
        .bind(&new.family)
        .bind(&new.user_id)
        .bind(&new.session_id)
        .bind(&new.token_hash)
        .bind(new.parent.clone())
        .bind(new.created_at)
        .bind(new.expires_at)
        .bind(new.used_at)
        .bind(new.successor.clone())
        .bind(new.access_token.clone())
        .bind(new.user_agent.clone())
        .bind(new.ip_address.clone())
        .execute()
        .await
        .map(drop)
}

/// Uses a token, if nobody has: one of any number of parallel requests hears `true`.
pub(crate) async fn use_once(
    tx: &mut Tx,
    id: &str,
    now: Timestamp,
    successor: &str,
    access_token: &str,
) -> Result<bool, DbError> {
    let sql = r#"update "refreshToken" set "usedAt" = $2, "successor" = $3, "accessToken" = $4
                 where "id" = $1 and "usedAt" is null and "expiresAt" > $2"#;
    let used = tx.query(sql).bind(id).bind(now).bind(successor).bind(access_token).execute().await?;
    Ok(used == 1)
}

/// The tokens of a user that can still be used, one of each sign-in, the oldest first.
pub(crate) async fn alive(db: &Db, user_id: &str, now: Timestamp) -> Result<Vec<Stored>, DbError> {
    const SQL: &str = concat!(
        "select ",
        columns!(),
        r#" from "refreshToken" t where t."userId" = $1 and t."usedAt" is null and t."expiresAt" > $2
           and exists (select 1 from "session" s where s."id" = t."sessionId" and s."expiresAt" > $2)
           order by t."createdAt", t."id""#
    );
    db.query(SQL).bind(user_id).bind(now).all().await
}

/// The session and the user of a family.
pub(crate) async fn session_of(db: &Db, family: &str) -> Result<Option<(String, String)>, DbError> {
    let sql = r#"select "sessionId", "userId" from "refreshToken" where "family" = $1 limit 1"#;
    let rows = db.query(sql).bind(family).rows().await?;
    rows.first().map(|row| Ok((row.get("sessionId")?, row.get("userId")?))).transpose()
}

/// Deletes the tokens of a session.
pub(crate) async fn delete_of_session(tx: &mut Tx, session_id: &str) -> Result<(), DbError> {
    let sql = r#"delete from "refreshToken" where "sessionId" = $1"#;
    tx.query(sql).bind(session_id).execute().await.map(drop)
}

/// Deletes every token of a user.
pub(crate) async fn delete_of_user<'a>(on: impl Into<On<'a>>, user_id: &str) -> Result<(), DbError> {
    let sql = r#"delete from "refreshToken" where "userId" = $1"#;
    on.into().query(sql).bind(user_id).execute().await.map(drop)
}

/// Deletes what has expired, and what outlived its session where the database takes nothing along (a session table
/// behind a view).
pub(crate) async fn clean(db: &Db, now: Timestamp) -> Result<(), DbError> {
    let sql = r#"delete from "refreshToken" where "expiresAt" < $1
                 or not exists (select 1 from "session" s where s."id" = "refreshToken"."sessionId")"#;
    db.query(sql).bind(now).execute().await.map(drop)
}
