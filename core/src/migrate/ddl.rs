//! The SQL of a plan.

use std::borrow::Cow;

use super::names::{literal, quoted, quoted_list};
use super::plan::{Change, IndexKind, NewColumn};
use crate::db::Dialect;
use crate::schema::{Default, Kind};

/// The moment of insertion in the fixed width of [`crate::Timestamp`].
const SQLITE_NOW: &str = "(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))";

/// The types that Better Auth's own migration gives.
pub(super) fn type_of(kind: Kind, dialect: Dialect) -> &'static str {
    match (kind, dialect) {
        (Kind::Text, _) => "text",
        (Kind::BigInteger, Dialect::Postgres) => "bigint",
        (Kind::Boolean, Dialect::Postgres) => "boolean",
        (Kind::Integer | Kind::BigInteger | Kind::Boolean, _) => "integer",
        (Kind::Timestamp, Dialect::Postgres) => "timestamptz",
        (Kind::Timestamp, Dialect::Sqlite) => "date",
    }
}

/// The statements of one change, without semicolons.
pub(super) fn statements(change: &Change, dialect: Dialect) -> Vec<String> {
    match change {
        Change::CreateTable { table, columns } => vec![create_table(table, columns, dialect)],
        Change::AddColumn { table, column, fill_now } => {
            let rest = constraints(column, "", dialect);
            let NewColumn { column, sql_type, .. } = column;
            let (name, added) = (quoted(table), quoted(&column.name));
            let add = format!("alter table {name} add column {added} {sql_type} {rest}");
            let mut all = vec![add.trim_end().to_owned()];
            if *fill_now {
                all.push(format!("update {name} set {added} = {}", now(dialect)));
            }
            all
        }
        Change::CreateIndex { name, table, columns, kind } => {
            let unique = if *kind == IndexKind::Unique { "unique " } else { "" };
            let hashed = *kind == IndexKind::Equality && dialect == Dialect::Postgres;
            let method = if hashed { "using hash " } else { "" };
            let (name, table) = (quoted(name), quoted(table));
            vec![format!("create {unique}index {name} on {table} {method}({})", quoted_list(columns))]
        }
    }
}

/// One column a line, in aligned columns.
fn create_table(table: &str, columns: &[NewColumn], dialect: Dialect) -> String {
    let keys: Vec<&str> =
        columns.iter().filter(|c| c.column.primary).map(|c| c.column.name.as_ref()).collect();
    let width = |text: &str| text.chars().count();
    let names: Vec<String> = columns.iter().map(|c| quoted(&c.column.name)).collect();
    let name_width = names.iter().map(|name| width(name)).max().unwrap_or_default();
    let type_width = columns.iter().map(|c| width(&c.sql_type)).max().unwrap_or_default();
    let mut lines: Vec<String> = columns
        .iter()
        .zip(&names)
        .map(|(new, name)| {
            let NewColumn { column, sql_type, .. } = new;
            let key = match (column.primary, column.unique) {
                (true, _) if keys.len() == 1 => "primary key",
                (_, true) => "unique",
                _ => "",
            };
            let line =
                format!("  {name:name_width$} {sql_type:type_width$} {}", constraints(new, key, dialect));
            line.trim_end().to_owned()
        })
        .collect();
    if keys.len() > 1 {
        lines.push(format!("  primary key ({})", quoted_list(&keys)));
    }
    format!("create table {} (\n{}\n)", quoted(table), lines.join(",\n"))
}

/// What follows the type; `key` is `primary key`, `unique` or empty.
fn constraints(new: &NewColumn, key: &str, dialect: Dialect) -> String {
    let NewColumn { column, refers_to, .. } = new;
    let mut parts = Vec::new();
    // SQLite lets a primary key be null unless it is told.
    if column.required || column.primary {
        parts.push("not null".to_owned());
    }
    if let Some(default) = &column.default {
        parts.push(format!("default {}", default_value(default, dialect)));
    }
    if !key.is_empty() {
        parts.push(key.to_owned());
    }
    if let Some(to) = &column.references {
        let table = refers_to.clone().unwrap_or_else(|| quoted(&to.table));
        parts.push(format!("references {table} ({}) on delete cascade", quoted(&to.column)));
    }
    parts.join(" ")
}

fn default_value(default: &Default, dialect: Dialect) -> Cow<'static, str> {
    match (default, dialect) {
        (Default::Text(text), _) => literal(text).into(),
        (Default::Integer(number), _) => number.to_string().into(),
        (Default::Boolean(truth), Dialect::Postgres) => truth.to_string().into(),
        (Default::Boolean(truth), Dialect::Sqlite) => i64::from(*truth).to_string().into(),
        (Default::Now, _) => now(dialect).into(),
    }
}

fn now(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "CURRENT_TIMESTAMP",
        Dialect::Sqlite => SQLITE_NOW,
    }
}
