//! Can a column that another program made hold what is declared?

use super::found::FoundColumn;
use crate::db::Dialect;
use crate::schema::{Column, Kind};

/// Kind where writing, reading and comparing work as with our own type: enum, `varchar` and `citext` for text,
/// `uuid` for ids, `timestamp` without zone (connections speak UTC), `integer` for `bigint`.
pub(super) fn holds(dialect: Dialect, declared: &Column, found: &FoundColumn) -> bool {
    match dialect {
        Dialect::Postgres => postgres(declared, found),
        Dialect::Sqlite => sqlite(declared, affinity(&found.type_name)),
    }
}

fn postgres(declared: &Column, found: &FoundColumn) -> bool {
    let base = found.base_type.as_str();
    match declared.kind {
        Kind::Text => {
            matches!(base, "text" | "varchar" | "citext" | "anyenum")
                || (base == "uuid" && is_identifier(declared))
        }
        Kind::Integer | Kind::BigInteger => matches!(base, "int4" | "int8"),
        Kind::Boolean => base == "bool",
        Kind::Timestamp => matches!(base, "timestamptz" | "timestamp"),
    }
}

/// Ids are UUIDs, and so is what refers to them.
fn is_identifier(column: &Column) -> bool {
    column.primary || column.references.is_some()
}

/// What `SQLite` makes of a value before it stores it (<https://www.sqlite.org/datatype3.html> section 3.1).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Affinity {
    Integer,
    Text,
    /// None at all: stored as it comes.
    Blob,
    Real,
    Numeric,
}

fn affinity(type_name: &str) -> Affinity {
    let name = type_name.to_ascii_uppercase();
    let says = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    if says(&["INT"]) {
        Affinity::Integer
    } else if says(&["CHAR", "CLOB", "TEXT"]) {
        Affinity::Text
    } else if name.is_empty() || says(&["BLOB"]) {
        Affinity::Blob
    } else if says(&["REAL", "FLOA", "DOUB"]) {
        Affinity::Real
    } else {
        Affinity::Numeric
    }
}

fn sqlite(declared: &Column, affinity: Affinity) -> bool {
    match declared.kind {
        // A number would lose its leading zeros; a UUID is never taken for one.
        Kind::Text => {
            matches!(affinity, Affinity::Text | Affinity::Blob)
                || (affinity == Affinity::Numeric && is_identifier(declared))
        }
        // Text would compare "10" < "9".
        Kind::Integer | Kind::BigInteger => affinity != Affinity::Text,
        Kind::Boolean => !matches!(affinity, Affinity::Text | Affinity::Real),
        // Our moments are text; among numbers they compare wrongly.
        Kind::Timestamp => !matches!(affinity, Affinity::Integer | Affinity::Real),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(base_type: &str) -> FoundColumn {
        FoundColumn {
            name: "c".into(),
            type_name: base_type.into(),
            base_type: base_type.into(),
            required: false,
            filled: false,
            duplicates: 0,
            numeric_moments: false,
        }
    }

    #[test]
    fn postgres_neighbours_are_taken_and_strangers_are_not() {
        let fits = |column: &Column, base| holds(Dialect::Postgres, column, &found(base));
        for base in ["text", "varchar", "citext", "anyenum"] {
            assert!(fits(&Column::text("c"), base), "{base}");
        }
        for base in ["uuid", "bpchar", "jsonb", "int4", "_text", "bytea"] {
            assert!(!fits(&Column::text("c"), base), "{base}");
        }
        assert!(fits(&Column::id(), "uuid") && fits(&Column::text("userId").references("user"), "uuid"));
        assert!(!fits(&Column::id(), "int4"));
        assert!(fits(&Column::new("c", Kind::BigInteger), "int4") && fits(&Column::integer("c"), "int8"));
        assert!(!fits(&Column::integer("c"), "int2") && !fits(&Column::integer("c"), "numeric"));
        assert!(fits(&Column::boolean("c"), "bool") && !fits(&Column::boolean("c"), "int4"));
        assert!(fits(&Column::timestamp("c"), "timestamp") && fits(&Column::timestamp("c"), "timestamptz"));
        assert!(!fits(&Column::timestamp("c"), "date") && !fits(&Column::timestamp("c"), "text"));
    }

    #[test]
    fn sqlite_goes_by_affinity() {
        let fits = |column: &Column, name| holds(Dialect::Sqlite, column, &found(name));
        assert!(fits(&Column::text("c"), "TEXT") && fits(&Column::text("c"), "varchar(20)"));
        assert!(fits(&Column::text("c"), "") && fits(&Column::id(), "uuid"));
        assert!(!fits(&Column::text("c"), "INTEGER") && !fits(&Column::text("c"), "STRING"));
        assert!(fits(&Column::integer("c"), "bigint") && !fits(&Column::integer("c"), "text"));
        assert!(fits(&Column::boolean("c"), "boolean") && fits(&Column::boolean("c"), "integer"));
        assert!(!fits(&Column::boolean("c"), "text"));
        for name in ["date", "DATETIME", "timestamp", "text"] {
            assert!(fits(&Column::timestamp("c"), name), "{name}");
        }
        assert!(!fits(&Column::timestamp("c"), "integer"));
    }
}
