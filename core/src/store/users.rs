//! The `user` table.

use serde_json::{Map, Value as Json};

use super::account::Credential;
use super::columns::{On, default_of, filled, insert, read, select_list, update};
use super::fields::Fields;
use crate::db::{DbError, Dialect, Row, Tx, Value, like_escaped, violates};
use crate::email_address::EmailAddress;
use crate::error::{Error, ErrorCode, bad_request, unprocessable};
use crate::schema::{Column, Schema, Table};
use crate::timestamp::Timestamp;

/// A user. What core does not know by name is in `extra`.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// Its id; ours are `UUIDv7`, old ones whatever they are.
    pub id: String,
    /// The e-mail address, in its normal form.
    pub email: String,
    /// Whether somebody proved to read that mailbox.
    pub email_verified: bool,
    /// The name; may be empty, and null in databases that we did not make.
    pub name: Option<String>,
    /// The address of a picture. Never fetched by us.
    pub image: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Columns that plugins and the configuration add.
    pub extra: Fields,
}

/// A user to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewUser {
    /// The e-mail address.
    pub email: EmailAddress,
    /// Whether that mailbox is proven.
    pub email_verified: bool,
    /// The name, perhaps empty.
    pub name: String,
    /// The address of a picture.
    pub image: Option<String>,
    /// Additional columns; absent ones get their defaults.
    pub extra: Fields,
}

/// The names that core knows.
const CORE: [&str; 7] = ["id", "name", "email", "emailVerified", "image", "createdAt", "updatedAt"];

/// Statements on `user`, put together from its columns.
#[derive(Debug, Clone)]
pub struct Users {
    table: Table,
    by_id: String,
    by_email: String,
    with_credential: String,
}

