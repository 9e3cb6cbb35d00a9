//! Why a database is not touched, and what to do about it.

use std::fmt;

use super::names::{quoted, quoted_list};
use crate::db::Dialect;

/// Something that stands in the way. Never holds a value from a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// A stable code, for programs: `REQUIRED_COLUMN_ON_ROWS`, `TYPE_MISMATCH`, `NUMERIC_MOMENTS`,
    /// `DUPLICATE_VALUES`, `UNFILLED_REQUIRED_COLUMN`, `MISSING_KEY`, `MISSING_IN_VIEW`, `BAD_REFERENCE`,
    /// `BAD_INDEX`.
    pub code: &'static str,
    /// The table.
    pub table: String,
    /// The column, when it is about one.
    pub column: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quoted(&self.table))?;
        if let Some(column) = &self.column {
            write!(f, ".{}", quoted(column))?;
        }
        write!(f, ": {} [{}]\n    {}", self.problem, self.code, self.remedy)
    }
}

/// Everything that stands in the way; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusals(pub Vec<Refusal>);

impl std::error::Error for Refusals {}

impl fmt::Display for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the database is left as it is:")?;
        self.0.iter().try_for_each(|refusal| write!(f, "\n  {refusal}"))
    }
}

/// A column of a database.
pub(super) struct Site {
    pub(super) dialect: Dialect,
    pub(super) table: String,
    pub(super) column: String,
}

impl Site {
    fn refuse(&self, code: &'static str, problem: impl Into<String>, remedy: impl Into<String>) -> Refusal {
        let (table, column) = (self.table.clone(), Some(self.column.clone()));
        Refusal { code, table, column, problem: problem.into(), remedy: remedy.into() }
    }

    fn quoted(&self) -> (String, String) {
        (quoted(&self.table), quoted(&self.column))
    }

    /// `SQLite` cannot change a column that exists.
    fn alter(&self, change: &str, outcome: &str) -> String {
        let (table, column) = self.quoted();
        match self.dialect {
            Dialect::Postgres => format!("alter table {table} alter column {column} {change}"),
            Dialect::Sqlite => format!("make table {table} anew, with {column} {outcome}"),
        }
    }
}

impl Refusal {
    pub(super) fn circle(table: &str) -> Self {
        Self {
            code: "BAD_REFERENCE",
            table: table.to_owned(),
            column: None,
            problem: "refers in a circle to tables that do not exist yet".into(),
            remedy: "declare one of the references as a plain column".into(),
        }
    }

    pub(super) fn missing_key(table: &str, key: &[&str]) -> Self {
        let columns = quoted_list(key);
        Self {
            code: "MISSING_KEY",
            table: table.to_owned(),
            column: None,
            problem: format!("{columns} is neither the primary key nor unique"),
            remedy: format!("create unique index on {} ({columns})", quoted(table)),
        }
    }

    /// `SQLite` would take the name for a text and index that.
    pub(super) fn bad_index(site: &Site) -> Self {
        let problem = "an index is declared on it, but no such column";
        site.refuse("BAD_INDEX", problem, "declare the column, or drop the index from the declaration")
    }

    pub(super) fn missing_in_view(site: &Site) -> Self {
        let problem = "the table is a view and has no such column";
        site.refuse("MISSING_IN_VIEW", problem, "add the column to the view, and to the table below it")
    }

    pub(super) fn type_mismatch(site: &Site, found: &str, wanted: &str) -> Self {
        let problem = format!("is {found}, which cannot hold {wanted}");
        let remedy = site.alter(&format!("type {wanted} using …"), &format!("as {wanted}"));
        site.refuse("TYPE_MISMATCH", problem, remedy)
    }

    /// Only on `SQLite`.
    pub(super) fn numeric_moments(site: &Site) -> Self {
        let (table, column) = site.quoted();
        let problem = "keeps moments as numbers, which do not compare with moments as text";
        let convert = format!("strftime('%Y-%m-%dT%H:%M:%fZ', {column} / 1000.0, 'unixepoch')");
        let remedy = format!(
            "convert them; from milliseconds: update {table} set {column} = {convert} where typeof({column}) <> 'text'"
        );
        site.refuse("NUMERIC_MOMENTS", problem, remedy)
    }

    pub(super) fn optional_but_required(site: &Site) -> Self {
        let problem = "is not null and has no default, but may be left out";
        site.refuse("UNFILLED_REQUIRED_COLUMN", problem, site.alter("drop not null", "nullable"))
    }

    pub(super) fn unknown_but_required(site: &Site) -> Self {
        let problem = "is not null, has no default and is not declared: no row could be added";
        site.refuse("UNFILLED_REQUIRED_COLUMN", problem, site.alter("drop not null", "nullable"))
    }

    pub(super) fn duplicates(site: &Site, count: i64) -> Self {
        let (table, column) = site.quoted();
        let problem = format!("must be unique, but values that occur more than once: {count}");
        let remedy = format!(
            "find them: select {column}, count(*) from {table} group by {column} having count(*) > 1"
        );
        site.refuse("DUPLICATE_VALUES", problem, remedy)
    }

    pub(super) fn same_for_all_rows(site: &Site) -> Self {
        let problem = "must be unique, but all rows would get the same default";
        site.refuse("DUPLICATE_VALUES", problem, "add the column yourself and fill it")
    }

    pub(super) fn required_on_rows(site: &Site) -> Self {
        let problem = "is required and has no default, but the table has rows";
        let remedy = "declare a default, or add the column yourself and fill it";
        site.refuse("REQUIRED_COLUMN_ON_ROWS", problem, remedy)
    }

    pub(super) fn reference_with_default(site: &Site) -> Self {
        let problem = "SQLite adds no reference with a default to a table that has rows";
        site.refuse("BAD_REFERENCE", problem, "declare it without the default")
    }

    pub(super) fn unknown_reference(site: &Site, target: &str) -> Self {
        let problem = format!("refers to {}, which is not declared", quoted(target));
        site.refuse("BAD_REFERENCE", problem, "declare that table, or a plain column")
    }
}
