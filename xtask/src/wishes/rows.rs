//! The rows: what is asked, and why something is not met.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// `tests/wishes.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    /// The wishes, in their order.
    #[serde(rename = "wish")]
    pub(super) wishes: Vec<Wish>,
    /// What is not met, or not wholly, and why; by row.
    #[serde(default)]
    not_met: BTreeMap<String, String>,
}

/// One wish with its rows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    /// Its heading.
    pub(super) title: String,
    /// What each row asks, by its number.
    rows: BTreeMap<String, String>,
}

impl Wish {
    /// Number and text of each row, in order.
    pub(super) fn rows(&self) -> Result<BTreeMap<u16, &str>> {
        self.rows.iter().map(|(row, asks)| Ok((number(row)?, asks.as_str()))).collect()
    }
}

impl Rows {
    /// Why each of these is not met.
    pub(super) fn not_met(&self) -> Result<BTreeMap<u16, &str>> {
        self.not_met.iter().map(|(row, why)| Ok((number(row)?, why.as_str()))).collect()
    }
}

fn number(row: &str) -> Result<u16> {
    row.parse().with_context(|| format!("{row:?} is no row"))
}

/// Fails when a number is missing or stands twice, and on a reason for a row that is none.
pub(super) fn read(file: &Path) -> Result<Rows> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    parse(&text).with_context(|| file.display().to_string())
}

fn parse(text: &str) -> Result<Rows> {
    let rows: Rows = toml::from_str(text)?;
    let mut next = 1;
    for wish in &rows.wishes {
        for row in wish.rows()?.into_keys() {
            ensure!(row == next, "the row {next} is expected, {row} is found");
            next += 1;
        }
    }
    for row in rows.not_met()?.into_keys() {
        ensure!((1..next).contains(&row), "[not_met] names {row}, which is no row");
    }
    Ok(rows)
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Rows, parse};

    pub(crate) fn rows(text: &str) -> Rows {
        parse(text).unwrap()
    }

    #[test]
    fn a_row_that_is_missing_and_a_reason_for_none_are_refused() {
        let hole = "[[wish]]\ntitle = \"a\"\nrows = { 1 = \"x\", 3 = \"y\" }";
        assert!(parse(hole).err().unwrap().to_string().contains("the row 2 is expected"));
        let nothing = "[not_met]\n2 = \"why\"\n[[wish]]\ntitle = \"a\"\nrows = { 1 = \"x\" }";
        assert!(parse(nothing).err().unwrap().to_string().contains("names 2"));
        let order = rows("[[wish]]\ntitle = \"a\"\nrows = { 10 = \"j\", 1 = \"a\", 2 = \"b\", 3 = \"c\", 4 = \"d\", 5 = \"e\", 6 = \"f\", 7 = \"g\", 8 = \"h\", 9 = \"i\" }");
        assert_eq!(order.wishes[0].rows().unwrap().into_keys().last(), Some(10));
    }
}
