//! docs/wishes.md.

use std::fmt::Write as _;

use anyhow::{Result, bail};

use super::rows::Rows;
use super::scan::{ByRow, Shown};

const HEAD: &str = "# The wishes, row by row

What the people that Guichet is built for asked for, and the test or example that shows each row. Written by
`cargo xtask wishes` from `tests/wishes.toml` and from the marks above the tests, `Wishes: 101, 128.`; do not edit it here.
";

/// The page. Fails when a test names a row that is none.
pub(super) fn page(rows: &Rows, shown: &ByRow) -> Result<String> {
    let not_met = rows.not_met()?;
    let mut text = String::new();
    let (mut known, mut good, mut partly, mut open) = (Vec::new(), 0, 0, 0);
    for wish in &rows.wishes {
        write!(
            text,
            "\n## {}\n\n| row | asks | state | shown by |\n| --- | --- | --- | --- |\n",
            wish.title
        )?;
        for (row, asks) in wish.rows()? {
            known.push(row);
            let by: Vec<String> = shown.get(&row).into_iter().flatten().map(link).collect();
            let state = match (not_met.get(&row), by.is_empty()) {
                (None, false) => {
                    good += 1;
                    "shown".to_owned()
                }
                (Some(why), false) => {
                    partly += 1;
                    format!("in part: {why}")
                }
                (Some(why), true) => {
                    open += 1;
                    format!("not met: {why}")
                }
                (None, true) => {
                    open += 1;
                    "not shown".to_owned()
                }
            };
            writeln!(text, "| {row} | {} | {} | {} |", cell(asks), cell(&state), by.join(", "))?;
        }
    }
    if let Some((row, by)) = shown.iter().find(|(row, _)| !known.contains(row)) {
        bail!("{by:?} names the wish {row}, which is none");
    }
    let count = format!("{good} rows are shown, {partly} in part, {open} are not.");
    Ok(format!("{HEAD}\n{count}\n{text}"))
}

/// A link from `docs/`.
fn link(shown: &Shown) -> String {
    let (file, name) = (&shown.file, shown.test.as_ref().unwrap_or(&shown.file));
    let path = file.replace('[', "%5B").replace(']', "%5D").replace(' ', "%20");
    format!("[{}](../{path})", cell(name).replace('[', "\\[").replace(']', "\\]").replace('_', "\\_"))
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::super::rows::tests::rows;
    use super::super::scan::{ByRow, Shown};
    use super::page;

    #[test]
    fn a_row_is_shown_or_says_so() {
        let rows = rows(
            "[not_met]\n2 = \"too large\"\n4 = \"half | done\"\n[[wish]]\ntitle = \"A\"\nrows = { 1 = \"a\", 2 = \"b\", 3 = \"c\", 4 = \"d\" }",
        );
        let example = Shown { file: "examples/[...all]/route.ts".into(), test: None };
        let other = Shown { file: "tests/a.rs".into(), test: Some("a_b".into()) };
        let mut shown = ByRow::from([(1, [example].into()), (4, [other].into())]);
        let text = page(&rows, &shown).unwrap();
        for line in [
            "1 rows are shown, 1 in part, 2 are not.",
            "| 1 | a | shown | [examples/\\[...all\\]/route.ts](../examples/%5B...all%5D/route.ts) |",
            "| 2 | b | not met: too large |  |",
            "| 3 | c | not shown |  |",
            "| 4 | d | in part: half \\| done | [a\\_b](../tests/a.rs) |",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        shown.insert(5, [Shown { file: "b.rs".into(), test: None }].into());
        assert!(page(&rows, &shown).unwrap_err().to_string().contains("the wish 5, which is none"));
    }
}
