//! The SQL of a take-over beside Better Auth, on Postgres: a view over one table is updatable by itself, and
//! `returning`, `on conflict` and the table's own defaults work through it.

use super::catalogue::Place;
use super::{AdoptError, Adoption, Recognised, place};
use crate::migrate::adopt::mapped;
use crate::migrate::names::quoted;
use crate::migrate::{Change, Plan};
use crate::schema::Schema;

/// Where the views stand when a table has a view's name already.
const OWN_SCHEMA: &str = "guichet";

/// Adds to the tables what they lack, then lays the views over them.
pub(super) fn write(
    adoption: &mut Adoption,
    places: &[Place],
    schema: &Schema,
    additions: &Plan,
) -> Result<(), AdoptError> {
    let current = adoption.into.take();
    let here = place(places, current.as_deref());
    let covered = |known: &Recognised| adoption.from != current || !known.is_exact();
    let taken =
        adoption.tables.iter().any(|known| covered(known) && here.is_some_and(|h| h.holds(&known.table)));
    let into = match current {
        Some(ref current) if !taken => current.clone(),
        _ => OWN_SCHEMA.to_owned(),
    };
    let from = adoption.from.clone().unwrap_or_default();
    let target = place(places, Some(&into));
    let (mut statements, mut reverse) = (Vec::new(), Vec::new());
    if Some(&from) != current.as_ref() && !additions.is_empty() {
        statements.push(format!("set local search_path to {}", quoted(&from)));
    }
    for change in &additions.changes {
        reverse.push(undone(change, &from));
    }
    statements.extend(additions.statements());
    if target.is_none() {
        statements.push(format!("create schema if not exists {}", quoted(&into)));
    }
    for known in &adoption.tables {
        if from == into && known.is_exact() {
            continue;
        }
        let view = format!("{}.{}", quoted(&into), quoted(&known.table));
        if target.is_some_and(|target| target.holds(&known.table)) {
            return Err(AdoptError::NameTaken(view));
        }
        let columns: Vec<String> = schema
            .table(&known.table)
            .into_iter()
            .flat_map(|table| &table.columns)
            .map(|column| {
                let found = mapped::spelled(&adoption.tables, known, &column.name);
                if found == column.name {
                    quoted(&found)
                } else {
                    format!("{} as {}", quoted(&found), quoted(&column.name))
                }
            })
            .collect();
        let table = format!("{}.{}", quoted(&from), quoted(&known.found));
        statements.push(format!("create view {view} as select {} from {table}", columns.join(", ")));
        reverse.push(format!("drop view {view}"));
    }
    reverse.reverse();
    adoption.needs_search_path = Some(&into) != current.as_ref();
    adoption.into = Some(into);
    (adoption.statements, adoption.reverse) = (statements, reverse);
    Ok(())
}

fn undone(change: &Change, schema: &str) -> String {
    let schema = quoted(schema);
    match change {
        Change::CreateTable { table, .. } => format!("drop table {schema}.{}", quoted(table)),
        Change::AddColumn { table, column, .. } => {
            format!("alter table {schema}.{} drop column {}", quoted(table), quoted(&column.column.name))
        }
        Change::CreateIndex { name, .. } => format!("drop index {schema}.{}", quoted(name)),
    }
}
