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

/// Views over one table whose primary key is `id`.
const BELOW: &str = r#"
select v.relname::text as "view", min(format('%I.%I', bn.nspname, b.relname)) as "below"
from pg_class v
join pg_namespace vn on vn.oid = v.relnamespace
join pg_rewrite r on r.ev_class = v.oid
join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
                and d.refclassid = 'pg_class'::regclass and d.refobjid <> v.oid
join pg_class b on b.oid = d.refobjid
join pg_namespace bn on bn.oid = b.relnamespace
where vn.nspname = current_schema() and v.relkind = 'v'
group by v.relname
having count(distinct b.oid) = 1 and bool_and(b.relkind in ('r', 'p') and exists (
    select 1 from pg_index x join pg_attribute a on a.attrelid = b.oid and a.attnum = x.indkey[0]
    where x.indrelid = b.oid and x.indisprimary and x.indnkeyatts = 1 and a.attname = 'id'))"#;

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
    if found.tables.iter().any(|table| table.is_view) {
        for row in tx.query(BELOW).rows().await? {
            let view: String = row.get("view")?;
            if let Some(view) = found.tables.iter_mut().find(|table| table.is_view && table.name == view) {
                view.below = row.maybe("below")?;
            }
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
