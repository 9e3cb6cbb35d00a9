//! `[plugins.revocation]`

use std::time::Duration;

use guichet_core::config::Config;
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of the feed of what has ended.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How many requests of one server may wait at a time; others are told to come back.
    pub waiters: usize,
}

/// The longest that a request may wait.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(25);

impl Default for Options {
    fn default() -> Self {
        Self { waiters: 256 }
    }
}

impl Options {
    pub(crate) fn check(&self, config: &Config) -> Result<(), String> {
        if !(1..=100_000).contains(&self.waiters) {
            return Err("waiters must be between 1 and 100000".to_owned());
        }
        if config.http.answer_timeout.0 <= LONGEST_WAIT {
            return Err("http.answer_timeout must be longer than the 25s that services may wait".to_owned());
        }
        Ok(())
    }
}
