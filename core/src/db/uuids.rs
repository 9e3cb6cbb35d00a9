//! Postgres columns of type `uuid`, which another program made for ids and what refers to them.
//!
//! Parameters travel in binary, and Postgres takes no text for a `uuid` then. Which `$n` are one depends on the statement,
//! so it is asked once for each text, by preparing it. Without such columns nothing is asked.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use sha2::{Digest as _, Sha256};
use sqlx::postgres::{PgArguments, PgConnection, PgTypeInfo, PgTypeKind};
use sqlx::{
    Arguments as _, AssertSqlSafe, Either, Executor as _, SqlSafeStr as _, Statement as _, TypeInfo as _,
};
use uuid::{Builder, Uuid};

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
    pub fn ids_are_uuids(&self) -> bool {
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
pub(super) fn arguments(values: Vec<Value>, places: &[bool]) -> Result<PgArguments, DbError> {
    let mut arguments = PgArguments::default();
    for (number, value) in values.into_iter().enumerate() {
        let added = match value {
            Value::Text(Some(text)) if places.get(number).copied().unwrap_or_default() => {
                arguments.add(standing_for(&text))
            }
            value => value.add_to_postgres(&mut arguments),
        };
        added.map_err(|e| DbError::Refused(sqlx::Error::Encode(e)))?;
    }
    Ok(arguments)
}

/// The UUID that a text is, or that stands for it: of version 8, from its hash (RFC 9562 section 5.8), so that every text
/// has one of its own. One that was never written finds nobody, differs from everything (null would do neither), and meets
/// the reference where it is written; one that is somebody's own key, such as a digest that two requests cannot both
/// insert, goes on working. Ids of ours and of Better Auth are of versions 7 and 4: nothing stands for one of them.
///
/// A UUID is one only in the spelling in which it is read again: texts are compared for whose they are.
fn standing_for(text: &str) -> Uuid {
    Uuid::try_parse(text).ok().filter(|id| id.to_string() == text).unwrap_or_else(|| {
        let hash: [u8; 32] = Sha256::digest(text).into();
        let mut first = [0; 16];
        first.copy_from_slice(&hash[..16]);
        Builder::from_custom_bytes(first).into_uuid()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0198c2f0-5c3e-7a51-b1c5-0f3c1d2e4a5b";

    #[test]
    fn an_id_has_one_spelling() {
        assert_eq!(standing_for(ID).to_string(), ID);
        for other in [&ID.to_uppercase(), &ID.replace('-', ""), &format!("{{{ID}}}"), "nobody", "", " "] {
            assert_eq!(standing_for(other).get_version_num(), 8, "{other}");
        }
    }

    #[test]
    fn every_other_text_has_one_of_its_own() {
        assert_eq!(standing_for("nobody"), standing_for("nobody"));
        assert_ne!(standing_for("nobody"), standing_for("Nobody"));
    }
}
