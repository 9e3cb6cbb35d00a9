//! Everything that can be typed after `guichet`, plugins' commands aside.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand};

use super::log::LogFormat;
use super::{adopt, completions, config, doctor, generate, healthcheck, migrate, openapi, session, user};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const SERVE_EXAMPLES: &str = "\
Examples:
  guichet serve
  guichet serve --demo
  guichet --config /etc/guichet.toml serve
  GUICHET_LISTEN=127.0.0.1:4000 guichet serve     at another port; or `listen` in the settings

Exit codes: 0 it was told to stop, 1 it could not open, 2 wrong usage.";

const EXAMPLES: &str = "\
Examples:
  guichet serve                            open at http://127.0.0.1:3000, everything kept in ./data
  guichet serve --demo                     the same, with a small business database to sign in from
  guichet provision explain jean@example.com --demo
                                           what the demo's door does about an e-mail address, and why
  guichet --config /etc/guichet.toml config check
  guichet doctor                           what is wrong with this installation, and what to do
  guichet user list --search dupont        who is there; `guichet user --help` for the rest
  guichet migrate --plan                   what an upgrade would change in the database
  GUICHET_DATABASE__URL=postgres://… guichet migrate

Every key of guichet.toml can be set by a variable: database.url is GUICHET_DATABASE__URL.
Plugins add commands of their own while they are on. Exit codes: 0 good, 1 failed, 2 wrong usage or changes pending.";

/// A self-contained identity provider: one program beside one database.
#[derive(Parser)]
#[command(name = "guichet", version, styles = STYLES, after_help = EXAMPLES, propagate_version = true)]
pub(crate) struct Arguments {
    /// The settings' file [default: ./guichet.toml when it exists, else built-in settings]
    #[arg(
        long,
        global = true,
        help_heading = "Options everywhere",
        env = "GUICHET_CONFIG",
        value_name = "FILE",
        hide_env_values = true
    )]
    pub(crate) config: Option<PathBuf>,
    /// What is logged: error, warn, info, debug, trace, or a filter such as `info,guichet_core=debug`
    #[arg(long, global = true, help_heading = "Options everywhere", env = "GUICHET_LOG", value_name = "LEVEL", hide_env_values = true, value_parser = super::log::filter)]
    pub(crate) log: Option<String>,
    /// How it is written [default: text on a terminal, else JSON lines]
    #[arg(
        long,
        global = true,
        help_heading = "Options everywhere",
        env = "GUICHET_LOG_FORMAT",
        value_name = "FORMAT",
        hide_env_values = true
    )]
    pub(crate) log_format: Option<LogFormat>,
    /// Adds a small business database and a door for its clients: jean@example.com walks in at /client/login
    #[arg(long, global = true, help_heading = "Options everywhere")]
    pub(crate) demo: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Opens the counter: serves pages and API until it is told to stop
    #[command(after_help = SERVE_EXAMPLES)]
    Serve,
    /// Brings the database to what is declared; additive only, in one transaction
    #[command(
        after_help = "Examples:\n  guichet migrate\n  guichet migrate --plan --sql > changes.sql\n  guichet migrate --check || echo 'the database is behind'\n\nExit codes: 0 done, or nothing to do; 1 it failed; 2 with --plan, something would change."
    )]
    Migrate(migrate::Options),
    /// Proposes SQL that takes over tables of Better Auth under other names; --apply runs it
    #[command(
        after_help = "Examples:\n  guichet adopt                    what it would do, as SQL\n  guichet adopt --apply\n  guichet adopt --views            for tables that another program goes on using\n  guichet adopt --from auth"
    )]
    Adopt(adopt::Options),
    /// Prints the SQL that makes every table, for a DBA; needs no database
    #[command(
        after_help = "Examples:\n  guichet generate > schema.sql\n  guichet generate --database postgres --all\n  guichet generate --document > tables.md"
    )]
    Generate(generate::Options),
    /// Prints the OpenAPI document of the API; needs no database
    #[command(
        after_help = "Examples:\n  guichet openapi > openapi.json\n  guichet openapi --all | jq '.paths | keys'"
    )]
    Openapi(openapi::Options),
    /// Checks the settings, shows them, or prints their JSON schema
    #[command(subcommand)]
    Config(config::Command),
    /// Asks a running server whether it can serve (/readyz): exit code 0 when it can, else 1
    #[command(
        after_help = "Examples:\n  guichet healthcheck\n  guichet healthcheck --url https://login.example.fr"
    )]
    Healthcheck(healthcheck::Options),
    /// Makes, lists, shows, changes and deletes users
    #[command(subcommand, after_help = user::EXAMPLES)]
    User(user::Command),
    /// Lists sessions and ends them
    #[command(subcommand, after_help = session::EXAMPLES)]
    Session(session::Command),
    /// Looks at settings, database, secret, addresses, mail and the running server; says what to do
    Doctor(doctor::Options),
    /// Prints a new secret
    #[command(after_help = "Examples:\n  guichet secret\n  GUICHET_SECRET=$(guichet secret) guichet serve")]
    Secret,
    /// Prints a completion script for a shell
    #[command(
        after_help = "Examples:\n  guichet completions bash > /etc/bash_completion.d/guichet\n  guichet completions fish > ~/.config/fish/completions/guichet.fish"
    )]
    Completions(completions::Options),
}
