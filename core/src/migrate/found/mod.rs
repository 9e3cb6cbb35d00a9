//! What the database holds now: the declared tables as they are there, and what their rows forbid.

mod postgres;
mod sqlite;

use std::collections::BTreeSet;

use super::names::quoted;
use crate::db::{DbError, Dialect, Tx};
use crate::schema::{Kind, Schema, Table};

/// The declared tables, as far as they exist. Names are spelled as declared, also where `SQLite`, which ignores
/// case, has them in another one.
#[derive(Debug, Clone)]
pub struct Found {
    /// Which database this is.
    pub dialect: Dialect,
    /// In no particular order.
    pub tables: Vec<FoundTable>,
    /// Every name that a new index cannot have, in lower case.
    pub names: BTreeSet<String>,
}

/// A table or view that exists.
#[derive(Debug, Clone, Default)]
pub struct FoundTable {
    /// Its name.
    pub name: String,
    /// A view (or a foreign table): taken as it is, nothing can be added to it.
    pub is_view: bool,
    /// Postgres: the table below a view over one table, quoted, with its schema, when its primary key is `id`:
    /// what a reference to the view can mean.
    pub below: Option<String>,
    /// Its columns.
    pub columns: Vec<FoundColumn>,
    /// Its usable indexes, the primary key's and those of unique constraints included.
    pub indexes: Vec<FoundIndex>,
    /// 0, 1, or 2 for "several". Looked at only when a declared column is missing.
    pub rows: i64,
}

/// A column that exists.
#[derive(Debug, Clone)]
pub struct FoundColumn {
    /// Its name.
    pub name: String,
    /// Its type in the database's own words: `character varying(20)`, `"Role"`, `DATETIME`.
    pub type_name: String,
    /// Postgres: the internal name of the type, below a domain (`varchar`), and `anyenum` for every enum.
    /// `SQLite`: the same as `type_name`.
    pub base_type: String,
    /// `not null`.
    pub required: bool,
    /// The database fills it by itself: default, identity, generated.
    pub filled: bool,
    /// How many values occur more than once. Looked at only when a unique index is to be added.
    pub duplicates: i64,
    /// `SQLite`: a moment that is kept as a number was seen. Looked at only for declared moments.
    pub numeric_moments: bool,
}

/// An index over plain columns, without condition, ready for use.
#[derive(Debug, Clone)]
pub struct FoundIndex {
    /// Up to the first expression.
    pub columns: Vec<String>,
    /// Unique over exactly these columns.
    pub unique: bool,
}

impl FoundTable {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&FoundColumn> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Whether an index serves lookups by these columns: it begins with them, in this order.
    pub fn is_indexed<S: AsRef<str>>(&self, columns: &[S]) -> bool {
        self.indexes.iter().any(|index| {
            index.columns.len() >= columns.len()
                && index.columns.iter().zip(columns).all(|(found, wanted)| found == wanted.as_ref())
        })
    }

    /// Whether no two rows can agree in these columns.
    pub fn is_unique<S: AsRef<str>>(&self, columns: &[S]) -> bool {
        self.indexes.iter().filter(|index| index.unique && !index.columns.is_empty()).any(|index| {
            index.columns.iter().all(|found| columns.iter().any(|wanted| found == wanted.as_ref()))
        })
    }
}

impl Found {
    /// An empty database.
    pub fn nothing(dialect: Dialect) -> Self {
        Self { dialect, tables: Vec::new(), names: BTreeSet::new() }
    }

    /// The table of this name.
    pub fn table(&self, name: &str) -> Option<&FoundTable> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// Looks at the declared tables: on Postgres those of `current_schema()`.
    pub async fn look(tx: &mut Tx, schema: &Schema) -> Result<Self, DbError> {
        let mut found = match tx.dialect() {
            Dialect::Postgres => postgres::look(tx, schema).await?,
            Dialect::Sqlite => sqlite::look(tx, schema).await?,
        };
        let dialect = found.dialect;
        for table in &mut found.tables {
            if let Some(declared) = schema.table(&table.name) {
                look_at_rows(tx, dialect, declared, table).await?;
            }
        }
        Ok(found)
    }

    fn add_indexes(&mut self, listed: Vec<ListedIndex>) {
        for index in listed {
            let Some(table) = self.tables.iter_mut().find(|t| t.name == index.table) else { continue };
            let all = index.columns.len();
            let columns: Vec<String> = index.columns.into_iter().map_while(|column| column).collect();
            table.indexes.push(FoundIndex { unique: index.unique && columns.len() == all, columns });
        }
    }
}

/// An index as the database lists it.
struct ListedIndex {
    table: String,
    unique: bool,
    /// `None` is an expression.
    columns: Vec<Option<String>>,
}

/// The questions whose answers may lead to a refusal; only those that this table raises.
async fn look_at_rows(
    tx: &mut Tx,
    dialect: Dialect,
    declared: &Table,
    table: &mut FoundTable,
) -> Result<(), DbError> {
    if table.is_view {
        return Ok(());
    }
    let name = quoted(&table.name);
    if declared.columns.iter().any(|column| table.column(&column.name).is_none()) {
        let sql = format!("select count(*) from (select 1 from {name} limit 2) as few");
        table.rows = tx.query(&sql).scalar().await?.unwrap_or_default();
    }
    for column in &declared.columns {
        let adds_unique = column.unique && !table.is_unique(&[&column.name]);
        let Some(known) = table.columns.iter_mut().find(|known| known.name == column.name) else { continue };
        let quoted = quoted(&column.name);
        if adds_unique {
            let sql = format!(
                "select count(*) from (select 1 from {name} where {quoted} is not null group by {quoted} having count(*) > 1) as twice"
            );
            known.duplicates = tx.query(&sql).scalar().await?.unwrap_or_default();
        }
        if dialect == Dialect::Sqlite && column.kind == Kind::Timestamp {
            // The oldest rows tell who wrote the table; a look at all of them at every start would be slow, and all of them
            // would be looked at for the first ones that are not null.
            let sql = format!(
                "select count(*) from (select {quoted} as moment from {name} limit 1000) where typeof(moment) in ('integer', 'real')"
            );
            known.numeric_moments = tx.query(&sql).scalar::<i64>().await?.unwrap_or_default() > 0;
        }
    }
    Ok(())
}
