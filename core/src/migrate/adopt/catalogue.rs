//! Every table and view that the database holds, by schema, with the names of their columns.

use crate::db::{DbError, Dialect, Tx};

/// A Postgres schema, or a `SQLite` file.
#[derive(Debug, Default)]
pub(super) struct Place {
    /// `None` on `SQLite`.
    pub(super) schema: Option<String>,
    pub(super) relations: Vec<Relation>,
}

/// A table or a view.
#[derive(Debug)]
pub(super) struct Relation {
    pub(super) name: String,
    /// A view otherwise.
    pub(super) is_table: bool,
    pub(super) columns: Vec<String>,
}

impl Place {
    pub(super) fn holds(&self, name: &str) -> bool {
        self.relations.iter().any(|relation| relation.name == name)
    }
}

const POSTGRES: &str = r#"
select n.nspname::text as "schema", c.relname::text as "table", c.relkind in ('r', 'p') as "isTable",
       a.attname::text as "column"
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'p', 'v', 'f')
order by n.nspname, c.relname, a.attnum"#;

const SQLITE: &str = r#"
select null as "schema", t.name as "table", t.type = 'table' as "isTable", c.name as "column"
from sqlite_master t, pragma_table_xinfo(t.name) c
where t.type in ('table', 'view') and c.hidden <> 1
order by t.name, c.cid"#;

/// The first schema of the search path that exists; `None` on `SQLite`.
pub(super) async fn current_schema(tx: &mut Tx) -> Result<Option<String>, DbError> {
    match tx.dialect() {
        Dialect::Postgres => tx.query("select current_schema()::text").scalar().await,
        Dialect::Sqlite => Ok(None),
    }
}

pub(super) async fn look(tx: &mut Tx) -> Result<Vec<Place>, DbError> {
    let sql = match tx.dialect() {
        Dialect::Postgres => POSTGRES,
        Dialect::Sqlite => SQLITE,
    };
    let mut places: Vec<Place> = Vec::new();
    for row in tx.query(sql).rows().await? {
        let (schema, name) = (row.maybe::<String>("schema")?, row.get::<String>("table")?);
        if places.last().is_none_or(|place| place.schema != schema) {
            places.push(Place { schema, relations: Vec::new() });
        }
        let Some(place) = places.last_mut() else { continue };
        if place.relations.last().is_none_or(|relation| relation.name != name) {
            let is_table = row.get("isTable")?;
            place.relations.push(Relation { name, is_table, columns: Vec::new() });
        }
        if let Some(relation) = place.relations.last_mut() {
            relation.columns.push(row.get("column")?);
        }
    }
    Ok(places)
}
