//! A value on its way into a statement, and the typed form of declared columns in memory.

use serde::{Serialize, Serializer};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgTypeInfo, Postgres};
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, Encode, Type};
use time::OffsetDateTime;

use crate::timestamp::Timestamp;

/// A value of a column; each kind may be null, because databases want to know the kind of a null too.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `text`, and whatever text turns into: enums, `varchar`, `citext`.
    Text(Option<String>),
    /// `integer` or `bigint`.
    Integer(Option<i64>),
    /// `boolean`.
    Boolean(Option<bool>),
    /// `timestamptz`, or text of fixed width on `SQLite`.
    Timestamp(Option<Timestamp>),
}

impl Value {
    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Text(None) | Self::Integer(None) | Self::Boolean(None) | Self::Timestamp(None))
    }

    /// The text, when it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(Some(text)) => Some(text),
            _ => None,
        }
    }

    /// The truth value, when it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Boolean(value) => *value,
            _ => None,
        }
    }

    /// The moment, when it is one.
    pub fn as_timestamp(&self) -> Option<Timestamp> {
        match self {
            Self::Timestamp(value) => *value,
            _ => None,
        }
    }

    /// The type that [`Self::add_to_postgres`] gives it.
    pub(super) fn postgres_type(&self) -> PgTypeInfo {
        match self {
            Self::Text(_) => Untyped::type_info(),
            Self::Integer(_) => <i64 as Type<Postgres>>::type_info(),
            Self::Boolean(_) => <bool as Type<Postgres>>::type_info(),
            Self::Timestamp(_) => <OffsetDateTime as Type<Postgres>>::type_info(),
        }
    }

    pub(super) fn add_to_postgres(self, arguments: &mut PgArguments) -> Result<(), BoxDynError> {
        match self {
            Self::Text(text) => arguments.add(text.map(Untyped)),
            Self::Integer(number) => arguments.add(number),
            Self::Boolean(truth) => arguments.add(truth),
            Self::Timestamp(moment) => arguments.add(moment.map(Timestamp::inner)),
        }
    }

    pub(super) fn add_to_sqlite(self, arguments: &mut SqliteArguments) -> Result<(), BoxDynError> {
        match self {
            Self::Text(text) => arguments.add(text),
            Self::Integer(number) => arguments.add(number),
            Self::Boolean(truth) => arguments.add(truth),
            Self::Timestamp(moment) => arguments.add(moment.map(|m| m.to_string())),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(v) => v.serialize(serializer),
            Self::Integer(v) => v.serialize(serializer),
            Self::Boolean(v) => v.serialize(serializer),
            Self::Timestamp(v) => v.serialize(serializer),
        }
    }
}

macro_rules! into_value {
    ($($from:ty => $kind:ident),* $(,)?) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Self::$kind(Some(value.into()))
            }
        }
        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                Self::$kind(value.map(Into::into))
            }
        }
    )*};
}

into_value! { &str => Text, &String => Text, String => Text, i64 => Integer, i32 => Integer, u32 => Integer, bool => Boolean, Timestamp => Timestamp }

/// Text whose Postgres type is left open, so that the server takes it for what the column is: an enum that
/// Prisma made, a `varchar`, a `citext`.
struct Untyped(String);

/// `unknown` in `pg_type`.
const UNKNOWN: Oid = Oid(705);

impl Type<Postgres> for Untyped {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(UNKNOWN)
    }
}

impl Encode<'_, Postgres> for Untyped {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <&str as Encode<'_, Postgres>>::encode_by_ref(&self.0.as_str(), buffer)
    }
}
