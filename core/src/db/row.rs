//! Reading rows, with the same code for both databases.

use sqlx::postgres::{PgRow, PgValueRef};
use sqlx::sqlite::{SqliteRow, SqliteValueRef};
use sqlx::{Decode, Postgres, Row as _, Sqlite, TypeInfo, ValueRef};
use time::{OffsetDateTime, PrimitiveDateTime};

use super::DbError;
use crate::timestamp::Timestamp;

/// A row of either database.
pub enum Row {
    /// From Postgres.
    Postgres(PgRow),
    /// From `SQLite`.
    Sqlite(SqliteRow),
}

/// A cell of either database.
pub enum Cell<'r> {
    /// From Postgres.
    Postgres(PgValueRef<'r>),
    /// From `SQLite`.
    Sqlite(SqliteValueRef<'r>),
}

/// Something that a row can be turned into.
pub trait FromRow: Sized {
    /// Reads it; a missing or mistyped column is [`DbError::InvalidRow`].
    fn from_row(row: &Row) -> Result<Self, DbError>;
}

/// Something that a cell can be turned into. Kinder than the drivers: what another program declared with a
/// neighbouring type (an enum for a text, `timestamp` for `timestamptz`, an `integer` id) is read as well.
pub trait Column: Sized {
    /// Reads a cell that is not null. The error says what is wrong with it.
    fn from_cell(cell: Cell<'_>) -> Result<Self, String>;
}

impl Row {
    /// The column's value.
    pub fn get<T: Column>(&self, column: &str) -> Result<T, DbError> {
        self.maybe(column)?.ok_or_else(|| invalid(column, "is null"))
    }

    /// The column's value, or `None` when it is null.
    pub fn maybe<T: Column>(&self, column: &str) -> Result<Option<T>, DbError> {
        let cell = match self {
            Self::Postgres(row) => row.try_get_raw(column).map(Cell::Postgres),
            Self::Sqlite(row) => row.try_get_raw(column).map(Cell::Sqlite),
        };
        read(cell.map_err(|e| invalid(column, &e.to_string()))?, column)
    }

    /// The first column's value, or `None` when it is null.
    pub fn first<T: Column>(&self) -> Result<Option<T>, DbError> {
        let cell = match self {
            Self::Postgres(row) => row.try_get_raw(0).map(Cell::Postgres),
            Self::Sqlite(row) => row.try_get_raw(0).map(Cell::Sqlite),
        };
        read(cell.map_err(|e| invalid("1", &e.to_string()))?, "1")
    }

    /// The names of the columns, in their order.
    pub fn columns(&self) -> Vec<String> {
        use sqlx::Column as _;
        match self {
            Self::Postgres(row) => row.columns().iter().map(|c| c.name().to_owned()).collect(),
            Self::Sqlite(row) => row.columns().iter().map(|c| c.name().to_owned()).collect(),
        }
    }
}

fn read<T: Column>(cell: Cell<'_>, column: &str) -> Result<Option<T>, DbError> {
    let null = match &cell {
        Cell::Postgres(value) => value.is_null(),
        Cell::Sqlite(value) => value.is_null(),
    };
    if null {
        return Ok(None);
    }
    T::from_cell(cell).map(Some).map_err(|problem| invalid(column, &problem))
}

fn invalid(column: &str, problem: &str) -> DbError {
    DbError::InvalidRow { column: column.to_owned(), problem: problem.to_owned() }
}

fn pg<'r, T: Decode<'r, Postgres>>(value: PgValueRef<'r>) -> Result<T, String> {
    T::decode(value).map_err(|e| e.to_string())
}

fn lite<'r, T: Decode<'r, Sqlite>>(value: SqliteValueRef<'r>) -> Result<T, String> {
    T::decode(value).map_err(|e| e.to_string())
}

impl Column for String {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Postgres(value) => match value.type_info().name() {
                "INT2" | "INT4" | "INT8" => i64::from_cell(Cell::Postgres(value)).map(|n| n.to_string()),
                "UUID" => pg::<uuid::Uuid>(value).map(|id| id.to_string()),
                _ => pg(value),
            },
            Cell::Sqlite(value) => match value.type_info().name() {
                "INTEGER" => lite::<i64>(value).map(|n| n.to_string()),
                _ => lite(value),
            },
        }
    }
}

impl Column for i64 {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Postgres(value) => match value.type_info().name() {
                "INT2" => pg::<i16>(value).map(Self::from),
                "INT4" => pg::<i32>(value).map(Self::from),
                "INT8" => pg(value),
                other => Err(format!("is {other}, not an integer")),
            },
            Cell::Sqlite(value) => lite(value),
        }
    }
}

impl Column for bool {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Postgres(value) => pg(value),
            Cell::Sqlite(value) => lite::<i64>(value).map(|n| n != 0),
        }
    }
}

impl Column for Timestamp {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Postgres(value) => match value.type_info().name() {
                "TIMESTAMPTZ" => pg::<OffsetDateTime>(value).map(Self::new),
                "TIMESTAMP" => pg::<PrimitiveDateTime>(value).map(Self::from),
                other => Err(format!("is {other}, not a timestamp")),
            },
            Cell::Sqlite(value) => match value.type_info().name() {
                // Drizzle keeps times as integers: seconds, or milliseconds when they are that large.
                "INTEGER" => lite::<i64>(value).and_then(|n| {
                    Self::from_millis(if n.abs() < 100_000_000_000 { n * 1000 } else { n })
                        .ok_or_else(|| format!("{n} is no moment"))
                }),
                _ => lite::<String>(value)
                    .and_then(|text| Self::parse(&text).ok_or_else(|| format!("{text:?} is no moment"))),
            },
        }
    }
}
