//! Every library of the workspace has its line, with a reason, in `docs/dependencies.md`.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};

fn read(name: &str) -> Result<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    std::fs::read_to_string(file).context(name.to_owned())
}

#[test]
fn each_library_has_its_reason_and_each_reason_its_library() -> Result<()> {
    let manifest: toml::Table = read("Cargo.toml")?.parse()?;
    let used: BTreeSet<String> = manifest["workspace"]["dependencies"]
        .as_table()
        .context("a table of dependencies")?
        .iter()
        .filter(|(_, value)| value.get("path").is_none())
        .map(|(name, _)| name.clone())
        .collect();

    let page = read("docs/dependencies.md")?;
    let lines = page.lines().filter_map(|line| line.strip_prefix("- `")?.split_once("`: "));
    let explained: BTreeSet<String> =
        lines.filter(|(_, reason)| !reason.trim().is_empty()).map(|(name, _)| name.to_owned()).collect();

    let unexplained: Vec<_> = used.difference(&explained).collect();
    let unused: Vec<_> = explained.difference(&used).collect();
    assert!(unexplained.is_empty(), "docs/dependencies.md says nothing of {unexplained:?}");
    assert!(unused.is_empty(), "docs/dependencies.md still speaks of {unused:?}");
    Ok(())
}
