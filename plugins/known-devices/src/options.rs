//! `[plugins.known-devices]`

use std::time::Duration;

use guichet_core::config::Span;
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of known devices.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How long a device that is not used stays known (30 to 400 days, which is as long as browsers keep a cookie).
    pub forget_after: Span,
}

const DAY: Duration = Duration::from_hours(24);

impl Default for Options {
    fn default() -> Self {
        Self { forget_after: Span(DAY * 365) }
    }
}

impl Options {
    pub(crate) fn check(&self) -> Result<(), String> {
        if !(DAY * 30..=DAY * 400).contains(&self.forget_after.0) {
            return Err("forget_after must be between 30d and 400d".to_owned());
        }
        Ok(())
    }
}
