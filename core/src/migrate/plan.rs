//! An ordered list of additions: for people to read, for a DBA as SQL, and to be applied.

use std::borrow::Cow;
use std::fmt;

use super::ddl;
use super::names::{quoted, quoted_list};
use crate::db::Dialect;
use crate::schema::Column;

/// One addition.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A table with its primary key, unique columns and references.
    CreateTable {
        /// Its name.
        table: String,
        /// Its columns, in order.
        columns: Vec<NewColumn>,
    },
    /// A column for a table that exists.
    AddColumn {
        /// The table.
        table: String,
        /// The column; its unique index follows as a change of its own.
        column: NewColumn,
        /// The rows that exist get the current moment.
        fill_now: bool,
    },
    /// An index.
    CreateIndex {
        /// Its name.
        name: String,
        /// The table.
        table: String,
        /// The columns, in order.
        columns: Vec<String>,
        /// What it is for.
        kind: IndexKind,
    },
}

/// What an index is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexKind {
    /// Finding rows, in order too.
    Plain,
    /// No two rows agree.
    Unique,
    /// Finding equal values, however long they are: on Postgres an ordinary index refuses rows beyond 2704 bytes, one of
    /// hashes does not. `SQLite` needs no other kind.
    Equality,
}

/// A column as this database gets it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewColumn {
    /// As declared, without what this database cannot do.
    pub column: Column,
    /// Its type in SQL.
    pub sql_type: Cow<'static, str>,
    /// What it refers to instead, quoted: the table below a view, which cannot be referred to itself.
    pub refers_to: Option<String>,
}

/// What is missing, in the order in which it is added.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The database it is for.
    pub dialect: Dialect,
    /// Tables first, each after those it refers to, then columns, then indexes.
    pub changes: Vec<Change>,
}

impl Plan {
    /// Whether everything is there already.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The statements, without semicolons.
    pub fn statements(&self) -> Vec<String> {
        self.changes.iter().flat_map(|change| ddl::statements(change, self.dialect)).collect()
    }

    /// The statements as one script for the plan's database.
    pub fn sql(&self) -> String {
        let mut sql = String::new();
        let mut after_table = false;
        for (number, statement) in self.statements().iter().enumerate() {
            let is_table = statement.starts_with("create table");
            if number > 0 && (is_table || after_table) {
                sql.push('\n');
            }
            sql.push_str(statement);
            sql.push_str(";\n");
            after_table = is_table;
        }
        sql
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            match change {
                Change::CreateTable { table, columns } => {
                    let names: Vec<&str> = columns.iter().map(|c| c.column.name.as_ref()).collect();
                    writeln!(f, "+ table {} ({})", quoted(table), quoted_list(&names))?;
                }
                Change::AddColumn { table, column, .. } => {
                    let name = quoted(&column.column.name);
                    writeln!(f, "+ column {}.{name} {}", quoted(table), column.sql_type)?;
                }
                Change::CreateIndex { name, table, columns, kind } => {
                    let unique = if *kind == IndexKind::Unique { "unique " } else { "" };
                    let columns = quoted_list(columns);
                    writeln!(f, "+ {unique}index {} on {} ({columns})", quoted(name), quoted(table))?;
                }
            }
        }
        Ok(())
    }
}
