//! One statement with its values, on a pool or in a transaction.

use std::sync::Arc;

use sqlx::postgres::{PgArguments, PgConnection};
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{AssertSqlSafe, Executor};

use super::row::Column;
use super::spent;
use super::uuids::{self, Uuids};
use super::{Db, DbError, FromRow, Pools, Row, Running, Value};

/// A statement being put together: `db.query("select … where email = $1").bind(email).optional::<User>()`.
#[must_use = "a statement does nothing until it is run"]
pub struct Statement<'a> {
    target: Target<'a>,
    sql: &'a str,
    values: Vec<Value>,
}

pub(super) enum Target<'a> {
    Pool(&'a Db),
    Postgres(&'a mut PgConnection, &'a Uuids),
    Sqlite(&'a mut SqliteConnection),
}

enum Bound {
    Postgres(PgArguments),
    Sqlite(SqliteArguments),
}

impl<'a> Statement<'a> {
    pub(super) fn on_pool(db: &'a Db, sql: &'a str) -> Self {
        Self { target: Target::Pool(db), sql, values: Vec::new() }
    }

    pub(super) fn on_connection(target: Target<'a>, sql: &'a str) -> Self {
        Self { target, sql, values: Vec::new() }
    }

    /// Binds the next `$n`.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Binds the next several `$n`.
    pub fn bind_all(mut self, values: impl IntoIterator<Item = Value>) -> Self {
        self.values.extend(values);
        self
    }

    /// Runs it and gives the number of rows that it changed.
    pub fn execute(self) -> Running<'a, u64> {
        Box::pin(async move {
            let (target, sql, bound) = self.bound().await?;
            let sql = AssertSqlSafe(sql);
            Ok(match (target, bound) {
                (Executing::Pg(pool), Bound::Postgres(a)) => {
                    pool.execute(sqlx::query_with(sql, a)).await?.rows_affected()
                }
                (Executing::PgConnection(c), Bound::Postgres(a)) => {
                    c.execute(sqlx::query_with(sql, a)).await?.rows_affected()
                }
                (Executing::Lite(pool), Bound::Sqlite(a)) => {
                    pool.execute(sqlx::query_with(sql, a)).await?.rows_affected()
                }
                (Executing::LiteConnection(c), Bound::Sqlite(a)) => {
                    c.execute(sqlx::query_with(sql, a)).await?.rows_affected()
                }
                _ => return Err(mismatch()),
            })
        })
    }

    /// All rows.
    pub fn rows(self) -> Running<'a, Vec<Row>> {
        Box::pin(async move {
            let (target, sql, bound) = self.bound().await?;
            let sql = AssertSqlSafe(sql);
            Ok(match (target, bound) {
                (Executing::Pg(pool), Bound::Postgres(a)) => {
                    postgres_rows(pool.fetch_all(sqlx::query_with(sql, a)).await?)
                }
                (Executing::PgConnection(c), Bound::Postgres(a)) => {
                    postgres_rows(c.fetch_all(sqlx::query_with(sql, a)).await?)
                }
                (Executing::Lite(pool), Bound::Sqlite(a)) => {
                    sqlite_rows(pool.fetch_all(sqlx::query_with(sql, a)).await?)
                }
                (Executing::LiteConnection(c), Bound::Sqlite(a)) => {
                    sqlite_rows(c.fetch_all(sqlx::query_with(sql, a)).await?)
                }
                _ => return Err(mismatch()),
            })
        })
    }

    /// All rows, each turned into a `T`.
    pub async fn all<T: FromRow>(self) -> Result<Vec<T>, DbError> {
        self.rows().await?.iter().map(T::from_row).collect()
    }

    /// The first row, if there is one.
    pub async fn optional<T: FromRow>(self) -> Result<Option<T>, DbError> {
        self.rows().await?.first().map(T::from_row).transpose()
    }

    /// The first row; [`DbError::NoRow`] when there is none.
    pub async fn one<T: FromRow>(self) -> Result<T, DbError> {
        self.optional().await?.ok_or(DbError::NoRow)
    }

    /// The first column of the first row: `None` when there is no row or it is null.
    pub async fn scalar<T: Column>(self) -> Result<Option<T>, DbError> {
        Ok(self.rows().await?.first().map(Row::first).transpose()?.flatten())
    }

    async fn bound(self) -> Result<(Executing<'a>, &'a str, Bound), DbError> {
        spent::count_statement();
        let (mut target, uuids) = match self.target {
            Target::Pool(db) => match db.pools() {
                Pools::Postgres(pool, uuids) => (Executing::Pg(pool), Some(&**uuids)),
                Pools::Sqlite { read, write } => {
                    (Executing::Lite(if reads_only(self.sql) { read } else { write }), None)
                }
            },
            Target::Postgres(connection, uuids) => (Executing::PgConnection(connection), Some(uuids)),
            Target::Sqlite(connection) => (Executing::LiteConnection(connection), None),
        };
        let Some(uuids) = uuids else {
            let mut arguments = SqliteArguments::default();
            for value in self.values {
                let added = value.add_to_sqlite(&mut arguments);
                added.map_err(|e| DbError::Refused(sqlx::Error::Encode(e)))?;
            }
            return Ok((target, self.sql, Bound::Sqlite(arguments)));
        };
        let places = if uuids.matter(&self.values) {
            target.uuids(uuids, self.sql, &self.values).await?
        } else {
            Arc::default()
        };
        let arguments = uuids::arguments(self.values, &places)?;
        Ok((target, self.sql, Bound::Postgres(arguments)))
    }
}

enum Executing<'a> {
    Pg(&'a sqlx::PgPool),
    PgConnection(&'a mut PgConnection),
    Lite(&'a sqlx::SqlitePool),
    LiteConnection(&'a mut SqliteConnection),
}

impl Executing<'_> {
    /// Which values are UUIDs in the database.
    async fn uuids(&mut self, uuids: &Uuids, sql: &str, values: &[Value]) -> Result<Arc<[bool]>, DbError> {
        if let Some(known) = uuids.places(sql) {
            return Ok(known);
        }
        match self {
            Self::Pg(pool) => uuids.ask(&mut *pool.acquire().await?, sql, values).await,
            Self::PgConnection(connection) => uuids.ask(connection, sql, values).await,
            Self::Lite(_) | Self::LiteConnection(_) => Ok(Arc::default()),
        }
    }
}

fn reads_only(sql: &str) -> bool {
    let first = sql.trim_start().get(..6).unwrap_or_default();
    first.eq_ignore_ascii_case("select") || first.eq_ignore_ascii_case("pragma")
}

fn postgres_rows(rows: Vec<sqlx::postgres::PgRow>) -> Vec<Row> {
    rows.into_iter().map(Row::Postgres).collect()
}

fn sqlite_rows(rows: Vec<sqlx::sqlite::SqliteRow>) -> Vec<Row> {
    rows.into_iter().map(Row::Sqlite).collect()
}

/// Arguments are made for the target a line above; this arm only satisfies the compiler.
fn mismatch() -> DbError {
    DbError::Refused(sqlx::Error::Configuration("arguments of another database".into()))
}
