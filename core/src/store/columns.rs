//! SQL for tables with additional columns, put together once from declared names.

use crate::db::{Db, DbError, Insert, Row, Running, Statement, Tx, Value};
use crate::schema::{Column, Default, Kind, Table};
use crate::timestamp::Timestamp;

/// Where a statement runs: on the pool, or in a transaction.
pub enum On<'a> {
    /// A statement of its own.
    Db(&'a Db),
    /// One of several.
    Tx(&'a mut Tx),
}

impl<'a> On<'a> {
    /// A statement there.
    pub fn query(self, sql: &'a str) -> Statement<'a> {
        match self {
            Self::Db(db) => db.query(sql),
            Self::Tx(tx) => tx.query(sql),
        }
    }

    /// Rows there, all of them or none.
    pub fn write(self, rows: Vec<Insert>) -> Running<'a, ()> {
        match self {
            Self::Db(db) => db.write(rows),
            Self::Tx(tx) => tx.write(rows),
        }
    }
}

impl<'a> From<&'a Db> for On<'a> {
    fn from(db: &'a Db) -> Self {
        Self::Db(db)
    }
}

impl<'a> From<&'a mut Tx> for On<'a> {
    fn from(tx: &'a mut Tx) -> Self {
        Self::Tx(tx)
    }
}

/// `u."id" as "u_id", u."email" as "u_email"`.
pub(super) fn select_list(table: &Table, alias: &str) -> String {
    table
        .columns
        .iter()
        .map(|column| format!(r#"{alias}."{0}" as "{alias}_{0}""#, column.name))
        .collect::<Vec<_>>()
        .join(", ")
}

/// `"id" as "u_id", …`: `SQLite` lets `returning` name columns only without their table.
fn returning_list(table: &Table, alias: &str) -> String {
    let columns = table.columns.iter();
    columns.map(|column| format!(r#""{0}" as "{alias}_{0}""#, column.name)).collect::<Vec<_>>().join(", ")
}

/// `insert into "user" ("id", …) values ($1, …) <tail> returning …`, with the columns that are given: what is left out
/// gets the default of whoever made the table.
pub(super) fn insert(table: &Table, alias: &str, columns: &[&str], tail: &str) -> String {
    let places = places(columns);
    insert_from(table, alias, columns, &format!("values ({places}){tail}"))
}

/// As [`insert`], if the row of `condition` (`from … where …`) is there.
pub(super) fn insert_where(table: &Table, alias: &str, columns: &[&str], condition: &str) -> String {
    let places = places(columns);
    insert_from(table, alias, columns, &format!("select {places} {condition}"))
}

fn insert_from(table: &Table, alias: &str, columns: &[&str], rows: &str) -> String {
    let names = columns.iter().map(|c| format!(r#""{c}""#)).collect::<Vec<_>>().join(", ");
    format!(r#"insert into "{}" ({names}) {rows} returning {}"#, table.name, returning_list(table, alias))
}

fn places(columns: &[&str]) -> String {
    (1..=columns.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// What an additional column is filled with: what is given, else its declared default, else nothing.
pub(super) fn filled(column: &Column, given: Option<Value>, now: Timestamp) -> Option<Value> {
    given.or_else(|| column.default.is_some().then(|| default_of(column, now)))
}

/// `update "user" set "a" = $2, … where "id" = $1 returning …`.
pub(super) fn update(table: &Table, alias: &str, columns: &[&str]) -> String {
    let sets = columns
        .iter()
        .enumerate()
        .map(|(n, c)| format!(r#""{c}" = ${}"#, n + 2))
        .collect::<Vec<_>>()
        .join(", ");
    format!(
        r#"update "{0}" set {sets} where "id" = $1 returning {1}"#,
        table.name,
        returning_list(table, alias)
    )
}

/// Reads a column into a [`Value`] of its declared kind.
pub(super) fn read(row: &Row, alias: &str, column: &Column) -> Result<Value, DbError> {
    let name = format!("{alias}_{}", column.name);
    Ok(match column.kind {
        Kind::Text => Value::Text(row.maybe(&name)?),
        Kind::Integer | Kind::BigInteger => Value::Integer(row.maybe(&name)?),
        Kind::Boolean => Value::Boolean(row.maybe(&name)?),
        Kind::Timestamp => Value::Timestamp(row.maybe(&name)?),
    })
}

/// What a column is filled with when nothing is given.
pub(super) fn default_of(column: &Column, now: Timestamp) -> Value {
    match (&column.default, column.kind) {
        (Some(Default::Text(text)), _) => Value::Text(Some(text.to_string())),
        (Some(Default::Integer(number)), _) => Value::Integer(Some(*number)),
        (Some(Default::Boolean(truth)), _) => Value::Boolean(Some(*truth)),
        (Some(Default::Now), _) => Value::Timestamp(Some(now)),
        (None, kind) => kind.null(),
    }
}
