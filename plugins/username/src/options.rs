//! `[plugins.username]`

use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of names to sign in with.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The fewest characters of a name.
    pub min_length: usize,
    /// The most characters of a name.
    pub max_length: usize,
    /// Whether people may change a name that they have.
    pub changeable: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { min_length: 3, max_length: 30, changeable: true }
    }
}

impl Options {
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.min_length == 0 || self.max_length < self.min_length || self.max_length > 128 {
            return Err(
                "min_length must be at least 1, max_length no less than that and at most 128".to_owned()
            );
        }
        Ok(())
    }
}
