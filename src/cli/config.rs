//! `guichet config check`, `show` and `schema`

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use guichet_core::config::{Known, Setting};
use guichet_core::server::Server;
use toml::Value;

use super::settings::Settings;
use super::{openapi, output, pathways};
use crate::serve::requirements;
use crate::serve::served::doors;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Says whether `serve` would take these settings; names everything that is wrong at once
    #[command(
        after_help = "Examples:\n  guichet config check\n  guichet --config /etc/guichet.toml config check"
    )]
    Check,
    /// Prints what is set and where, with secrets hidden; everything else has its default
    #[command(after_help = "Examples:\n  guichet config show\n  guichet config show pathways")]
    Show {
        /// What else is shown
        #[arg(value_enum)]
        what: Option<What>,
        /// Prints JSON (of pathways), for scripts
        #[arg(long, requires = "what")]
        json: bool,
    },
    /// Prints the JSON schema of guichet.toml, for editors
    #[command(after_help = "Examples:\n  guichet config schema > guichet.schema.json")]
    Schema,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum What {
    /// Every way to a session, with what it proves and how strong that is (NIST's AAL); no other one exists
    Pathways,
}

pub(crate) fn run(settings: Settings, command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check => check(settings)?,
        Command::Show { what: None, .. } => output::print(&shown(&settings)?)?,
        Command::Show { what: Some(What::Pathways), json } => {
            output::print(&pathways::shown(settings, *json)?)?;
        }
        Command::Schema => output::print(&format!("{:#}\n", settings.loaded.known.schema()))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn check(settings: Settings) -> anyhow::Result<()> {
    let mut problems = requirements::unmet(settings.config());
    let plugins: Vec<_> = settings.config().plugins.keys().cloned().collect();
    let said = format!(
        "The configuration is good.\n  settings  {}\n  address   {}\n  plugins   {}\n  database  {}\n",
        settings.sources(),
        settings.config().base_url.origin().ascii_serialization(),
        plugins.join(", "),
        settings.database(),
    );
    let warnings = match openapi::outline(settings) {
        Ok(server) => {
            problems.extend(server.fits().err().map(|error| output::words(&error)));
            doubtful(&server)
        }
        Err(error) => {
            problems.push(output::words(&error));
            Vec::new()
        }
    };
    if !problems.is_empty() {
        anyhow::bail!("the configuration cannot be used\n- {}", problems.join("\n- "));
    }
    output::print(&said)?;
    for text in &warnings {
        output::warning(text);
    }
    Ok(())
}

/// What works as it is set, and is hardly meant.
fn doubtful(server: &Server) -> Vec<String> {
    let methods: Vec<&str> = server.app.forms.iter().map(|form| form.id()).collect();
    match (doors(server).next(), &methods[..]) {
        (Some(door), []) => vec![format!(
            "nobody can sign in at {}: no sign-in method is on, such as [plugins.email-otp]",
            door.path
        )],
        (None, [_, ..]) => vec![format!(
            "{}, and no page to sign in at, as [plugins.pages] has it: there is an API alone",
            methods.join(", ")
        )],
        _ => Vec::new(),
    }
}

fn shown(settings: &Settings) -> anyhow::Result<String> {
    let mut text = format!(
        "# From: {}. Everything else has its default: see guichet.example.toml.\n",
        settings.sources()
    );
    for Setting { path, value, place } in &settings.loaded.set {
        let key: Vec<String> = path.iter().map(|key| bare_or_quoted(key)).collect();
        let value = hidden(value, &mut path.clone(), &settings.loaded.known);
        writeln!(text, "{} = {value}  # {place}", key.join("."))?;
    }
    Ok(text)
}

fn bare_or_quoted(key: &str) -> String {
    if key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
        key.to_owned()
    } else {
        Value::String(key.to_owned()).to_string()
    }
}

/// The value with every secret in it replaced; of an address, only its password.
fn hidden(value: &Value, path: &mut Vec<String>, known: &Known) -> Value {
    let mut below = |step: String, value: &Value| {
        path.push(step);
        let value = hidden(value, path, known);
        path.pop();
        value
    };
    match value {
        Value::Table(table) => {
            Value::Table(table.iter().map(|(key, value)| (key.clone(), below(key.clone(), value))).collect())
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, value)| below(index.to_string(), value))
            .collect::<Vec<_>>()
            .into(),
        Value::String(text) if known.is_secret(path) => Value::String(masked(text)),
        // A password in an address is hidden wherever it stands.
        Value::String(text) if url::Url::parse(text).is_ok_and(|url| url.password().is_some()) => {
            Value::String(masked(text))
        }
        _ if known.is_secret(path) => Value::String(HIDDEN.to_owned()),
        other => other.clone(),
    }
}

const HIDDEN: &str = "(hidden)";

fn masked(text: &str) -> String {
    if text.starts_with("sqlite:") {
        return text.to_owned();
    }
    match url::Url::parse(text) {
        Ok(mut url) if url.has_host() => {
            if url.password().is_some() && url.set_password(Some("hidden")).is_err() {
                return HIDDEN.to_owned();
            }
            // A password may stand there too.
            url.set_query(None);
            url.to_string()
        }
        _ => HIDDEN.to_owned(),
    }
}
