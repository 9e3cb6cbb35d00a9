//! What a command asks the person who types it.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use anyhow::Context as _;
use guichet_core::config::Secret;

/// A question that nobody is there to answer: wrong usage.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NobodyThere(String);

/// Whether to go on. Without a terminal there is nobody to ask, and `--yes` says it beforehand.
pub(super) fn agreed(question: &str, yes: bool) -> anyhow::Result<bool> {
    if yes {
        return Ok(true);
    }
    if !std::io::stdin().is_terminal() {
        return Err(NobodyThere(format!("{question} Nobody is there to confirm it: add --yes")).into());
    }
    eprint!("{question} [y/N] ");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(["y", "yes", "o", "oui"].contains(&answer.trim().to_lowercase().as_str()))
}

/// A new password: typed twice at a terminal, where it does not show; else the first line of standard input.
pub(super) fn new_password(whose: &str) -> anyhow::Result<Secret> {
    if !std::io::stdin().is_terminal() {
        return first_line();
    }
    let typed = rpassword::prompt_password(format!("New password of {whose}: "))?;
    anyhow::ensure!(!typed.is_empty(), "nothing was typed");
    let again = rpassword::prompt_password("Once more: ")?;
    anyhow::ensure!(typed == again, "the two are not the same: nothing was changed");
    Ok(typed.into())
}

/// The first line of standard input, without its end.
pub(super) fn first_line() -> anyhow::Result<Secret> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("standard input is no text")?;
    let line = line.trim_end_matches(['\r', '\n']);
    anyhow::ensure!(!line.is_empty(), "there is no password on standard input");
    Ok(line.to_owned().into())
}
