//! The `session` table.
//!
//! Tokens are kept as a marked SHA-256. Rows that Better Auth wrote with the token in plain are honoured, and are
//! rewritten when they are next used.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::columns::{On, filled, insert_where, read, select_list, update};
use super::fields::Fields;
use super::session::{HASHED, IMPERSONATED_BY, Session};
use super::session_lookups::SessionLookups;
use super::users::{User, Users};
use crate::config::TokenStorage;
use crate::db::{DbError, FromRow, Row, Tx, Value};
use crate::keyring::digest;
use crate::schema::{Column, Schema, Table};
use crate::timestamp::Timestamp;

/// A row that was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ended {
    /// Its id.
    pub(crate) id: String,
    /// Whose it was.
    pub(crate) user_id: String,
}

impl FromRow for Ended {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self { id: row.get("id")?, user_id: row.get("userId")? })
    }
}

const CORE: [&str; 10] =
    ["id", "token", "userId", "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent", "amr", "aal"];

/// Statements on `session`.
#[derive(Debug, Clone)]
pub struct Sessions {
    table: Table,
    storage: TokenStorage,
    by_token: Arc<SessionLookups>,
    in_any_form: Arc<SessionLookups>,
    by_id: String,
    of_user: String,
}

impl Sessions {
    pub(crate) fn new(schema: &Schema, users: &Users, storage: TokenStorage) -> Self {
        let table = schema.table("session").cloned().unwrap_or_else(|| Table::new("session"));
        let list = select_list(&table, "s");
        let with_user = format!(
            r#"select {list}, {} from "session" s join "user" u on u."id" = s."userId""#,
            users.select_list()
        );
        Self {
            by_id: format!(r#"{with_user} where s."id" = $1"#),
            by_token: SessionLookups::new(&with_user, 1),
            in_any_form: SessionLookups::new(&with_user, 2),
            of_user: format!(
                r#"select {list} from "session" s where s."userId" = $1 and s."expiresAt" > $2 order by s."createdAt", s."id""#
            ),
            table,
            storage,
        }
    }

    /// How a token is kept.
    pub fn at_rest(&self, token: &str) -> String {
        match self.storage {
            TokenStorage::Hashed => hashed(token),
            TokenStorage::Plain => token.to_owned(),
        }
    }

    /// Columns that core does not know by name.
    pub fn extra_columns(&self) -> impl Iterator<Item = &Column> {
        self.table.columns.iter().filter(|column| !CORE.contains(&column.name.as_ref()))
    }

    /// The session of a token, with its user, in one indexed statement, which outside of a transaction may be shared with
    /// lookups that come at the same time. Expired ones are given too. A second statement looks for a token that is kept
    /// in another form than new ones are, and for one that nobody has.
    pub async fn by_token(
        &self,
        on: impl Into<On<'_>>,
        users: &Users,
        token: &str,
    ) -> Result<Option<(Session, User)>, DbError> {
        if token.starts_with(HASHED) {
            return Ok(None);
        }
        // Both forms in the second one, since one becomes the other: a session that was prolonged meanwhile must not be
        // missed.
        let forms = vec![hashed(token), token.to_owned()];
        let row = match on.into() {
            On::Tx(tx) => self.in_any_form.alone(tx, forms).await?,
            On::Db(db) => match self.by_token.find(db, vec![self.at_rest(token)]).await? {
                Some(row) => Some(row),
                None => self.in_any_form.find(db, forms).await?,
            },
        };
        row.map(|row| Ok((self.read(&row)?, users.read(&row)?))).transpose()
    }

    /// The session of an id, with its user, in one indexed statement. Expired ones are given too.
    pub async fn by_id(
        &self,
        on: impl Into<On<'_>>,
        users: &Users,
        id: &str,
    ) -> Result<Option<(Session, User)>, DbError> {
        let rows = on.into().query(&self.by_id).bind(id).rows().await?;
        rows.first().map(|row| Ok((self.read(row)?, users.read(row)?))).transpose()
    }

    /// Makes a session for `user`, if they still are who they were when they were read: `None` when they are gone, or
    /// their address is another one. `token` is in plain.
    pub(crate) async fn insert(
        &self,
        on: impl Into<On<'_>>,
        session: Session,
        user: &User,
        token: &str,
    ) -> Result<Option<Session>, DbError> {
        let value = |column: &Column| {
            Some(match column.name.as_ref() {
                "id" => session.id.as_str().into(),
                "token" => self.at_rest(token).into(),
                "userId" => session.user_id.as_str().into(),
                "expiresAt" => session.expires_at.into(),
                "createdAt" => session.created_at.into(),
                "updatedAt" => session.updated_at.into(),
                "ipAddress" => session.ip_address.clone().into(),
                "userAgent" => session.user_agent.clone().into(),
                "amr" => session.amr.clone().into(),
                "aal" => session.aal.into(),
                other => return filled(column, session.extra.get(other).cloned(), session.created_at),
            })
        };
        let (names, values): (Vec<&str>, Vec<Value>) = self
            .table
            .columns
            .iter()
            .filter_map(|column| Some((column.name.as_ref(), value(column)?)))
            .unzip();
        let next = names.len() + 1;
        let still = format!(r#"from "user" u where u."id" = ${next} and u."email" = ${}"#, next + 1);
        let sql = insert_where(&self.table, "s", &names, &still);
        let rows = on.into().query(&sql).bind_all(values).bind(&user.id).bind(&user.email).rows().await?;
        rows.first().map(|row| self.read(row)).transpose()
    }

    /// Prolongs a session, and hashes its token when it was still in plain.
    pub async fn prolong(
        &self,
        on: impl Into<On<'_>>,
        id: &str,
        token: &str,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), DbError> {
        on.into()
            .query(r#"update "session" set "expiresAt" = $2, "updatedAt" = $3, "token" = $4 where "id" = $1"#)
            .bind(id)
            .bind(expires_at)
            .bind(now)
            .bind(self.at_rest(token))
            .execute()
            .await
            .map(drop)
    }

    /// Changes columns of a session and `updatedAt`; `None` when there is no such session.
    pub async fn update(
        &self,
        on: impl Into<On<'_>>,
        id: &str,
        changes: Vec<(&str, Value)>,
        now: Timestamp,
    ) -> Result<Option<Session>, DbError> {
        let (mut names, mut values): (Vec<&str>, Vec<Value>) = changes.into_iter().unzip();
        names.push("updatedAt");
        values.push(now.into());
        let sql = update(&self.table, "s", &names);
        let rows = on.into().query(&sql).bind(id).bind_all(values).rows().await?;
        rows.first().map(|row| self.read(row)).transpose()
    }

    /// Rewrites a token that was kept in plain; nothing happens when it already is as it should be.
    pub async fn rewrite_token(
        &self,
        on: impl Into<On<'_>>,
        session: &Session,
        token: &str,
    ) -> Result<(), DbError> {
        let wanted = self.at_rest(token);
        if session.stored_token == wanted {
            return Ok(());
        }
        on.into()
            .query(r#"update "session" set "token" = $2 where "id" = $1"#)
            .bind(&session.id)
            .bind(wanted)
            .execute()
            .await
            .map(drop)
    }

    /// The live sessions of a user, the oldest first.
    pub async fn of_user(
        &self,
        on: impl Into<On<'_>>,
        user_id: &str,
        now: Timestamp,
    ) -> Result<Vec<Session>, DbError> {
        let rows = on.into().query(&self.of_user).bind(user_id).bind(now).rows().await?;
        rows.iter().map(|row| self.read(row)).collect()
    }

    /// How many sessions live.
    pub async fn count_live(&self, on: impl Into<On<'_>>, now: Timestamp) -> Result<i64, DbError> {
        let sql = r#"select count(*) from "session" where "expiresAt" > $1"#;
        Ok(on.into().query(sql).bind(now).scalar().await?.unwrap_or_default())
    }

    /// Deletes one session.
    pub(crate) async fn delete(&self, on: impl Into<On<'_>>, id: &str) -> Result<Vec<Ended>, DbError> {
        on.into()
            .query(r#"delete from "session" where "id" = $1 returning "id", "userId""#)
            .bind(id)
            .all()
            .await
    }

    /// Deletes the session of a token, hashed or in plain.
    pub(crate) async fn delete_by_token(
        &self,
        on: impl Into<On<'_>>,
        token: &str,
    ) -> Result<Vec<Ended>, DbError> {
        if token.starts_with(HASHED) {
            return Ok(Vec::new());
        }
        on.into()
            .query(r#"delete from "session" where "token" in ($1, $2) returning "id", "userId""#)
            .bind(hashed(token))
            .bind(token)
            .all()
            .await
    }

    /// Deletes all sessions of a user, but for the one with the id `except`.
    pub(crate) async fn delete_of_user(
        &self,
        on: impl Into<On<'_>>,
        user_id: &str,
        except: Option<&str>,
    ) -> Result<Vec<Ended>, DbError> {
        on.into()
            .query(
                r#"delete from "session" where "userId" = $1 and "id" is distinct from $2
                   returning "id", "userId""#,
            )
            .bind(user_id)
            .bind(except)
            .all()
            .await
    }

    /// Makes whoever changes a session of this user wait until `tx` ends.
    pub(crate) async fn hold_of_user(&self, tx: &mut Tx, user_id: &str) -> Result<(), DbError> {
        tx.query(r#"update "session" set "userId" = "userId" where "userId" = $1"#)
            .bind(user_id)
            .execute()
            .await
            .map(drop)
    }

    /// Whether a session can say that it is lent: a plugin declares the column.
    pub(crate) fn know_lent_ones(&self) -> bool {
        self.table.columns.iter().any(|column| column.name == IMPERSONATED_BY)
    }

    /// The ids of the sessions that are lent to this user.
    pub async fn lent_to(&self, on: impl Into<On<'_>>, user_id: &str) -> Result<Vec<String>, DbError> {
        if !self.know_lent_ones() {
            return Ok(Vec::new());
        }
        let sql = r#"select "id" from "session" where "impersonatedBy" = $1"#;
        let rows = on.into().query(sql).bind(user_id).rows().await?;
        rows.iter().map(|row| row.get("id")).collect()
    }

    /// Deletes sessions that ended; gives how many.
    pub async fn delete_expired(&self, on: impl Into<On<'_>>, now: Timestamp) -> Result<u64, DbError> {
        on.into().query(r#"delete from "session" where "expiresAt" < $1"#).bind(now).execute().await
    }

    /// The session as clients see it. `token` is what they may hold: the token in plain, or a handle.
    pub fn json(&self, session: &Session, token: &str) -> Json {
        let object: Map<String, Json> = self
            .table
            .columns
            .iter()
            .filter(|column| column.returned)
            .map(|column| {
                let value = match column.name.as_ref() {
                    "id" => session.id.as_str().into(),
                    "token" => token.into(),
                    "userId" => session.user_id.as_str().into(),
                    "expiresAt" => session.expires_at.into(),
                    "createdAt" => session.created_at.into(),
                    "updatedAt" => session.updated_at.into(),
                    "ipAddress" => session.ip_address.clone().into(),
                    "userAgent" => session.user_agent.clone().into(),
                    other => session.extra.get(other).cloned().unwrap_or(Value::Text(None)),
                };
                (column.name.to_string(), serde_json::to_value(value).unwrap_or(Json::Null))
            })
            .collect();
        Json::Object(object)
    }

    fn read(&self, row: &Row) -> Result<Session, DbError> {
        let mut extra = Fields::default();
        for column in self.extra_columns() {
            extra.set(column.name.as_ref(), read(row, "s", column)?);
        }
        Ok(Session {
            id: row.get("s_id")?,
            stored_token: row.get("s_token")?,
            user_id: row.get("s_userId")?,
            expires_at: row.get("s_expiresAt")?,
            created_at: row.get("s_createdAt")?,
            updated_at: row.get("s_updatedAt")?,
            ip_address: row.maybe("s_ipAddress")?,
            user_agent: row.maybe("s_userAgent")?,
            amr: row.maybe("s_amr")?,
            aal: row.maybe("s_aal")?.unwrap_or(1),
            extra,
        })
    }
}

fn hashed(token: &str) -> String {
    format!("{HASHED}{}", digest(token))
}
