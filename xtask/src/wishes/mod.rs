//! `cargo xtask wishes`: docs/wishes.md, which says of each wish what shows it.

mod rows;
mod scan;
mod table;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::generated::{self, Options};
use crate::workspace::Workspace;

/// Where the rows are told in our words.
const ROWS: &str = "tests/wishes.toml";

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let text = page(&workspace.root)?;
    Ok(generated::exit(generated::settle(workspace, "docs/wishes.md", &text, options)?))
}

fn page(root: &Path) -> Result<String> {
    let rows = rows::read(&root.join(ROWS))?;
    let shown = scan::repository(root)?;
    table::page(&rows, &shown)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn docs_wishes_is_current() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let found = std::fs::read_to_string(root.join("docs/wishes.md")).unwrap();
        let wanted = super::page(&root).unwrap();
        assert!(found == wanted, "docs/wishes.md is not current: run cargo xtask wishes");
    }
}
