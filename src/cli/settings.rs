//! The settings, and the plugins that they switch on.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use guichet_core::config::{Config, ConfigError, Loaded, load};
use guichet_core::db::{ConnectError, described};
use guichet_core::plugin::{Command, Plugin, switched_on};

use crate::serve::demo;

/// Read when no other file is named.
pub(crate) const FILE: &str = "guichet.toml";

/// The settings of this run.
pub(crate) struct Settings {
    /// What is set, and where.
    pub(crate) loaded: Loaded,
    /// Whether the demo's door is added.
    pub(crate) demo: bool,
}

impl Settings {
    /// From `--config`, or `GUICHET_CONFIG`, or `./guichet.toml`, or built in; then the environment.
    pub(crate) fn load(arguments: &[OsString]) -> anyhow::Result<Self> {
        let named =
            named_file(arguments).or_else(|| std::env::var_os("GUICHET_CONFIG").filter(|v| !v.is_empty()));
        let file =
            named.map(PathBuf::from).or_else(|| Some(PathBuf::from(FILE)).filter(|file| file.exists()));
        let mut loaded = load(file.as_deref(), &guichet::plugins::all()).map_err(all_at_once)?;
        if !loaded.is_set(&["base_url"]) {
            loaded.config.base_url = base_url_at(&loaded.config, loaded.config.listen.port())?;
        }
        // As clap reads it, which comes later.
        let demo = arguments.iter().take_while(|a| *a != "--").any(|argument| argument == "--demo");
        if demo {
            demo::switch_on(&mut loaded)?;
        }
        Ok(Self { loaded, demo })
    }

    pub(crate) fn config(&self) -> &Config {
        &self.loaded.config
    }

    /// The plugins that are on.
    pub(crate) fn plugins(&self) -> anyhow::Result<Vec<Arc<dyn Plugin>>> {
        Ok(switched_on(&guichet::plugins::all(), self.config())?)
    }

    /// Switches every plugin on; one that is off gets its example of a section.
    pub(crate) fn switch_all_on(&mut self) -> anyhow::Result<()> {
        for plugin in guichet::plugins::all() {
            if !self.config().plugins.contains_key(plugin.id) {
                let section = plugin.example.parse()?;
                self.loaded.config.plugins.insert(plugin.id.to_owned(), section);
            }
        }
        Ok(())
    }

    /// The commands of plugins that are on.
    pub(crate) fn commands(&self) -> Vec<Command> {
        self.plugins().into_iter().flatten().flat_map(guichet_core::plugin::Plugin::commands).collect()
    }

    /// `guichet.toml and GUICHET_BASE_URL`.
    pub(crate) fn sources(&self) -> String {
        let file = self.loaded.file.as_deref().map(Path::display).map(|file| file.to_string());
        let sources: Vec<String> = file.into_iter().chain(self.loaded.variables.iter().cloned()).collect();
        if sources.is_empty() { "built in".to_owned() } else { sources.join(", ") }
    }

    /// An error, with the database's address when that is what it is about.
    pub(crate) fn explain(&self, error: anyhow::Error) -> anyhow::Error {
        if error.is::<ConnectError>() {
            return error.context(format!("{} (database.url, GUICHET_DATABASE__URL)", self.database()));
        }
        error
    }

    /// The database without its password.
    pub(crate) fn database(&self) -> String {
        described(self.config().database.url.expose())
    }

    /// The file of a `SQLite` database that is not there yet: whoever connected would make it.
    pub(crate) fn missing_file(&self) -> Option<&Path> {
        sqlite_file(self.config().database.url.expose()).filter(|file| !file.exists())
    }
}

/// The base URL that follows from where the server listens.
pub(crate) fn base_url_at(config: &Config, port: u16) -> anyhow::Result<url::Url> {
    let ip = config.listen.ip();
    let host = match ip {
        ip if ip.is_unspecified() => "127.0.0.1".to_owned(),
        std::net::IpAddr::V6(ip) => format!("[{ip}]"),
        std::net::IpAddr::V4(ip) => ip.to_string(),
    };
    Ok(url::Url::parse(&format!("http://{host}:{port}"))?)
}

/// The file of a `SQLite` URL.
fn sqlite_file(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    path.split('?').next().filter(|path| !path.is_empty() && *path != ":memory:").map(Path::new)
}

fn all_at_once(error: ConfigError) -> anyhow::Error {
    match error {
        ConfigError::Invalid(problems) => {
            let lines: Vec<String> = problems.iter().map(|problem| format!("\n- {problem}")).collect();
            anyhow::anyhow!("the configuration cannot be used{}", lines.concat())
        }
        other => other.into(),
    }
}

fn named_file(arguments: &[OsString]) -> Option<OsString> {
    let mut rest = arguments.iter().skip(1).take_while(|argument| *argument != "--");
    while let Some(argument) = rest.next() {
        if argument == "--config" {
            return rest.next().cloned();
        }
        if let Some(file) = argument.to_str().and_then(|text| text.strip_prefix("--config=")) {
            return Some(file.into());
        }
    }
    None
}
