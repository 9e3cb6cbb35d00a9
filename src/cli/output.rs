//! What is printed: results on standard output, errors on standard error, colours only on a terminal.

use std::io::{ErrorKind, Write as _};

use anstyle::{AnsiColor, Style};

/// Errors.
const BAD: Style = AnsiColor::Red.on_default().bold();

/// Warnings.
const CARE: Style = AnsiColor::Yellow.on_default().bold();

/// Prints a result. Nobody reading on (`| head`) is no failure.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints an error with its causes, each said once.
pub(crate) fn error(error: &anyhow::Error) {
    let text = words(error).replace('\n', "\n  ");
    anstream::eprintln!("{BAD}error{BAD:#}: {text}");
}

/// Prints what is no error, and may yet be a mistake.
pub(crate) fn warning(text: &str) {
    anstream::eprintln!("{CARE}warning{CARE:#}: {text}");
}

/// An error and its causes; some errors quote their cause already.
pub(crate) fn words(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}
