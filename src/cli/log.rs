//! Where logs go: standard error, as text for people and as JSON lines for machines.

use std::io::IsTerminal as _;

use clap::{ArgMatches, ValueEnum};
use tracing_subscriber::EnvFilter;

/// What a server logs unless told otherwise.
pub(super) const SERVER: &str = "info,sqlx=warn";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    // One object a line.
    Json,
    // For people.
    Text,
}

/// Checks a `--log` value.
pub(super) fn filter(text: &str) -> Result<String, String> {
    EnvFilter::try_new(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}

pub(super) fn start(level: Option<&str>, format: Option<LogFormat>, default: &str) {
    let filter = EnvFilter::new(level.filter(|level| !level.is_empty()).unwrap_or(default));
    let terminal = std::io::stderr().is_terminal();
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if format.unwrap_or(if terminal { LogFormat::Text } else { LogFormat::Json }) == LogFormat::Json {
        logs.json().flatten_event(true).init();
    } else {
        let colours =
            terminal && anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
        logs.compact().with_ansi(colours).with_target(false).init();
    }
}

/// As [`start`], for a command that only its plugin knows.
pub(super) fn start_as_matched(matches: &ArgMatches, default: &str) {
    let level = matches.get_one::<String>("log").map(String::as_str);
    start(level, matches.get_one::<LogFormat>("log_format").copied(), default);
}
