//! The tests and examples that name rows: `Wishes: 101, 128.` at the end of the comment above a test, or of the comment
//! at the head of an example.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use anyhow::{Context, Result, bail};
use regex::Regex;

/// Where tests and examples are.
const ROOTS: [&str; 8] = ["clients", "core", "examples", "plugins", "src", "testing", "tests", "xtask/tests"];

/// What was built or fetched.
const FOREIGN: [&str; 6] = ["target", "node_modules", "dist", "build", "__pycache__", "venv"];

const SOURCES: [&str; 8] = ["rs", "js", "mjs", "cjs", "jsx", "ts", "tsx", "py"];

/// A test, or an example.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shown {
    /// From the repository's root, with slashes.
    pub(super) file: String,
    /// The test's name; none for an example.
    pub(super) test: Option<String>,
}

/// What shows each row.
pub(super) type ByRow = BTreeMap<u16, BTreeSet<Shown>>;

static MARKER: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:^|\s)Wishes: (\d+(?:, \d+)*)\.$"));
static COMMENT: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^\s*(?:///|//!|//|/\*\*?|\*|#(?:[^\[]|$)|<!--|--)\s?(.*?)\s*(?:\*/|-->)?\s*$"));
static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*(?:#\[|@)"));
static RUST: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^\s*(?:pub(?:\([a-z]+\))? )?(?:async )?fn ([a-z][a-z0-9_]*)\((_?database\))?|^\s*([a-z][a-z0-9_]*): \S")
});
static SCRIPT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"^\s*(?:await )?(?:[\w.]+\.)?(?:test|it|describe)(?:\.\w+)?\(\s*["'`](.+?)["'`]\s*,|^\s*(?:export )?(?:async )?function (\w+)|^\s*(?:export )?const (\w+) ="#,
    )
});
static PYTHON: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*(?:async )?(?:def|class) (\w+)"));

#[expect(clippy::unwrap_used, reason = "they stand in this file and are tried by its tests")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// Fails on a marker that cannot be read, or that stands above nothing.
pub(super) fn repository(root: &Path) -> Result<ByRow> {
    let mut rows = ByRow::new();
    for start in ROOTS {
        let folder = root.join(start);
        if folder.is_dir() {
            walk(root, &folder, &mut rows)?;
        }
    }
    Ok(rows)
}

fn walk(root: &Path, folder: &Path, rows: &mut ByRow) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_symlink() || FOREIGN.contains(&name.as_str()) || path.is_dir() && name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            walk(root, &path, rows)?;
            continue;
        }
        let relative = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        let example = relative.starts_with("examples/") && !["md", "json", "lock"].contains(&&*extension);
        if (example || SOURCES.contains(&&*extension))
            && let Ok(text) = fs::read_to_string(&path)
        {
            look(&relative, &text, rows)?;
        }
    }
    Ok(())
}

/// Looks through one file.
fn look(file: &str, text: &str, rows: &mut ByRow) -> Result<()> {
    let lines: Vec<&str> = text.lines().collect();
    let mut head = file.starts_with("examples/");
    for (at, line) in lines.iter().enumerate() {
        let Some(said) = comment(line) else {
            head &= line.trim().is_empty() || line.trim_start().starts_with("\"use ");
            continue;
        };
        if !said.contains("Wishes:") {
            continue;
        }
        let place = format!("{file}, line {}", at + 1);
        let Some(found) = MARKER.captures(said) else {
            bail!("{place}: {said:?} does not end as in `Wishes: 101, 128.`");
        };
        let test = following(file, lines.get(at + 1..).unwrap_or_default());
        if test.is_none() && !head {
            bail!("{place}: no test follows directly");
        }
        let shown = Shown { file: file.to_owned(), test: if head { None } else { test } };
        for row in found[1].split(", ") {
            rows.entry(row.parse().with_context(|| place.clone())?).or_default().insert(shown.clone());
        }
    }
    Ok(())
}

/// What a line that is a comment says.
fn comment(line: &str) -> Option<&str> {
    Some(COMMENT.captures(line)?.get(1)?.as_str())
}

/// The test that begins with these lines, after attributes or decorators.
fn following(file: &str, lines: &[&str]) -> Option<String> {
    let attributes = lines.iter().take_while(|line| ATTRIBUTE.is_match(line)).count();
    let line = lines.get(attributes)?;
    let extension = file.rsplit('.').next()?;
    let (pattern, rust) = match extension {
        "rs" => (&RUST, true),
        "py" => (&PYTHON, false),
        _ => (&SCRIPT, false),
    };
    let found = pattern.captures(line)?;
    // A function of Rust's is a test by its attribute, or by what `stories!` hands it.
    let marked = lines.iter().take(attributes).any(|line| line.contains("test"));
    if rust && found.get(1).is_some() && found.get(2).is_none() && !marked {
        return None;
    }
    let name = (1..found.len()).filter(|group| !(rust && *group == 2)).find_map(|group| found.get(group))?;
    Some(name.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{ByRow, look};

    fn told(file: &str, text: &str) -> Result<Vec<String>, String> {
        let mut rows = ByRow::new();
        look(file, text, &mut rows).map_err(|error| error.to_string())?;
        let tell = |(row, all): (u16, std::collections::BTreeSet<super::Shown>)| {
            all.into_iter().map(move |one| format!("{row} {}", one.test.unwrap_or(one.file)))
        };
        Ok(rows.into_iter().flat_map(tell).collect())
    }

    #[test]
    fn the_test_below_a_marker_is_named() {
        let rust = "    /// Once. Wishes: 101, 128.\n    async fn a_code_works_once(database) {\n\
                    // Wishes: 7.\n#[tokio::test]\nasync fn b() {\n    // Wishes: 8.\n    jean: \"x\" => \"y\";";
        assert_eq!(told("a.rs", rust).unwrap(), ["7 b", "8 jean", "101 a_code_works_once", "128 a_code_works_once"]);
        let script = "// Wishes: 1.\ntest(\"it's \\\"so\\\"\", async () => {\n// Wishes: 2.\nexport async function visit({ page }) {\n\
                      // Wishes: 3.\nexport const twice = async () => 2;";
        assert_eq!(told("a.test.ts", script).unwrap(), ["1 it's \\\"so\\\"", "2 visit", "3 twice"]);
        let python = "# Wishes: 87.\n@pytest.mark.parametrize(\"x\", [1])\ndef test_it(x):";
        assert_eq!(told("a.py", python).unwrap(), ["87 test_it"]);
        let example = "#!/bin/sh\n# Starts all of it.\n# Wishes: 60.\n\nexec x";
        assert_eq!(told("examples/start", example).unwrap(), ["60 examples/start"]);
        let page = "\"use client\";\n/* Shows it.\n * Wishes: 3, 4. */\nexport function Page() {";
        assert_eq!(told("examples/page.tsx", page).unwrap(), ["3 examples/page.tsx", "4 examples/page.tsx"]);
        assert_eq!(told("a.rs", "let x = \"Wishes: 1.\";\n#[derive(Debug)]").unwrap(), [""; 0]);
    }

    #[test]
    fn a_marker_that_shows_nothing_is_refused() {
        for (file, text) in [
            ("a.rs", "/// Wishes: 101\nfn a(database) {"),
            ("a.rs", "/// Wishes: 1, x.\nfn a(database) {"),
            ("a.rs", "/// Wishes: 1.\n/// More.\nfn a(database) {"),
            ("a.rs", "/// Wishes: 1.\nfn a_helper() {"),
            ("a.py", "# Wishes: 1.\n\ndef test_it():"),
            ("tests/a.mjs", "// Wishes: 1.\nrun();"),
        ] {
            assert!(told(file, text).is_err(), "{text}");
        }
    }
}
