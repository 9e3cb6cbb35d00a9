//! What plugins add to the command line.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::app::App;

/// A command that a plugin adds.
#[derive(Clone)]
pub struct Command {
    /// How it is typed.
    pub typed: CommandName,
    /// Does it, and gives what is printed.
    pub run: Arc<dyn Fn(App, Typed) -> CommandFuture + Send + Sync>,
}

/// Something that a command is told with `--<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch {
    /// Its name: `json`.
    pub name: &'static str,
    /// One sentence for `--help`.
    pub about: &'static str,
    /// What follows it, in capitals: `TEXT`; empty when nothing does.
    pub value: &'static str,
}

impl Switch {
    /// A switch that is on or off.
    pub const fn new(name: &'static str, about: &'static str) -> Self {
        Self { name, about, value: "" }
    }

    /// A switch that says something: `--reason TEXT`.
    pub const fn with(name: &'static str, value: &'static str, about: &'static str) -> Self {
        Self { name, about, value }
    }
}

/// The usual switch for what a script reads.
pub const AS_JSON: Switch = Switch::new("json", "Prints JSON");

/// What was typed after a command's name.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// Its first argument; empty when it takes none.
    pub argument: String,
    /// The ones after it.
    pub others: Vec<String>,
    /// The names of the switches that are on.
    pub switches: Vec<&'static str>,
    /// What was said with switches, by their names.
    pub values: Vec<(&'static str, String)>,
}

impl Typed {
    /// Whether a switch is on.
    pub fn has(&self, switch: Switch) -> bool {
        self.switches.contains(&switch.name)
    }

    /// What was said with a switch, if it was.
    pub fn value(&self, switch: Switch) -> Option<&str> {
        self.values.iter().find(|(name, _)| *name == switch.name).map(|(_, value)| value.as_str())
    }
}

/// How a command is typed: `guichet <group> <name> <arguments>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandName {
    /// The group: `provision`.
    pub group: &'static str,
    /// The command: `explain`.
    pub name: &'static str,
    /// One sentence for `--help`.
    pub about: &'static str,
    /// Its arguments, in capitals and with a space between them: `EMAIL`; empty when it takes none.
    pub argument: &'static str,
    /// Its switches.
    pub switches: &'static [Switch],
    /// What `--help` ends with: how it is typed, a line each. May be empty.
    pub examples: &'static str,
}

impl CommandName {
    /// The command that is typed like this, and does `run`.
    pub fn does<F>(self, run: impl Fn(App, Typed) -> F + Send + Sync + 'static) -> Command
    where
        F: Future<Output = anyhow::Result<String>> + Send + 'static,
    {
        let run = Arc::new(move |app: App, typed: Typed| -> CommandFuture { Box::pin(run(app, typed)) });
        Command { typed: self, run }
    }
}

/// What a command is while it runs.
pub type CommandFuture = Pin<Box<dyn Future<Output = anyhow::Result<String>> + Send>>;
