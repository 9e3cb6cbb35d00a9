//! From what is declared and what is found to a plan, or to refusals.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::ddl;
use super::found::{Found, FoundTable};
use super::holds::holds;
use super::names::index_name;
use super::plan::{Change, IndexKind, NewColumn, Plan};
use super::refusal::{Refusal, Refusals, Site};
use crate::db::Dialect;
use crate::schema::{Column, Default, Kind, Reference, Schema, Table};

/// Compares. Additive only; everything that stands in the way is named at once, before anything runs.
/// Indexes are compared by their columns, not by name, and a unique one counts where a plain one is declared.
pub fn plan(schema: &Schema, found: &Found) -> Result<Plan, Refusals> {
    let mut planner = Planner {
        schema,
        found,
        taken: found.names.clone(),
        tables: Vec::new(),
        columns: Vec::new(),
        indexes: Vec::new(),
        refusals: Vec::new(),
    };
    planner.check_indexes();
    for table in planner.new_tables() {
        planner.create(table);
    }
    for table in &schema.tables {
        if let Some(there) = found.table(&table.name) {
            planner.complete(table, there);
        }
    }
    if !planner.refusals.is_empty() {
        return Err(Refusals(planner.refusals));
    }
    let changes = planner.tables.into_iter().chain(planner.columns).chain(planner.indexes).collect();
    Ok(Plan { dialect: found.dialect, changes })
}

struct Planner<'a> {
    schema: &'a Schema,
    found: &'a Found,
    taken: BTreeSet<String>,
    tables: Vec<Change>,
    columns: Vec<Change>,
    indexes: Vec<Change>,
    refusals: Vec<Refusal>,
}

impl<'a> Planner<'a> {
    fn check_indexes(&mut self) {
        for table in &self.schema.tables {
            for name in table.indexes.iter().flatten() {
                if !table.columns.iter().any(|column| column.name == *name) {
                    self.refusals.push(Refusal::bad_index(&self.site(table, name)));
                }
            }
        }
    }

