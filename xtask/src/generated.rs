//! `cargo xtask schema` and `cargo xtask openapi`: the files that the program itself writes; and what the chores that write
//! files share.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::children::Children;
use crate::workspace::Workspace;
use crate::{plugin_reference, product};

#[derive(Args)]
pub(crate) struct Options {
    /// Writes nothing; fails when the file in the repository is another
    #[arg(long)]
    pub(crate) check: bool,
}

pub(crate) fn schema(workspace: &Workspace, children: &Children, options: &Options) -> Result<ExitCode> {
    let program = product::build(workspace, children, false)?;
    let mut current = true;
    for database in ["postgres", "sqlite"] {
        let text = output(workspace, &program, &["generate", "--all", "--database", database])?;
        current &= settle(workspace, &format!("migrations/{database}/schema.sql"), &text, options)?;
    }
    let page = output(workspace, &program, &["generate", "--all", "--document"])?;
    current &= settle(workspace, "docs/tables.md", &page, options)?;
    Ok(exit(current))
}

pub(crate) fn openapi(workspace: &Workspace, children: &Children, options: &Options) -> Result<ExitCode> {
    let program = product::build(workspace, children, false)?;
    let text = output(workspace, &program, &["openapi", "--all"])?;
    let mut current = settle(workspace, "openapi.json", &text, options)?;
    let settings = output(workspace, &program, &["config", "schema"])?;
    let page = plugin_reference::page(&serde_json::from_str(&text)?, &serde_json::from_str(&settings)?)?;
    current &= settle(workspace, "docs/plugins/README.md", &page, options)?;
    Ok(exit(current))
}

pub(crate) fn exit(current: bool) -> ExitCode {
    if current { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn output(workspace: &Workspace, program: &Path, arguments: &[&str]) -> Result<String> {
    let called = format!("guichet {}", arguments.join(" "));
    let output = workspace
        .command(program)
        .args(arguments)
        .output()
        .with_context(|| format!("cannot start {called}"))?;
    ensure!(output.status.success(), "{called}: {}", String::from_utf8_lossy(&output.stderr));
    ensure!(!output.stdout.is_empty(), "{called} printed nothing");
    String::from_utf8(output.stdout).with_context(|| format!("{called} printed no text"))
}

/// Writes the file, or compares it. False when it is another and only a look was asked for.
pub(crate) fn settle(workspace: &Workspace, name: &str, text: &str, options: &Options) -> Result<bool> {
    let file = workspace.root.join(name);
    if !options.check {
        let folder = file.parent().context("a file without a folder")?;
        fs::create_dir_all(folder).and_then(|()| fs::write(&file, text)).with_context(|| name.to_owned())?;
        println!("wrote {name}");
        return Ok(true);
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    match first_difference(&found, text) {
        None => println!("{name} is current"),
        Some((line, found, wanted)) => {
            println!("{name} is not current; line {line}:\n  file:    {found}\n  program: {wanted}");
        }
    }
    Ok(found == text)
}

fn first_difference<'a>(found: &'a str, wanted: &'a str) -> Option<(usize, &'a str, &'a str)> {
    if found == wanted {
        return None;
    }
    let (mut a, mut b) = (found.split('\n'), wanted.split('\n'));
    (1..).find_map(|line| match (a.next(), b.next()) {
        (a, b) if a != b => Some((line, a.unwrap_or("(end)"), b.unwrap_or("(end)"))),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn the_first_line_that_differs_is_shown() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some((2, "b", "c")));
        assert_eq!(first_difference("a\n", "a"), Some((2, "", "(end)")));
        assert_eq!(first_difference("", "a"), Some((1, "", "a")));
    }
}
