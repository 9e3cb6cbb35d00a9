//! From a file and the environment to a [`Config`].

use std::path::Path;

use figment::Figment;
use figment::providers::{Env, Format, Toml};

use super::Config;

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The named file is not there.
    #[error("the configuration file {0} does not exist")]
    NoFile(String),
    /// A key is unknown or a value has the wrong form. The text names the key, the place and what is known.
    #[error("{0}")]
    Invalid(String),
}

/// Reads `file` (when given, it must exist) and then the environment: `GUICHET_` in front, `__` between section
/// and key, e.g. `GUICHET_DATABASE__URL`.
pub fn load(file: Option<&Path>) -> Result<Config, ConfigError> {
    let mut figment = Figment::new();
    if let Some(path) = file {
        if !path.exists() {
            return Err(ConfigError::NoFile(path.display().to_string()));
        }
        figment = figment.merge(Toml::file_exact(path));
    }
    let environment = Env::prefixed("GUICHET_")
        .filter(|key| !RESERVED.iter().any(|reserved| key.as_str().eq_ignore_ascii_case(reserved)))
        .map(|key| key.as_str().to_ascii_lowercase().replace("__", ".").into())
        .lowercase(false);
    let mut config: Config =
        figment.merge(environment).extract().map_err(|error| ConfigError::Invalid(explain(error)))?;
    if let Some(path) = &config.database.url_file {
        let text = std::fs::read_to_string(path)
            .map_err(|e| ConfigError::Invalid(format!("database.url_file {}: {e}", path.display())))?;
        config.database.url = text.trim().to_owned().into();
    }
    Ok(config)
}

/// Variables that are not settings: the file's own path, and those of the tests.
const RESERVED: [&str; 8] = [
    "CONFIG",
    "LOG",
    "BIN",
    "TEST_POSTGRES",
    "TEST_NODE",
    "TEST_CHROMIUM",
    "TEST_PG_BIN",
    "CONFORMANCE_DATABASE",
];

fn explain(error: figment::Error) -> String {
    error
        .into_iter()
        .map(|one| {
            let path = one.path.join(".");
            let place = one
                .metadata
                .as_ref()
                .map(|m| m.source.as_ref().map_or_else(|| m.name.to_string(), |source| format!("{source}")));
            match (path.is_empty(), place) {
                (true, Some(place)) => format!("{place}: {}", one.kind),
                (false, Some(place)) => format!("{place}: {path}: {}", one.kind),
                (true, None) => one.kind.to_string(),
                (false, None) => format!("{path}: {}", one.kind),
            }
        })
        .collect::<Vec<_>>()
        .join("\n")
}