    /// The tables to make, in the order of declaration, but each after those it refers to.
    fn new_tables(&mut self) -> Vec<&'a Table> {
        let mut waiting: Vec<&Table> =
            self.schema.tables.iter().filter(|table| self.found.table(&table.name).is_none()).collect();
        let mut ordered: Vec<&Table> = Vec::new();
        while !waiting.is_empty() {
            let ready = waiting.iter().position(|table| {
                let references = table.columns.iter().filter_map(|column| column.references.as_ref());
                references
                    .filter(|to| to.table != table.name)
                    .all(|to| !waiting.iter().any(|other| other.name == to.table))
            });
            let Some(ready) = ready else {
                self.refusals.extend(waiting.iter().map(|table| Refusal::circle(&table.name)));
                break;
            };
            ordered.push(waiting.remove(ready));
        }
        ordered
    }

    fn create(&mut self, table: &Table) {
        let columns = table.columns.iter().map(|column| self.new_column(table, column)).collect();
        self.tables.push(Change::CreateTable { table: table.name.to_string(), columns });
        let lone_key = key_of(table).len() == 1;
        for column in &table.columns {
            if column.indexed && !column.unique && !(column.primary && lone_key) {
                self.index(&table.name, &[&column.name], kind_of(column));
            }
        }
        for columns in &table.indexes {
            self.index(&table.name, columns, IndexKind::Plain);
        }
    }

    /// Adds what an existing table lacks.
    fn complete(&mut self, table: &Table, there: &FoundTable) {
        for column in &table.columns {
            if there.column(&column.name).is_some() {
                self.check(table, column, there);
            } else if there.is_view {
                self.refusals.push(Refusal::missing_in_view(&self.site(table, &column.name)));
            } else if !column.primary {
                // A missing key is refused below.
                self.add(table, column, there);
            }
        }
        if there.is_view {
            return;
        }
        self.check_strangers(table, there);
        let key = key_of(table);
        if !key.is_empty() && !there.is_unique(&key) {
            self.refusals.push(Refusal::missing_key(&table.name, &key));
        }
        for column in &table.columns {
            let name = [&column.name];
            if column.unique && !there.is_unique(&name) {
                self.index(&table.name, &name, IndexKind::Unique);
            } else if column.indexed && !column.unique && !there.is_indexed(&name) {
                self.index(&table.name, &name, kind_of(column));
            }
        }
        for columns in &table.indexes {
            if !there.is_indexed(columns) {
                self.index(&table.name, columns, IndexKind::Plain);
            }
        }
    }

    /// A column that is there: does it hold what is declared, and can it be left out where that is declared?
    fn check(&mut self, table: &Table, column: &Column, there: &FoundTable) {
        let Some(known) = there.column(&column.name) else { return };
        let site = self.site(table, &column.name);
        if !holds(self.found.dialect, column, known) {
            let wanted = ddl::type_of(column.kind, self.found.dialect);
            self.refusals.push(Refusal::type_mismatch(&site, &known.type_name, wanted));
        } else if known.numeric_moments {
            self.refusals.push(Refusal::numeric_moments(&site));
        }
        if known.required && !column.required && !column.primary && !known.filled && !there.is_view {
            self.refusals.push(Refusal::optional_but_required(&site));
        }
        if known.duplicates > 0 {
            self.refusals.push(Refusal::duplicates(&site, known.duplicates));
        }
    }

    /// Columns that we do not know and an insert of ours would leave out.
    fn check_strangers(&mut self, table: &Table, there: &FoundTable) {
        for stranger in &there.columns {
            let declared = table.columns.iter().any(|column| column.name == stranger.name.as_str());
            if !declared && stranger.required && !stranger.filled {
                self.refusals.push(Refusal::unknown_but_required(&self.site(table, &stranger.name)));
            }
        }
    }

    /// A column that is missing in an existing table.
    fn add(&mut self, table: &Table, column: &Column, there: &FoundTable) {
        let site = self.site(table, &column.name);
        let sqlite = self.found.dialect == Dialect::Sqlite;
        let has_default = column.default.is_some();
        if there.rows > 0 && column.required && !has_default {
            self.refusals.push(Refusal::required_on_rows(&site));
        } else if there.rows > 1 && column.unique && has_default {
            self.refusals.push(Refusal::same_for_all_rows(&site));
        } else if there.rows > 0 && sqlite && column.references.is_some() && has_default {
            self.refusals.push(Refusal::reference_with_default(&site));
        }
        let mut new = self.new_column(table, column);
        // SQLite gives rows that exist only constant defaults, and adds nothing that is required without one.
        let fill_now = sqlite && there.rows > 0 && column.default == Some(Default::Now);
        if fill_now {
            new.column.default = None;
            new.column.required = false;
        }
        self.columns.push(Change::AddColumn { table: table.name.to_string(), column: new, fill_now });
    }

    fn new_column(&mut self, table: &Table, column: &Column) -> NewColumn {
        let mut new = NewColumn {
            column: column.clone(),
            sql_type: Cow::Borrowed(ddl::type_of(column.kind, self.found.dialect)),
            refers_to: None,
        };
        if let Some(to) = &column.references {
            match self.found.table(&to.table) {
                // A view cannot be referred to, the table below it can.
                Some(target) if target.is_view && (target.below.is_none() || to.column != "id") => {
                    new.column.references = None;
                }
                Some(target) => {
                    new.refers_to.clone_from(&target.below);
                    if let Some(own) = self.type_of_target(column, target, to) {
                        new.sql_type = own.into();
                    }
                }
                None if self.schema.table(&to.table).is_some() => {}
                None => {
                    let site = self.site(table, &column.name);
                    self.refusals.push(Refusal::unknown_reference(&site, &to.table));
                }
            }
        }
        new
    }

    /// Postgres wants both ends of a reference to have one type, and ids may be `uuid` or `citext` there.
    fn type_of_target(&self, column: &Column, target: &FoundTable, to: &Reference) -> Option<String> {
        let known = target.column(&to.column)?;
        let own = self.found.dialect == Dialect::Postgres
            && column.kind == Kind::Text
            && !matches!(known.base_type.as_str(), "text" | "varchar");
        own.then(|| known.type_name.clone())
    }

    fn index<S: AsRef<str>>(&mut self, table: &str, columns: &[S], kind: IndexKind) {
        let suffix = if kind == IndexKind::Unique { "key" } else { "idx" };
        let name = index_name(table, columns, suffix, &mut self.taken);
        let columns = columns.iter().map(|column| column.as_ref().to_owned()).collect();
        self.indexes.push(Change::CreateIndex { name, table: table.to_owned(), columns, kind });
    }

    fn site(&self, table: &Table, column: &str) -> Site {
        Site { dialect: self.found.dialect, table: table.name.to_string(), column: column.to_owned() }
    }
}

/// The index of a column that is not unique.
fn kind_of(column: &Column) -> IndexKind {
    if column.long { IndexKind::Equality } else { IndexKind::Plain }
}

fn key_of(table: &Table) -> Vec<&str> {
    table.columns.iter().filter(|column| column.primary).map(|column| column.name.as_ref()).collect()
}
