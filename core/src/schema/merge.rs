//! One schema of what several owners declare.

use std::collections::HashMap;

use super::{Column, Schema, Table};

/// The owner whose columns nobody else declares.
const CORE: &str = "core";

/// Two owners declare the same column, and mean different ones.
#[derive(Debug, thiserror::Error)]
#[error("column {table}.{column} is declared by {first} and by {second}{}", how(*.differs))]
pub struct ColumnClash {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// Who came first.
    pub first: String,
    /// Who came second.
    pub second: String,
    /// In what they differ; `None` for the core's own, which nobody else declares.
    pub differs: Option<&'static str>,
}

fn how(differs: Option<&'static str>) -> String {
    differs.map(|what| format!(", which differ in {what}")).unwrap_or_default()
}

impl Column {
    /// Makes one declaration of two; the error says in what they cannot agree. Rights are never widened by another
    /// owner: what clients may set, they may set by every declaration.
    fn merge(&mut self, other: Self) -> Result<(), &'static str> {
        let differs = [
            (self.kind != other.kind, "their kind"),
            (self.primary != other.primary || self.unique != other.unique, "what is unique"),
            (self.references != other.references, "what they refer to"),
            (self.input != other.input, "whether clients may set it"),
            (self.returned != other.returned, "whether it is part of replies"),
            (
                self.default.is_some() && other.default.is_some() && self.default != other.default,
                "their default",
            ),
        ];
        if let Some((_, what)) = differs.into_iter().find(|(differs, _)| *differs) {
            return Err(what);
        }
        self.required |= other.required;
        self.indexed |= other.indexed;
        self.long |= other.long;
        self.guarded |= other.guarded;
        self.acts_for |= other.acts_for;
        self.default = self.default.take().or(other.default);
        self.taken = self.taken.or(other.taken);
        Ok(())
    }
}

impl Schema {
    /// Merges declarations; each comes with its owner's name ("core", a plugin's id, "configuration").
    pub fn merge(declarations: impl IntoIterator<Item = (String, Vec<Table>)>) -> Result<Self, ColumnClash> {
        let mut schema = Self::default();
        let mut owners = HashMap::new();
        for (owner, tables) in declarations {
            for table in tables {
                let place = schema.tables.iter().position(|known| known.name == table.name);
                if place.is_none() {
                    schema.tables.push(Table::new(table.name.clone()));
                }
                let place = place.unwrap_or(schema.tables.len() - 1);
                let Some(known) = schema.tables.get_mut(place) else { continue };
                for column in table.columns {
                    let Some(first) = known.columns.iter_mut().find(|c| c.name == column.name) else {
                        owners.insert((known.name.clone(), column.name.clone()), owner.clone());
                        known.columns.push(column);
                        continue;
                    };
                    let name = first.name.clone();
                    let was = owners.get(&(known.name.clone(), name.clone())).cloned().unwrap_or_default();
                    let merged = if was == CORE || was == owner {
                        Err(None)
                    } else {
                        first.merge(column).map_err(Some)
                    };
                    merged.map_err(|differs| ColumnClash {
                        table: known.name.to_string(),
                        column: name.into_owned(),
                        first: was,
                        second: owner.clone(),
                        differs,
                    })?;
                }
                known.indexes.extend(table.indexes);
            }
        }
        Ok(schema)
    }
}