impl Users {
    pub(crate) fn new(schema: &Schema) -> Self {
        let table = schema.table("user").cloned().unwrap_or_else(|| Table::new("user"));
        let list = select_list(&table, "u");
        Self {
            by_id: format!(r#"select {list} from "user" u where u."id" = $1"#),
            by_email: format!(r#"select {list} from "user" u where u."email" = $1"#),
            with_credential: format!(
                r#"select {list}, a."id" as "a_id", a."password" as "a_password" from "user" u
                   left join "account" a on a."userId" = u."id" and a."providerId" = 'credential'
                   where u."email" = $1 order by a."createdAt", a."id" limit 1"#
            ),
            table,
        }
    }

    /// Columns that core does not know by name.
    pub fn extra_columns(&self) -> impl Iterator<Item = &Column> {
        self.table.columns.iter().filter(|column| !CORE.contains(&column.name.as_ref()))
    }

    /// All columns, with their rights.
    pub fn columns(&self) -> &[Column] {
        &self.table.columns
    }

    pub(super) fn select_list(&self) -> String {
        select_list(&self.table, "u")
    }

    /// The user of this id.
    pub async fn by_id(&self, on: impl Into<On<'_>>, id: &str) -> Result<Option<User>, DbError> {
        self.optional(&on.into().query(&self.by_id).bind(id).rows().await?)
    }

    /// The user of this id, whose row is `tx`'s alone from now on: sessions that others are making for them are waited for,
    /// and later ones wait. On Postgres that takes a lock that no portable statement takes; on `SQLite` whoever writes is
    /// alone anyway.
    pub async fn hold_alone(&self, tx: &mut Tx, id: &str) -> Result<Option<User>, DbError> {
        if tx.dialect() == Dialect::Postgres {
            let held =
                tx.query(r#"select "id" from "user" where "id" = $1 for update"#).bind(id).rows().await?;
            if held.is_empty() {
                return Ok(None);
            }
        }
        self.by_id(tx, id).await
    }

    /// The user of this id, whose row `tx` holds from now on: what changes their ways in waits for each other, and looks at
    /// what it checks after the wait. `updatedAt` is `now`. Unlike with [`Users::hold_alone`], who only refers to the row (a
    /// session that is being made) goes on beside it. `None` when there is no such user.
    pub async fn touch(&self, tx: &mut Tx, id: &str, now: Timestamp) -> Result<Option<User>, DbError> {
        self.update(tx, id, Vec::new(), now).await
    }

    /// The user of this address. Addresses are stored in their normal form.
    pub async fn by_email(
        &self,
        on: impl Into<On<'_>>,
        email: &EmailAddress,
    ) -> Result<Option<User>, DbError> {
        self.optional(&on.into().query(&self.by_email).bind(email.as_str()).rows().await?)
    }

    /// A page of all users, or of those whose address or name holds `search`, whatever its capitals; the newest first.
    pub async fn page(
        &self,
        on: impl Into<On<'_>>,
        search: Option<&str>,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<User>, DbError> {
        let (filter, values) = filter(search);
        let next = values.len() + 1;
        let sql = format!(
            r#"select {} from "user" u{filter} order by u."createdAt" desc, u."id" limit ${next} offset ${}"#,
            self.select_list(),
            next + 1
        );
        let rows = on.into().query(&sql).bind_all(values).bind(limit).bind(offset).rows().await?;
        rows.iter().map(|row| self.read(row)).collect()
    }

    /// The users whom `tail` names, which follows `from "user" u`: conditions, order, bounds. `values` are what it binds.
    pub async fn matching(
        &self,
        on: impl Into<On<'_>>,
        tail: &str,
        values: Vec<Value>,
    ) -> Result<Vec<User>, DbError> {
        let sql = format!(r#"select {} from "user" u{tail}"#, self.select_list());
        let rows = on.into().query(&sql).bind_all(values).rows().await?;
        rows.iter().map(|row| self.read(row)).collect()
    }

    /// How many users [`Users::page`] goes through.
    pub async fn count(&self, on: impl Into<On<'_>>, search: Option<&str>) -> Result<i64, DbError> {
        let (filter, values) = filter(search);
        let sql = format!(r#"select count(*) from "user" u{filter}"#);
        Ok(on.into().query(&sql).bind_all(values).scalar().await?.unwrap_or_default())
    }

    /// Up to `limit` ids after `last`, in their order: a walk over everybody, whoever comes and goes meanwhile.
    pub async fn ids_after(
        &self,
        on: impl Into<On<'_>>,
        last: Option<&str>,
        limit: u32,
    ) -> Result<Vec<String>, DbError> {
        let rows = match last {
            None => {
                on.into()
                    .query(r#"select "id" from "user" order by "id" limit $1"#)
                    .bind(limit)
                    .rows()
                    .await?
            }
            Some(last) => {
                on.into()
                    .query(r#"select "id" from "user" where "id" > $1 order by "id" limit $2"#)
                    .bind(last)
                    .bind(limit)
                    .rows()
                    .await?
            }
        };
        rows.iter().map(|row| row.get("id")).collect()
    }

    /// The user of this address with the password that is kept for them, if any, in one statement.
    pub async fn with_credential(
        &self,
        on: impl Into<On<'_>>,
        email: &EmailAddress,
    ) -> Result<Option<(User, Option<Credential>)>, DbError> {
        let rows = on.into().query(&self.with_credential).bind(email.as_str()).rows().await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let user = self.read(row)?;
        let kept = row.maybe::<String>("a_id")?.zip(row.maybe::<String>("a_password")?);
        let credential =
            kept.map(|(account_id, hash)| Credential { account_id, user_id: user.id.clone(), hash });
        Ok(Some((user, credential)))
    }

    /// The user who has this value in a unique column; nobody for a column that is not one.
    pub async fn by_unique(
        &self,
        on: impl Into<On<'_>>,
        column: &str,
        value: impl Into<Value>,
    ) -> Result<Option<User>, DbError> {
        let Some(column) = self.table.columns.iter().find(|known| known.name == column && known.unique)
        else {
            return Ok(None);
        };
        let sql = format!(r#"select {} from "user" u where u."{}" = $1"#, self.select_list(), column.name);
        self.optional(&on.into().query(&sql).bind(value).rows().await?)
    }

    /// The unique column whose value somebody else has, when that is what `error` says.
    pub fn violated(&self, error: &DbError) -> Option<&Column> {
        self.table.columns.iter().find(|column| column.unique && violates(error, "user", &column.name))
    }

    /// What a statement's failure is to whoever caused it: a value that somebody else has in a unique column gets the
    /// column's own code (400), else `otherwise` (422).
    pub fn refusal(&self, error: DbError, otherwise: ErrorCode) -> Error {
        match self.violated(&error) {
            Some(column) => column.taken.map_or_else(|| unprocessable(otherwise), bad_request),
            None => error.into(),
        }
    }

    /// Makes a user. A taken address is a violation of `user.email`.
    pub async fn insert(
        &self,
        on: impl Into<On<'_>>,
        id: String,
        new: NewUser,
        now: Timestamp,
    ) -> Result<User, DbError> {
        self.insert_with(on.into(), "", &id, new, now).await?.ok_or(DbError::NoRow)
    }

    /// Makes a user unless somebody else has just made one with this address: `None` then.
    pub async fn insert_if_new(
        &self,
        on: impl Into<On<'_>>,
        id: String,
        new: NewUser,
        now: Timestamp,
    ) -> Result<Option<User>, DbError> {
        self.insert_with(on.into(), r#" on conflict ("email") do nothing"#, &id, new, now).await
    }

    /// As [`Users::insert_if_new`], with an id that comes from elsewhere: `None` too when somebody has that id, or the
    /// value of another unique column.
    pub async fn insert_unless_taken(
        &self,
        on: impl Into<On<'_>>,
        id: String,
        new: NewUser,
        now: Timestamp,
    ) -> Result<Option<User>, DbError> {
        self.insert_with(on.into(), " on conflict do nothing", &id, new, now).await
    }

    async fn insert_with(
        &self,
        on: On<'_>,
        tail: &str,
        id: &str,
        new: NewUser,
        now: Timestamp,
    ) -> Result<Option<User>, DbError> {
        let (names, values): (Vec<&str>, Vec<Value>) = self.values(id, new, now).into_iter().unzip();
        let sql = insert(&self.table, "u", &names, tail);
        self.optional(&on.query(&sql).bind_all(values).rows().await?)
    }

    /// A user as it would be if it were made: for answers that must look alike whether or not one is.
    pub fn made_up(&self, id: String, mut new: NewUser, now: Timestamp) -> User {
        let mut extra = Fields::default();
        for column in self.extra_columns() {
            let name = column.name.as_ref();
            extra.set(name, new.extra.take(name).unwrap_or_else(|| default_of(column, now)));
        }
        User {
            id,
            email: new.email.into(),
            email_verified: new.email_verified,
            name: Some(new.name),
            image: new.image,
            created_at: now,
            updated_at: now,
            extra,
        }
    }

    /// Changes columns of a user and `updatedAt`; `None` when there is no such user.
    pub async fn update(
        &self,
        on: impl Into<On<'_>>,
        id: &str,
        changes: Vec<(&str, Value)>,
        now: Timestamp,
    ) -> Result<Option<User>, DbError> {
        let (mut names, mut values): (Vec<&str>, Vec<Value>) = changes.into_iter().unzip();
        names.push("updatedAt");
        values.push(now.into());
        let sql = update(&self.table, "u", &names);
        self.optional(&on.into().query(&sql).bind(id).bind_all(values).rows().await?)
    }

    /// Deletes a user with everything that refers to it.
    pub async fn delete(&self, on: impl Into<On<'_>>, id: &str) -> Result<bool, DbError> {
        Ok(on.into().query(r#"delete from "user" where "id" = $1"#).bind(id).execute().await? > 0)
    }

    /// The user as clients see it: every column that may leave the server.
    pub fn json(&self, user: &User) -> Json {
        let object: Map<String, Json> = self
            .table
            .columns
            .iter()
            .filter(|column| column.returned)
            .map(|column| (column.name.to_string(), column_json(user, column)))
            .collect();
        Json::Object(object)
    }

    fn values(&self, id: &str, mut new: NewUser, now: Timestamp) -> Vec<(&str, Value)> {
        let mut value = |column: &Column| {
            Some(match column.name.as_ref() {
                "id" => id.into(),
                "email" => new.email.as_str().into(),
                "emailVerified" => new.email_verified.into(),
                "name" => new.name.clone().into(),
                "image" => new.image.clone().into(),
                "createdAt" | "updatedAt" => now.into(),
                other => return filled(column, new.extra.take(other), now),
            })
        };
        self.table.columns.iter().filter_map(|column| Some((column.name.as_ref(), value(column)?))).collect()
    }

    fn optional(&self, rows: &[Row]) -> Result<Option<User>, DbError> {
        rows.first().map(|row| self.read(row)).transpose()
    }

    /// Reads a user from a row whose columns carry the prefix `u_`.
    pub(super) fn read(&self, row: &Row) -> Result<User, DbError> {
        let mut extra = Fields::default();
        for column in self.extra_columns() {
            extra.set(column.name.as_ref(), read(row, "u", column)?);
        }
        Ok(User {
            id: row.get("u_id")?,
            email: row.get("u_email")?,
            email_verified: row.get("u_emailVerified")?,
            name: row.maybe("u_name")?,
            image: row.maybe("u_image")?,
            created_at: row.get("u_createdAt")?,
            updated_at: row.get("u_updatedAt")?,
            extra,
        })
    }
}

/// The condition of a search, and what it binds. Wildcards of what was typed stand for themselves.
fn filter(search: Option<&str>) -> (&'static str, Vec<Value>) {
    const BOTH: &str =
        r#" where lower(u."email") like lower($1) escape '!' or lower(u."name") like lower($1) escape '!'"#;
    let Some(search) = search.map(str::trim).filter(|search| !search.is_empty()) else {
        return ("", Vec::new());
    };
    let escaped = like_escaped(search);
    (BOTH, vec![format!("%{escaped}%").into()])
}

fn column_json(user: &User, column: &Column) -> Json {
    let value = match column.name.as_ref() {
        "id" => return user.id.clone().into(),
        "email" => return user.email.clone().into(),
        "emailVerified" => return user.email_verified.into(),
        "name" => return user.name.clone().into(),
        "image" => return user.image.clone().into(),
        "createdAt" => Value::from(user.created_at),
        "updatedAt" => Value::from(user.updated_at),
        other => user.extra.get(other).cloned().unwrap_or_else(|| default_of(column, user.updated_at)),
    };
    serde_json::to_value(value).unwrap_or(Json::Null)
}
