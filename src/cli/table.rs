//! Rows under headings, as wide as they need to be.

use std::fmt::Write as _;

use anstyle::Style;

const HEADING: Style = Style::new().dimmed();

/// The rows with a heading over each column; the last column is not filled up.
pub(super) fn table<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> String {
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
pub(super) fn list(rows: &[(&str, String)]) -> String {
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

/// A stranger's text as a terminal may show it: one line, without what moves the cursor or turns the direction of
/// writing, and not longer than `most` characters.
pub(super) fn plain(text: &str, most: usize) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut kept: Vec<char> = text.chars().filter(|&c| !c.is_control() && !turns(c)).collect();
    if kept.len() > most {
        kept.truncate(most.saturating_sub(1));
        kept.push('…');
    }
    kept.into_iter().collect()
}

/// A moment to the minute, in UTC.
pub(super) fn minute(moment: guichet_core::Timestamp) -> String {
    moment.to_string().get(..16).unwrap_or_default().replace('T', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_text_cannot_write_elsewhere_on_the_terminal() {
        assert_eq!(plain("Jean\u{1b}[2J\r\n\u{202e}Dupont", 40), "Jean[2JDupont");
        assert_eq!(plain("abcdef", 4), "abc…");
    }

    #[test]
    fn columns_stand_below_each_other() {
        let rows = [["é".to_owned(), "x".to_owned()], ["long".to_owned(), String::new()]];
        let lines: Vec<String> = table(["A", "B"], &rows).lines().skip(1).map(str::to_owned).collect();
        assert_eq!(lines, ["é     x", "long"]);
    }
}
