//! Rows under headings, as wide as they need to be.

use std::fmt::Write as _;

use anstyle::Style;

const HEADING: Style = Style::new().dimmed();

/// The rows with a heading over each column; the last column is not filled up.
pub fn table<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> String {
    let mut widths = headings.map(width);
    for row in rows {
        for (most, cell) in widths.iter_mut().zip(row) {
            *most = (*most).max(width(cell));
        }
    }
    let mut text = String::new();
    let line = |cells: [&str; N]| {
        let mut line = String::new();
        for (cell, most) in cells.iter().zip(widths) {
            let _ = write!(line, "{cell}{}", " ".repeat(most - width(cell) + 2));
        }
        line.trim_end().to_owned()
    };
    let _ = writeln!(text, "{HEADING}{}{HEADING:#}", line(headings));
    for row in rows {
        let _ = writeln!(text, "{}", line(row.each_ref().map(String::as_str)));
    }
    text
}

/// Names and values, one a line.
pub fn list(rows: &[(&str, String)]) -> String {
    let most = rows.iter().map(|(name, _)| width(name)).max().unwrap_or_default();
    let mut text = String::new();
    for (name, value) in rows {
        let _ = writeln!(text, "{HEADING}{name:<most$}{HEADING:#}  {value}");
    }
    text
}

fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let rows = [["é".to_owned(), "x".to_owned()], ["long".to_owned(), String::new()]];
        let lines: Vec<String> = table(["A", "B"], &rows).lines().skip(1).map(str::to_owned).collect();
        assert_eq!(lines, ["é     x", "long"]);
    }
}
