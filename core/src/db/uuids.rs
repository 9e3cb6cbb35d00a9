//! Postgres columns of type `uuid`, which another program made for ids and what refers to them.
//!
//! Parameters travel in binary, and Postgres takes no text for a `uuid` then. Which `$n` are one depends on the statement,
//! so it is asked once for each text, by preparing it. Without such columns nothing is asked.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use sqlx::postgres::{PgArguments, PgConnection, PgTypeInfo, PgTypeKind};
use sqlx::{
    Arguments as _, AssertSqlSafe, Either, Executor as _, SqlSafeStr as _, Statement as _, TypeInfo as _,
};
use uuid::Uuid;

use super::{Db, DbError, Pools, Running, Value};
use crate::schema::Schema;

/// How many texts are remembered; our own are some hundreds. All are forgotten when it would be more.
const REMEMBERED: usize = 2048;

/// The columns of type `uuid` (or a domain over it) of what a name without schema means.
const COLUMNS: &str = r#"
select c.relname::text as "table", a.attname::text as "column"
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_type t on t.oid = a.atttypid
where 'uuid'::regtype in (t.oid, t.typbasetype) and a.attnum > 0 and not a.attisdropped
  and c.relkind in ('r', 'p', 'v', 'm', 'f') and pg_table_is_visible(c.oid)"#;

/// What is known of them.
#[derive(Debug, Default)]
pub(super) struct Uuids {
    are_here: AtomicBool,
    known: RwLock<HashMap<String, Arc<[bool]>>>,
}

impl Db {
    /// Looks whether declared columns are of type `uuid`. To be asked before the first statement with values; `migrate`
    /// makes such columns only where there are some already.
    pub(crate) fn look_for_uuids<'a>(&'a self, schema: &'a Schema) -> Running<'a, ()> {
        Box::pin(async move {
            let Pools::Postgres(_, uuids) = self.pools() else { return Ok(()) };
            for row in self.query(COLUMNS).rows().await? {
                let (table, column): (String, String) = (row.get("table")?, row.get("column")?);
                let declared = schema.table(&table);
                if declared.is_some_and(|table| table.columns.iter().any(|known| known.name == column)) {
                    uuids.are_here.store(true, Ordering::Relaxed);
                }
            }
            Ok(())
        })
    }

    /// Whether ids must be UUIDs, because columns that hold them are of this type.
    pub(crate) fn ids_are_uuids(&self) -> bool {
        matches!(self.pools(), Pools::Postgres(_, uuids) if uuids.are_here.load(Ordering::Relaxed))
    }
}

impl Uuids {
    /// Whether it matters for these values which of them are UUIDs.
    pub(super) fn matter(&self, values: &[Value]) -> bool {
        self.are_here.load(Ordering::Relaxed) && values.iter().any(|value| value.as_text().is_some())
    }

    /// Which `$n` of this text are UUIDs, if it was asked before.
    pub(super) fn places(&self, sql: &str) -> Option<Arc<[bool]>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(sql).cloned()
    }

    /// Asks Postgres, and remembers it.
    pub(super) async fn ask(
        &self,
        connection: &mut PgConnection,
        sql: &str,
        values: &[Value],
    ) -> Result<Arc<[bool]>, DbError> {
        // With the types that are bound later: the connection keeps the statement for its text, whatever they were.
        let types: Vec<PgTypeInfo> = values.iter().map(Value::postgres_type).collect();
        let prepared = connection.prepare_with(AssertSqlSafe(sql).into_sql_str(), &types).await?;
        let places: Arc<[bool]> = match prepared.parameters() {
            Some(Either::Left(types)) => types.iter().map(is_uuid).collect(),
            _ => Arc::default(),
        };
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(sql.to_owned(), places.clone());
        Ok(places)
    }
}

fn is_uuid(of: &PgTypeInfo) -> bool {
    match of.kind() {
        PgTypeKind::Domain(below) => is_uuid(below),
        _ => of.name() == "UUID",
    }
}

/// The arguments of a statement, those at `places` as UUIDs.
///
/// A text that is none is compared as the greatest of all UUIDs (RFC 9562 section 5.10), which no row has: it is equal to
/// nothing and different from everything, as that text would be in a column of texts (null would be neither). Where rows
/// are inserted it is refused instead, so that it never gets into a table; an update meets the reference of its column.
pub(super) fn arguments(sql: &str, values: Vec<Value>, places: &[bool]) -> Result<PgArguments, DbError> {
    let mut arguments = PgArguments::default();
    for (number, value) in values.into_iter().enumerate() {
        let added = match value {
            Value::Text(Some(text)) if places.get(number).copied().unwrap_or_default() => {
                let id = match canonical(&text) {
                    Some(id) => id,
                    None if inserts(sql) => return Err(unencodable("a text that is no UUID".into())),
                    None => Uuid::max(),
                };
                arguments.add(id)
            }
            value => value.add_to_postgres(&mut arguments),
        };
        added.map_err(unencodable)?;
    }
    Ok(arguments)
}

fn unencodable(error: sqlx::error::BoxDynError) -> DbError {
    DbError::Refused(sqlx::Error::Encode(error))
}

/// Only in the spelling in which it is read again: one id has one text, so that texts can be compared for whose it is.
fn canonical(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok().filter(|id| !id.is_max() && id.to_string() == text)
}

fn inserts(sql: &str) -> bool {
    sql.to_ascii_lowercase().contains("insert into")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0198c2f0-5c3e-7a51-b1c5-0f3c1d2e4a5b";

    #[test]
    fn an_id_has_one_spelling() {
        assert!(canonical(ID).is_some());
        for other in [&ID.to_uppercase(), &ID.replace('-', ""), &format!("{{{ID}}}"), "nobody", "", " "] {
            assert_eq!(canonical(other), None, "{other}");
        }
        assert_eq!(canonical(&Uuid::max().to_string()), None);
    }

    #[test]
    fn what_is_no_uuid_is_compared_with_nothing_and_never_inserted() {
        let given = || vec![Value::from("nobody"), Value::from(7_i64)];
        let looked_up = r#"select 1 from "user" where "id" = $1 limit $2"#;
        let inserted = r#"with "w0" as (INSERT INTO "user" ("id", "n") values ($1, $2)) select 1"#;
        assert!(arguments(looked_up, given(), &[true, false]).is_ok());
        assert!(matches!(arguments(inserted, given(), &[true, false]), Err(DbError::Refused(_))));
        assert!(arguments(inserted, given(), &[false, false]).is_ok());
        assert!(arguments(inserted, vec![ID.into(), Value::Text(None)], &[true, true]).is_ok());
    }
}
