//! Commands that plugins add: `guichet <group> <name> <ARGUMENT>`.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Arg, ArgMatches};
use guichet_core::mail::Mailbox;
use guichet_core::mail::options::TransportKind;
use guichet_core::plugin::Command;
use guichet_core::server::Outside;

use super::output;
use super::settings::Settings;
use crate::serve::secret;

const ARGUMENT: &str = "argument";

/// The program with these commands.
pub(super) fn added_to(program: clap::Command, commands: &[Command]) -> clap::Command {
    commands.iter().fold(program, |program, command| {
        let one = clap::Command::new(command.name)
            .about(command.about)
            .arg(Arg::new(ARGUMENT).value_name(command.argument).required(true));
        if program.find_subcommand(command.group).is_some() {
            return program.mut_subcommand(command.group, |group| group.subcommand(one));
        }
        let group = clap::Command::new(command.group).about(format!("{}: {}", command.name, command.about));
        program.subcommand(group.subcommand(one).subcommand_required(true).arg_required_else_help(true))
    })
}

/// A plugin's command that was typed.
pub(super) struct Called {
    group: String,
    name: String,
    argument: String,
}

impl Called {
    pub(super) fn find(matches: &ArgMatches, settings: Option<&Settings>) -> Option<Self> {
        let (group, below) = matches.subcommand()?;
        let (name, below) = below.subcommand()?;
        named(settings?.commands(), group, name)?;
        let argument = below.get_one::<String>(ARGUMENT)?.clone();
        Some(Self { group: group.to_owned(), name: name.to_owned(), argument })
    }

    /// Beside the configured database, whose tables are left as they are.
    pub(super) async fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let mut config = settings.config().clone();
        config.database.migrate = false;
        secret::settle(&mut config)?;
        let mailbox = (config.mail.transport == TransportKind::Mailbox).then(|| Arc::new(Mailbox::new()));
        let outside = Outside { mailbox, ..Outside::default() };
        let server = guichet::build(config, outside).await.map_err(|error| settings.explain(error))?;
        // The plugins that were started, not those that were asked for their commands before.
        let commands = server.plugins().iter().flat_map(|plugin| plugin.clone().commands()).collect();
        let command = named(commands, &self.group, &self.name).context("the command is gone")?;
        let said = (command.run)(server.app.clone(), self.argument).await?;
        server.app.db.close().await;
        output::print(&format!("{}\n", said.trim_end()))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn named(commands: Vec<Command>, group: &str, name: &str) -> Option<Command> {
    commands.into_iter().find(|command| command.group == group && command.name == name)
}
