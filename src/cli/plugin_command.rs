//! Commands that plugins add: `guichet <group> <name> <ARGUMENTS>`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Arg, ArgAction, ArgMatches};
use guichet_core::plugin::{Command, CommandName, Typed};

use super::back_office::outside;
use super::output;
use super::settings::Settings;
use crate::serve::{demo, secret};

/// A command that can be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Offered {
    command: CommandName,
    /// The plugin that brings it and is off.
    off: Option<&'static str>,
}

/// The commands of every plugin. Without settings that can be used, all count as on: whoever calls one hears what is
/// wrong with the settings.
pub(super) fn all(settings: Option<&Settings>) -> Vec<Offered> {
    let mut all: Vec<Offered> = Vec::new();
    for plugin in guichet::plugins::all() {
        let off = settings.is_some_and(|settings| !settings.config().plugins.contains_key(plugin.id));
        let off = off.then_some(plugin.id);
        all.extend(plugin.commands.iter().map(|command| Offered { command: *command, off }));
    }
    for command in settings.into_iter().flat_map(Settings::commands) {
        let command = command.typed;
        let known = |offered: &Offered| {
            (offered.command.group, offered.command.name) == (command.group, command.name)
        };
        if !all.iter().any(known) {
            all.push(Offered { command, off: None });
        }
    }
    all
}

impl Offered {
    fn about(&self) -> String {
        let off = self.off.map(|plugin| format!(" (comes with [plugins.{plugin}], which is off)"));
        self.command.about.to_owned() + &off.unwrap_or_default()
    }
}

/// The program with these commands.
pub(super) fn added_to(program: clap::Command, commands: &[Offered]) -> clap::Command {
    commands.iter().fold(program, |program, offered| {
        let CommandName { group, name, argument, switches, examples, .. } = offered.command;
        let mut one = clap::Command::new(name).about(offered.about());
        for argument in argument.split_whitespace() {
            one = one.arg(Arg::new(argument).value_name(argument).required(true));
        }
        for switch in switches {
            let long = Arg::new(switch.name).long(switch.name).help(switch.about);
            one = one.arg(match switch.value {
                "" => long.action(ArgAction::SetTrue),
                value => long.value_name(value),
            });
        }
        if !examples.is_empty() {
            one = one.after_help(format!("Examples:\n{examples}"));
        }
        if program.find_subcommand(group).is_some() {
            return program.mut_subcommand(group, |group| group.subcommand(one));
        }
        let group = clap::Command::new(group).about(format!("{name}: {}", offered.about()));
        program.subcommand(group.subcommand(one).subcommand_required(true).arg_required_else_help(true))
    })
}

/// A plugin's command that was typed.
pub(super) struct Called {
    offered: Offered,
    typed: Typed,
}

impl Called {
    pub(super) fn find(matches: &ArgMatches, commands: &[Offered]) -> Option<Self> {
        let (group, below) = matches.subcommand()?;
        let (name, below) = below.subcommand()?;
        let typed = |offered: &&Offered| (offered.command.group, offered.command.name) == (group, name);
        let offered = *commands.iter().find(typed)?;
        let said = |name: &str| below.get_one::<String>(name).cloned();
        let mut arguments = offered.command.argument.split_whitespace().filter_map(said);
        let argument = arguments.next().unwrap_or_default();
        let others = arguments.collect();
        let all = offered.command.switches;
        let flags = all.iter().filter(|switch| switch.value.is_empty()).map(|switch| switch.name);
        let switches = flags.filter(|name| below.get_flag(name)).collect();
        let saying = all.iter().filter(|switch| !switch.value.is_empty());
        let values = saying.filter_map(|switch| Some((switch.name, said(switch.name)?))).collect();
        Some(Self { offered, typed: Typed { argument, others, switches, values } })
    }

    /// Beside the configured database, whose tables are left as they are.
    pub(super) async fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let CommandName { group, name, .. } = self.offered.command;
        if let Some(plugin) = self.offered.off {
            anyhow::bail!(
                "`guichet {group} {name}` comes with [plugins.{plugin}], which is off: add that section to the \
                 settings"
            );
        }
        if settings.demo && !Path::new(demo::FILE).exists() {
            anyhow::bail!("the demo has no data here yet: start `guichet serve --demo` in this folder first");
        }
        let mut config = settings.config().clone();
        config.database.migrate = false;
        secret::settle(&mut config)?;
        let server =
            guichet::build(config, outside(&settings)).await.map_err(|error| settings.explain(error))?;
        // The plugins that were started, not those that were asked for their commands before.
        let commands = server.plugins().iter().flat_map(|plugin| plugin.clone().commands()).collect();
        let command = named(commands, group, name).context("the command is gone")?;
        let said = (command.run)(server.app.clone(), self.typed).await;
        server.app.db.close().await;
        output::print(&format!("{}\n", said?.trim_end()))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn named(commands: Vec<Command>, group: &str, name: &str) -> Option<Command> {
    commands.into_iter().find(|command| (command.typed.group, command.typed.name) == (group, name))
}
