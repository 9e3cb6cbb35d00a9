//! Postgres's catalogue. Better Auth, Prisma and hand-written tables all look alike here.

use super::{Found, FoundColumn, FoundTable, ListedIndex};
use crate::db::{DbError, Dialect, Tx};
use crate::schema::Schema;

const NAMES: &str = r#"
select c.relname::text as "name"
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = current_schema()"#;

const COLUMNS: &str = r#"
select c.relname::text as "table",
       c.relkind not in ('r', 'p') as "isView",
       a.attname::text as "column",
       format_type(a.atttypid, a.atttypmod) as "type",
       case when coalesce(b.typtype, t.typtype) = 'e' then 'anyenum' else coalesce(b.typname, t.typname)::text end as "base",
       a.attnotnull or t.typnotnull as "required",
       a.atthasdef or a.attidentity <> '' or t.typdefault is not null as "filled"
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_type t on t.oid = a.atttypid
left join pg_type b on b.oid = t.typbasetype and t.typtype = 'd'
where n.nspname = current_schema() and c.relkind in ('r', 'p', 'v', 'm', 'f')
order by c.relname, a.attnum"#;

/// Indexes without condition, valid, of the kinds that serve equality; a deferrable unique constraint does not
/// count as unique, because `on conflict` cannot use it.
const INDEXES: &str = r#"
select c.relname::text as "table",
       k.position as "position",
       x.indisunique and x.indimmediate as "isUnique",
       a.attname::text as "column"
from pg_index x
join pg_class c on c.oid = x.indrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_class i on i.oid = x.indexrelid
join pg_am m on m.oid = i.relam
cross join lateral unnest(x.indkey) with ordinality as k (attribute, position)
left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attribute
where n.nspname = current_schema()
  and x.indisvalid and x.indpred is null and m.amname in ('btree', 'hash') and k.position <= x.indnkeyatts
order by c.relname, i.relname, k.position"#;

pub(super) async fn look(tx: &mut Tx, schema: &Schema) -> Result<Found, DbError> {
    let mut found = Found::nothing(Dialect::Postgres);
    for row in tx.query(NAMES).rows().await? {
        found.names.insert(row.get::<String>("name")?.to_lowercase());
    }
    for row in tx.query(COLUMNS).rows().await? {
        let name: String = row.get("table")?;
        if schema.table(&name).is_none() {
            continue;
        }
        if found.tables.last().is_none_or(|table| table.name != name) {
            let is_view = row.get("isView")?;
            found.tables.push(FoundTable { name, is_view, ..FoundTable::default() });
        }
        let Some(column) = row.maybe::<String>("column")? else { continue };
        let column = FoundColumn {
            name: column,
            type_name: row.get("type")?,
            base_type: row.get("base")?,
            required: row.get("required")?,
            filled: row.get("filled")?,
            duplicates: 0,
            numeric_moments: false,
        };
        if let Some(table) = found.tables.last_mut() {
            table.columns.push(column);
        }
    }
    let mut indexes: Vec<ListedIndex> = Vec::new();
    for row in tx.query(INDEXES).rows().await? {
        if row.get::<i64>("position")? == 1 {
            let (table, unique) = (row.get("table")?, row.get("isUnique")?);
            indexes.push(ListedIndex { table, unique, columns: Vec::new() });
        }
        if let Some(index) = indexes.last_mut() {
            index.columns.push(row.maybe("column")?);
        }
    }
    found.add_indexes(indexes);
    Ok(found)
}
