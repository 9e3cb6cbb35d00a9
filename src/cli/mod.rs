//! The command line: reads the arguments, then hands over to one file a command.

mod adopt;
mod arguments;
mod ask;
mod back_office;
mod completions;
mod config;
mod doctor;
mod generate;
mod healthcheck;
mod log;
mod migrate;
mod openapi;
pub(crate) mod output;
mod pathways;
mod plugin_command;
mod secret;
mod session;
pub(crate) mod settings;
mod tables;
mod user;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _};

use arguments::{Arguments, Command};
use plugin_command::Offered;
use settings::Settings;

/// Exit code 0: good; 1: failed; 2: changes are pending, or (clap's) the arguments are wrong.
pub(crate) const PENDING: u8 = 2;
/// As clap's, for what only shows later.
pub(crate) const USAGE: u8 = 2;

pub(crate) fn main() -> ExitCode {
    match run(std::env::args_os().collect()) {
        Ok(code) => code,
        Err(error) => {
            output::error(&error);
            if error.is::<ask::NobodyThere>() { ExitCode::from(USAGE) } else { ExitCode::FAILURE }
        }
    }
}

fn run(arguments: Vec<OsString>) -> anyhow::Result<ExitCode> {
    // Plugins add commands, so the settings come before the arguments; wrong settings only matter to who needs them.
    let settings = Settings::load(&arguments);
    let commands = plugin_command::all(settings.as_ref().ok());
    let mut program = plugin_command::added_to(Arguments::command(), &commands);
    let matches = program.try_get_matches_from_mut(arguments).unwrap_or_else(|error| error.exit());
    let runtime = tokio::runtime::Runtime::new().context("the program cannot start its threads")?;
    runtime.block_on(dispatch(program, &matches, &commands, settings))
}

async fn dispatch(
    mut program: clap::Command,
    matches: &ArgMatches,
    commands: &[Offered],
    settings: anyhow::Result<Settings>,
) -> anyhow::Result<ExitCode> {
    if let Some(called) = plugin_command::Called::find(matches, commands) {
        log::start_as_matched(matches, "warn");
        return called.run(settings?).await;
    }
    let arguments = Arguments::from_arg_matches(matches).unwrap_or_else(|error| error.exit());
    let quiet = if matches!(arguments.command, Command::Serve) { log::SERVER } else { "warn" };
    log::start(arguments.log.as_deref(), arguments.log_format, quiet);
    match arguments.command {
        Command::Serve => crate::serve::run(settings?).await,
        Command::Migrate(options) => migrate::run(settings?, &options).await,
        Command::Adopt(options) => adopt::run(settings?, &options).await,
        Command::Generate(options) => generate::run(settings?, &options),
        Command::Openapi(options) => openapi::run(settings?, &options),
        Command::Config(command) => config::run(settings?, &command),
        Command::Healthcheck(options) => healthcheck::run(settings, options).await,
        Command::User(command) => user::run(settings?, command).await,
        Command::Session(command) => session::run(settings?, command).await,
        Command::Doctor(options) => doctor::run(settings, &options).await,
        Command::Secret => secret::run(),
        Command::Completions(options) => completions::run(&mut program, &options),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without_examples(command: &clap::Command, path: &str, found: &mut Vec<String>) {
        let path = format!("{path} {}", command.get_name());
        let mut below = command.get_subcommands().filter(|below| below.get_name() != "help").peekable();
        let told = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        if below.peek().is_none()
            && !told.contains("Examples:\n  guichet ")
            && !told.contains("Examples:\n  GUICHET_")
        {
            found.push(path.clone());
        }
        below.for_each(|below| without_examples(below, &path, found));
    }

    #[test]
    fn every_command_shows_examples() {
        let program = plugin_command::added_to(Arguments::command(), &plugin_command::all(None));
        let mut found = Vec::new();
        without_examples(&program, "", &mut found);
        assert!(found.is_empty(), "{found:#?}");
    }
}
