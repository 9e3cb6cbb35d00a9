//! `guichet generate --document`: every table and column as a page, by who declares it.

use std::fmt::Write as _;

use guichet_core::schema::{Column, Default, Kind, Table};

const HEAD: &str = "# Tables and columns

Who declares which column; written by `cargo xtask schema` (`guichet generate --all --document`), do not edit it here. The
SQL for both databases is in [migrations](../migrations). Moments are `timestamptz` on Postgres and text of fixed width on
SQLite. \"Clients set it\" and \"in answers\" say what the API lets through; other columns stay on the server.
";

/// The page. Owners without tables are named, so that nobody looks for them.
pub(super) fn page(declared: &[(String, Vec<Table>)]) -> Result<String, std::fmt::Error> {
    let mut text = HEAD.to_owned();
    for (owner, tables) in declared {
        write!(text, "\n## {owner}\n")?;
        if tables.iter().all(|table| table.columns.is_empty()) {
            text.push_str("\nNo table and no column of its own.\n");
        }
        for table in tables.iter().filter(|table| !table.columns.is_empty()) {
            write!(text, "\n`{}`\n\n| column | holds | |\n| --- | --- | --- |\n", table.name)?;
            for column in &table.columns {
                writeln!(text, "| `{}` | {} | {} |", column.name, kind(column.kind), notes(column))?;
            }
            for index in &table.indexes {
                write!(text, "\nIndex over {}.\n", index.join(", "))?;
            }
        }
    }
    Ok(text)
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Integer => "integer",
        Kind::BigInteger => "big integer",
        Kind::Boolean => "boolean",
        Kind::Timestamp => "moment",
    }
}

fn notes(column: &Column) -> String {
    let mut notes = Vec::new();
    if column.primary {
        notes.push("primary key".to_owned());
    } else if column.required {
        notes.push("not null".to_owned());
    }
    if column.unique {
        notes.push("unique".to_owned());
    }
    if column.indexed {
        notes.push("indexed".to_owned());
    }
    if let Some(to) = &column.references {
        notes.push(format!("refers to `{}.{}`, deleted with it", to.table, to.column));
    }
    match &column.default {
        Some(Default::Text(text)) => notes.push(format!("default `{text}`")),
        Some(Default::Integer(number)) => notes.push(format!("default {number}")),
        Some(Default::Boolean(value)) => notes.push(format!("default {value}")),
        Some(Default::Now) => notes.push("default: the moment of insertion".to_owned()),
        None => {}
    }
    if column.input {
        notes.push("clients set it".to_owned());
    }
    if column.returned {
        notes.push("in answers".to_owned());
    }
    notes.join(", ")
}
