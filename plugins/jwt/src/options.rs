//! `[plugins.jwt]`

use std::time::Duration;

use guichet_core::config::Span;
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of JWTs.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How long a token is good (at most a day): it cannot be called back.
    pub expires_in: Span,
    /// The columns of `user` that a token tells; `["*"]` tells every one that may leave the server (parity).
    pub claims: Vec<String>,
    /// `iss`. Default: the base URL.
    pub issuer: Option<String>,
    /// `aud`. Default: the base URL.
    pub audience: Option<String>,
    /// Whether `/get-session` also gives a token, in the header `set-auth-jwt`.
    pub header: bool,
    /// How long others may keep the public keys; `"0s"` says nothing about it (parity).
    pub keys_max_age: Span,
    /// After how long a new key signs; `"0s"` never changes it.
    pub rotate_after: Span,
    /// How long a key that no longer signs is still published.
    pub grace: Span,
}

/// Told by default where they exist.
pub(crate) const USUAL: [&str; 5] = ["id", "email", "name", "role", "clientId"];

/// What the token says by itself (RFC 7519, section 4.1).
pub(crate) const RESERVED: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

impl Default for Options {
    fn default() -> Self {
        Self {
            expires_in: Span::minutes(15),
            claims: USUAL.map(str::to_owned).to_vec(),
            issuer: None,
            audience: None,
            header: true,
            keys_max_age: Span::minutes(5),
            rotate_after: Span::seconds(0),
            grace: Span::days(30),
        }
    }
}

impl Options {
    /// Whether a token tells this column.
    pub(crate) fn tells(&self, column: &str) -> bool {
        self.claims.iter().any(|claim| claim == "*" || claim == column)
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        if self.expires_in > Span::days(1) || self.expires_in < Span::seconds(10) {
            return Err("expires_in must be between 10s and 1d".to_owned());
        }
        if let Some(reserved) = self.claims.iter().find(|claim| RESERVED.contains(&claim.as_str())) {
            return Err(format!("claims: {reserved} is set by the token itself (RFC 7519, section 4.1)"));
        }
        if !self.rotate_after.0.is_zero() && self.rotate_after.0 < Duration::from_secs(3600) {
            return Err("rotate_after must be at least 1h, or 0s for never".to_owned());
        }
        // A token outlives the key that signed it.
        if self.grace < self.expires_in {
            return Err("grace must not be shorter than expires_in".to_owned());
        }
        Ok(())
    }
}
