//! What is declared, in the names that are there: the planner then compares as if nothing had other names.

use super::Recognised;
use super::names::snake_case;
use crate::migrate::Found;
use crate::schema::{Schema, Table};

/// Everything that is declared.
pub(super) fn whole(schema: &Schema, tables: &[Recognised]) -> Schema {
    Schema { tables: schema.tables.iter().map(|table| renamed(table, tables)).collect() }
}

/// Only the tables that are there, without references to others.
pub(super) fn taken_alone(schema: &Schema, tables: &[Recognised]) -> Schema {
    let known = |name: &str| tables.iter().any(|known| known.table == name);
    let mut alone: Vec<Table> = schema.tables.iter().filter(|table| known(&table.name)).cloned().collect();
    for column in alone.iter_mut().flat_map(|table| &mut table.columns) {
        column.references.take_if(|to| !known(&to.table));
    }
    Schema { tables: alone.iter().map(|table| renamed(table, tables)).collect() }
}

/// Gives what was found under the mapped names the declared ones.
pub(super) fn back(found: &mut Found, tables: &[Recognised]) {
    for table in &mut found.tables {
        let Some(known) = tables.iter().find(|known| known.found == table.name) else { continue };
        table.name.clone_from(&known.table);
        let declared = |name: &mut String| {
            if let Some((declared, _)) = known.renamed().find(|(_, found)| found == name) {
                name.clone_from(declared);
            }
        };
        table.columns.iter_mut().for_each(|column| declared(&mut column.name));
        table.indexes.iter_mut().flat_map(|index| &mut index.columns).for_each(declared);
    }
}

/// The name of a declared column in the table that is there; a column that it lacks is spelled as its others are.
pub(super) fn spelled(tables: &[Recognised], known: &Recognised, declared: &str) -> String {
    let snake = || tables.iter().flat_map(Recognised::renamed).any(|(_, found)| found.contains('_'));
    match known.column(declared) {
        Some(found) => found.to_owned(),
        None if snake() => snake_case(declared),
        None => declared.to_owned(),
    }
}

fn renamed(table: &Table, tables: &[Recognised]) -> Table {
    let find = |name: &str| tables.iter().find(|known| known.table == name);
    let mut table = table.clone();
    for column in &mut table.columns {
        if let Some(to) = &mut column.references
            && let Some(target) = find(&to.table)
        {
            to.column = spelled(tables, target, &to.column).into();
            to.table = target.found.clone().into();
        }
    }
    if let Some(known) = find(&table.name) {
        let columns = table.columns.iter_mut().map(|column| &mut column.name);
        for name in columns.chain(table.indexes.iter_mut().flatten()) {
            *name = spelled(tables, known, name).into();
        }
        table.name = known.found.clone().into();
    }
    table
}
