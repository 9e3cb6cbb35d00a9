//! Commands that plugins add: `guichet <group> <name> <ARGUMENT>`.

use std::process::ExitCode;
use std::sync::Arc;

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
    command: Command,
    argument: String,
}

impl Called {
    pub(super) fn find(matches: &ArgMatches, settings: Option<&Settings>) -> Option<Self> {
        let (group, below) = matches.subcommand()?;
        let command = settings?.commands().into_iter().find(|c| c.group == group)?;
        let (name, below) = below.subcommand()?;
        let command =
            settings?.commands().into_iter().find(|c| c.group == command.group && c.name == name)?;
        Some(Self { command, argument: below.get_one::<String>(ARGUMENT)?.clone() })
    }

    /// Beside the configured database, whose tables are left as they are.
    pub(super) async fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let mut config = settings.config().clone();
        config.database.migrate = false;
        secret::settle(&mut config)?;
        let mailbox = (config.mail.transport == TransportKind::Mailbox).then(|| Arc::new(Mailbox::new()));
        let outside = Outside { mailbox, ..Outside::default() };
        let server = guichet::build(config, outside).await.map_err(|error| settings.explain(error))?;
        let said = (self.command.run)(server.app.clone(), self.argument).await?;
        output::print(&format!("{}\n", said.trim_end()))?;
        server.app.db.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
