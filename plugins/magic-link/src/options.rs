//! `[plugins.magic-link]`

use guichet_core::config::{Span, TokenStorage};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of sign-in by a mailed link.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How long a link is good (1 to 60 minutes).
    pub expires_in: Span,
    /// Whether signing in makes no users: only those who exist, or whom a portal knows, get a link.
    pub disable_sign_up: bool,
    /// Whether the mailed link signs in by itself, as Better Auth's (parity). By default it leads to a page where one
    /// presses a button: programs that open the links of mails then use nothing up, and whoever opens it in another
    /// browser than the one that asked types the address first.
    pub direct_links: bool,
    /// How the tokens of links are kept: `hashed`, or `plain` as Better Auth keeps them (parity).
    pub tokens: TokenStorage,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            expires_in: Span::minutes(5),
            disable_sign_up: false,
            direct_links: false,
            tokens: TokenStorage::Hashed,
        }
    }
}

impl Options {
    pub(crate) fn check(&self) -> Result<(), String> {
        if (Span::minutes(1)..=Span::minutes(60)).contains(&self.expires_in) {
            Ok(())
        } else {
            Err("expires_in must be between 1m and 60m".to_owned())
        }
    }
}
