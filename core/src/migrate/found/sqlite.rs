//! `SQLite`'s own description of its tables. Names compare without case there, so they are brought to the
//! declared spelling.

use super::{Found, FoundColumn, FoundIndex, FoundTable, ListedIndex};
use crate::db::{DbError, Dialect, Tx};
use crate::schema::{Schema, Table};

const COLUMNS: &str = r#"
select name, type, "notnull" as "required", dflt_value is not null or hidden in (2, 3) as "filled", pk as "keyPosition"
from pragma_table_xinfo($1) where hidden <> 1 order by cid"#;

const INDEXES: &str = r#"
select l."unique" as "isUnique", i.seqno as "position", i.name as "column"
from pragma_index_list($1) as l, pragma_index_info(l.name) as i
where l.partial = 0 order by l.seq, i.seqno"#;

pub(super) async fn look(tx: &mut Tx, schema: &Schema) -> Result<Found, DbError> {
    let mut found = Found::nothing(Dialect::Sqlite);
    for row in tx.query("select name, type from sqlite_master order by name").rows().await? {
        let name: String = row.get("name")?;
        found.names.insert(name.to_lowercase());
        let kind: String = row.get("type")?;
        if let Some(declared) = declared_table(schema, &name)
            && (kind == "table" || kind == "view")
        {
            let mut table = columns(tx, declared, &name).await?;
            table.is_view = kind == "view";
            found.tables.push(table);
            let listed = indexes(tx, declared, &name).await?;
            found.add_indexes(listed);
        }
    }
    Ok(found)
}

async fn indexes(tx: &mut Tx, declared: &Table, name: &str) -> Result<Vec<ListedIndex>, DbError> {
    let mut indexes: Vec<ListedIndex> = Vec::new();
    for row in tx.query(INDEXES).bind(name).rows().await? {
        if row.get::<i64>("position")? == 0 {
            let (table, unique) = (declared.name.to_string(), row.get("isUnique")?);
            indexes.push(ListedIndex { table, unique, columns: Vec::new() });
        }
        if let Some(index) = indexes.last_mut() {
            let column = row.maybe::<String>("column")?;
            index.columns.push(column.map(|name| declared_column(declared, name)));
        }
    }
    Ok(indexes)
}

async fn columns(tx: &mut Tx, declared: &Table, name: &str) -> Result<FoundTable, DbError> {
    let mut table = FoundTable { name: declared.name.to_string(), ..FoundTable::default() };
    let mut key = Vec::new();
    for row in tx.query(COLUMNS).bind(name).rows().await? {
        let column = declared_column(declared, row.get("name")?);
        let type_name: String = row.get("type")?;
        let position: i64 = row.get("keyPosition")?;
        if position > 0 {
            key.push((position, column.clone()));
        }
        table.columns.push(FoundColumn {
            name: column,
            base_type: type_name.clone(),
            type_name,
            required: row.get("required")?,
            filled: row.get("filled")?,
            duplicates: 0,
            numeric_moments: false,
        });
    }
    if key.is_empty() {
        return Ok(table);
    }
    key.sort();
    let key: Vec<String> = key.into_iter().map(|(_, column)| column).collect();
    if let [only] = key.as_slice()
        && let Some(column) = table.columns.iter_mut().find(|column| column.name == *only)
    {
        // `integer primary key` is the row's number and counts by itself.
        column.filled |= column.type_name.eq_ignore_ascii_case("integer");
    }
    // That row number is unique without an index that would be listed.
    table.indexes.push(FoundIndex { columns: key, unique: true });
    Ok(table)
}

fn declared_table<'s>(schema: &'s Schema, name: &str) -> Option<&'s Table> {
    schema.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name))
}

fn declared_column(table: &Table, name: String) -> String {
    match table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(&name)) {
        Some(declared) => declared.name.to_string(),
        None => name,
    }
}
