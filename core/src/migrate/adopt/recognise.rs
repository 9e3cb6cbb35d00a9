//! Which tables are Better Auth's, whatever their names look like.

use super::catalogue::{Place, Relation};
use super::names::{folded, snake_case};
use super::{AdoptError, place};
use crate::schema::{Schema, Table};

/// What every Better Auth has in its tables: a table of that name with less is somebody else's.
const SIGNATURES: [(&str, &[&str]); 4] = [
    ("user", &["id", "email", "emailVerified", "createdAt", "updatedAt"]),
    ("session", &["id", "token", "userId", "expiresAt"]),
    ("account", &["id", "accountId", "providerId", "userId"]),
    ("verification", &["id", "identifier", "value", "expiresAt"]),
];

/// Without these there is no Better Auth (sessions may be kept elsewhere).
const HEART: [&str; 2] = ["user", "account"];

/// A table of Better Auth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// Guichet's name for it.
    pub table: String,
    /// Its name.
    pub found: String,
    /// Guichet's name and the name there, of each declared column that is there, in the order of declaration.
    pub columns: Vec<(String, String)>,
}

impl Recognised {
    /// Whether all its names are Guichet's.
    pub fn is_exact(&self) -> bool {
        self.table == self.found && self.renamed().next().is_none()
    }

    /// The columns that have another name, as in `columns`.
    pub fn renamed(&self) -> impl DoubleEndedIterator<Item = &(String, String)> {
        self.columns.iter().filter(|(declared, found)| declared != found)
    }

    /// The name there of a declared column.
    pub(super) fn column(&self, declared: &str) -> Option<&str> {
        self.columns.iter().find(|(name, _)| name == declared).map(|(_, found)| found.as_str())
    }
}

/// The place that is meant, with what is Better Auth's there.
pub(super) fn choose<'p>(
    schema: &Schema,
    places: &'p [Place],
    current: Option<&str>,
    from: Option<&str>,
) -> Result<(&'p Place, Vec<Recognised>), AdoptError> {
    for wanted in [from, current] {
        let here = place(places, wanted).map(|here| Ok::<_, AdoptError>((here, recognise(schema, here)?)));
        match here.transpose()? {
            Some((here, tables)) if !tables.is_empty() => return Ok((here, tables)),
            _ if from.is_some() => return Err(AdoptError::NothingFound),
            _ => {}
        }
    }
    let mut all = Vec::new();
    for here in places {
        let tables = recognise(schema, here)?;
        if !tables.is_empty() {
            all.push((here, tables));
        }
    }
    if all.len() > 1 {
        let names = all.into_iter().filter_map(|(here, _)| here.schema.clone()).collect();
        return Err(AdoptError::SeveralSchemas(names));
    }
    all.pop().ok_or(AdoptError::NothingFound)
}

/// Tables that look like Better Auth's, but their place is taken by one of Guichet's name.
pub(super) fn beside(schema: &Schema, place: &Place, tables: &[Recognised]) -> Vec<String> {
    let named = |name: &str| tables.iter().any(|known| known.table == name && known.found == name);
    SIGNATURES
        .iter()
        .filter(|(name, _)| named(name))
        .filter_map(|(name, _)| schema.table(name))
        .flat_map(|table| candidates(table, place).map(|relation| relation.name.clone()))
        .collect()
}

/// Everything that is Better Auth's here; nothing when its heart is missing.
fn recognise(schema: &Schema, place: &Place) -> Result<Vec<Recognised>, AdoptError> {
    let mut tables = Vec::new();
    for table in &schema.tables {
        if let Some(relation) = relation_of(table, place)? {
            tables.push(matched(table, relation, place));
        }
    }
    let whole = HEART.iter().all(|name| tables.iter().any(|known: &Recognised| known.table == *name));
    Ok(if whole { tables } else { Vec::new() })
}

fn relation_of<'p>(table: &'p Table, place: &'p Place) -> Result<Option<&'p Relation>, AdoptError> {
    let exact = place.relations.iter().find(|relation| is_called(place, relation, &table.name));
    if let Some(exact) = exact.filter(|relation| has_signature(table, relation)) {
        return Ok(Some(exact));
    }
    let candidates: Vec<&Relation> = candidates(table, place).collect();
    if candidates.len() > 1 {
        let names = candidates.iter().map(|relation| relation.name.clone()).collect();
        return Err(AdoptError::SeveralTables { table: table.name.to_string(), names });
    }
    Ok(candidates.first().copied())
}

/// Tables under another spelling of the name, singular or plural (`usePlural`), that have the columns.
fn candidates<'p>(table: &'p Table, place: &'p Place) -> impl Iterator<Item = &'p Relation> {
    let singular = folded(&table.name);
    let plural = format!("{singular}s");
    place.relations.iter().filter(move |relation| {
        let name = folded(&relation.name);
        relation.is_table
            && (name == singular || name == plural)
            && !is_called(place, relation, &table.name)
            && has_signature(table, relation)
    })
}

/// `SQLite` compares names without case.
fn is_called(place: &Place, relation: &Relation, name: &str) -> bool {
    same(place, &relation.name, name)
}

fn same(place: &Place, found: &str, declared: &str) -> bool {
    found == declared || (place.schema.is_none() && found.eq_ignore_ascii_case(declared))
}

fn has_signature(table: &Table, relation: &Relation) -> bool {
    let known = SIGNATURES.iter().find(|(name, _)| *name == table.name);
    match known {
        Some((_, columns)) => columns.iter().all(|column| spelling(relation, column).is_some()),
        None => table
            .columns
            .iter()
            .filter(|column| column.primary || (column.required && column.default.is_none()))
            .all(|column| spelling(relation, &column.name).is_some()),
    }
}

fn matched(table: &Table, relation: &Relation, place: &Place) -> Recognised {
    // SQLite's own spelling counts as Guichet's where it differs in case alone.
    let told = |found: &str, declared: &str| {
        if same(place, found, declared) { declared.to_owned() } else { found.to_owned() }
    };
    let columns = table.columns.iter().filter_map(|column| {
        let found = spelling(relation, &column.name)?;
        Some((column.name.to_string(), told(found, &column.name)))
    });
    Recognised {
        table: table.name.to_string(),
        found: told(&relation.name, &table.name),
        columns: columns.collect(),
    }
}

/// The name of a declared column there: as declared, else in snake case, else another spelling.
fn spelling<'r>(relation: &'r Relation, declared: &str) -> Option<&'r str> {
    let find = |is: &dyn Fn(&str) -> bool| relation.columns.iter().find(|name| is(name)).map(String::as_str);
    let (snake, plain) = (snake_case(declared), folded(declared));
    find(&|name| name == declared)
        .or_else(|| find(&|name| name == snake))
        .or_else(|| find(&|name| folded(name) == plain))
}
