//! Tables and columns as data. One declaration drives DDL, adoption, input rules, replies and `OpenAPI`.
//!
//! Core and plugins declare with the builders here; [`crate::migrate`] compares what is declared with what is
//! found. Two declarations of one table are merged: that is how a plugin adds a column to `user`. Two of one column are
//! merged too, where they mean the same: a role may be filled by one plugin and be asked for by another.

mod merge;

use std::borrow::Cow;

use crate::db::Value;
use crate::error::ErrorCode;

pub use merge::ColumnClash;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `text` on both.
    #[serde(alias = "string")]
    Text,
    /// `integer` on both.
    #[serde(alias = "number")]
    Integer,
    /// `bigint` on Postgres, `integer` on `SQLite`.
    BigInteger,
    /// `boolean` on Postgres, `integer` on `SQLite`.
    Boolean,
    /// `timestamptz` on Postgres, text of fixed width on `SQLite` (declared `date`, as Better Auth does).
    #[serde(alias = "date")]
    Timestamp,
}

impl Kind {
    /// Nothing, of this kind.
    pub fn null(self) -> Value {
        match self {
            Self::Text => Value::Text(None),
            Self::Integer | Self::BigInteger => Value::Integer(None),
            Self::Boolean => Value::Boolean(None),
            Self::Timestamp => Value::Timestamp(None),
        }
    }
}

/// What a column is filled with when nothing is given.
#[derive(Debug, Clone, PartialEq)]
pub enum Default {
    /// A text.
    Text(Cow<'static, str>),
    /// A number.
    Integer(i64),
    /// A truth value.
    Boolean(bool),
    /// The moment of insertion; the database's own `CURRENT_TIMESTAMP`.
    Now,
}

/// A reference to another table's column, deleted along with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The table referred to.
    pub table: Cow<'static, str>,
    /// Its column.
    pub column: Cow<'static, str>,
}

/// A column and its rights.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name, as quoted in SQL and in JSON.
    pub name: Cow<'static, str>,
    /// What it holds.
    pub kind: Kind,
    /// `not null`.
    pub required: bool,
    /// Part of the primary key.
    pub primary: bool,
    /// Has a unique index of its own.
    pub unique: bool,
    /// Has an index of its own.
    pub indexed: bool,
    /// Values may be too long for an ordinary index (2704 bytes on Postgres): its index serves equality alone.
    pub long: bool,
    /// What it refers to.
    pub references: Option<Reference>,
    /// What it is filled with.
    pub default: Option<Default>,
    /// May the client set it?
    pub input: bool,
    /// Does it leave the server?
    pub returned: bool,
    /// Is a newcomer who tries to set it told so, although it has a default?
    pub guarded: bool,
    /// Does it name for whom somebody acts (an organization, a client)? See [`Column::acts_for`].
    pub acts_for: bool,
    /// What is answered (400) when somebody else has the value of a unique column; a general refusal when `None`.
    pub taken: Option<ErrorCode>,
}

impl Column {
    /// A nullable column of this kind that clients may neither set nor see, until it is opened to them.
    pub fn new(name: impl Into<Cow<'static, str>>, kind: Kind) -> Self {
        Self {
            name: name.into(),
            kind,
            required: false,
            primary: false,
            unique: false,
            indexed: false,
            long: false,
            references: None,
            default: None,
            input: false,
            returned: false,
            guarded: false,
            acts_for: false,
            taken: None,
        }
    }

    /// A nullable text.
    pub fn text(name: impl Into<Cow<'static, str>>) -> Self {
        Self::new(name, Kind::Text)
    }

    /// A nullable integer.
    pub fn integer(name: impl Into<Cow<'static, str>>) -> Self {
        Self::new(name, Kind::Integer)
    }

    /// A nullable truth value.
    pub fn boolean(name: impl Into<Cow<'static, str>>) -> Self {
        Self::new(name, Kind::Boolean)
    }

    /// A nullable moment.
    pub fn timestamp(name: impl Into<Cow<'static, str>>) -> Self {
        Self::new(name, Kind::Timestamp)
    }

    /// `id text primary key`.
    pub fn id() -> Self {
        Self { primary: true, required: true, returned: true, ..Self::text("id") }
    }

    /// `not null`.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Unique.
    #[must_use]
    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// Unique, and a value that somebody else has is answered with this code.
    #[must_use]
    pub fn unique_or(mut self, taken: ErrorCode) -> Self {
        self.taken = Some(taken);
        self.unique()
    }

    /// Indexed.
    #[must_use]
    pub fn indexed(mut self) -> Self {
        self.indexed = true;
        self
    }

    /// Indexed for equality alone, because values may be too long for an ordinary index.
    #[must_use]
    pub fn indexed_though_long(mut self) -> Self {
        self.long = true;
        self.indexed()
    }

    /// Refers to `table.id` and is deleted with it.
    #[must_use]
    pub fn references(mut self, table: &'static str) -> Self {
        self.references = Some(Reference { table: table.into(), column: "id".into() });
        self
    }

    /// Filled with this when nothing is given.
    #[must_use]
    pub fn default(mut self, default: Default) -> Self {
        self.default = Some(default);
        self
    }

    /// Clients may set it.
    #[must_use]
    pub fn input(mut self) -> Self {
        self.input = true;
        self
    }

    /// Who tries to set it at sign-up is refused, where other columns with a default quietly get that default.
    #[must_use]
    pub fn guarded(mut self) -> Self {
        self.guarded = true;
        self
    }

    /// It names for whom its owner acts: an organization, a client. Events tell the first such text of the session, else
    /// of the user; access tokens that of the session.
    #[must_use]
    pub fn acts_for(mut self) -> Self {
        self.acts_for = true;
        self
    }

    /// It is part of replies.
    #[must_use]
    pub fn returned(mut self) -> Self {
        self.returned = true;
        self
    }
}

/// A table, or columns for a table that is declared elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: Cow<'static, str>,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Indexes over several columns (names of the columns).
    pub indexes: Vec<Vec<Cow<'static, str>>>,
}

impl Table {
    /// A table without columns.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), columns: Vec::new(), indexes: Vec::new() }
    }

    /// Adds a column.
    #[must_use]
    pub fn column(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }

    /// Adds an index over several columns.
    #[must_use]
    pub fn index(mut self, columns: &[&'static str]) -> Self {
        self.indexes.push(columns.iter().map(|&c| Cow::Borrowed(c)).collect());
        self
    }
}

/// Every table of the running product: the core's, the plugins' and the configuration's, merged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schema {
    /// In the order of declaration, so that a reference follows what it refers to.
    pub tables: Vec<Table>,
}

impl Schema {
    /// The table of this name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|t| t.name == name)
    }

    /// The column of a table that names for whom somebody acts ([`Column::acts_for`]), when there is one: the first.
    pub fn acting(&self, table: &str) -> Option<&str> {
        self.table(table)?.columns.iter().find(|column| column.acts_for).map(|column| column.name.as_ref())
    }
}
