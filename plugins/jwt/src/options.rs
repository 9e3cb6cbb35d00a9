//! `[plugins.jwt]`

use std::collections::BTreeMap;
use std::time::Duration;

use guichet_core::config::Span;
use schemars::JsonSchema;
use serde::Deserialize;

pub use crate::key::Algorithm;

/// Settings of JWTs.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How long a token is good (at most a day): services do not ask again before.
    pub expires_in: Span,
    /// How tokens are signed: `"EdDSA"`, `"ES256"` or `"RS256"`. Keys of another one verify until their grace is over.
    pub algorithm: Algorithm,
    /// `typ` of their header: `"at+jwt"` (RFC 9068), `"JWT"`, or `""` for none (parity).
    pub typ: String,
    /// The columns of `user` that a token tells; `["*"]` tells every one that may leave the server (parity).
    /// `"organization"` tells the session's active organization, as `org_id`.
    pub claims: Vec<String>,
    /// What a column is called in the token, where not by its own name: `{ clientId = "client" }`.
    pub rename: BTreeMap<String, String>,
    /// Whether a token names itself (`jti`) and its session (`sid`), so that it can be called back; `false` for parity.
    pub session_claims: bool,
    /// `iss`. Default: the base URL.
    pub issuer: Option<String>,
    /// `aud`. Default: the base URL.
    pub audience: Option<String>,
    /// Whether `/get-session` also gives a token, in the header `set-auth-jwt`.
    pub header: bool,
    /// How long others may keep the public keys; a new key is published that long before it signs. `"0s"` says nothing
    /// about it (parity).
    pub keys_max_age: Span,
    /// After how long a new key signs; `"0s"` never changes it.
    pub rotate_after: Span,
    /// How long a key that no longer signs is still published.
    pub grace: Span,
}

/// Told by default where they exist.
pub(crate) const USUAL: [&str; 6] = ["id", "email", "name", "role", "clientId", ORGANIZATION];

/// No column of `user`: the session's active organization.
pub(crate) const ORGANIZATION: &str = "organization";

/// What the token says by itself (RFC 7519, section 4.1; RFC 9068, section 2.2).
pub(crate) const RESERVED: [&str; 14] = [
    "act",
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "sid",
    "typ",
    "client_id",
    "scope",
    "org_id",
    "org_role",
];

/// Whoever issues tokens for longer than configured here does not exceed this, or the configured life where that is
/// longer.
const LONGEST_ASKED_FOR: Duration = Duration::from_mins(30);

/// `typ` of the two documents that are access tokens.
pub(crate) const ACCESS_TOKEN: &str = "at+jwt";
pub(crate) const PLAIN: &str = "JWT";

impl Default for Options {
    fn default() -> Self {
        Self {
            expires_in: Span::minutes(15),
            algorithm: Algorithm::EdDSA,
            typ: ACCESS_TOKEN.to_owned(),
            claims: USUAL.map(str::to_owned).to_vec(),
            rename: BTreeMap::new(),
            session_claims: true,
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

    /// What a token calls this column.
    pub(crate) fn called<'a>(&'a self, column: &'a str) -> &'a str {
        self.rename.get(column).map_or(column, String::as_str)
    }

    /// Whether a token tells the active organization.
    pub(crate) fn tells_organization(&self) -> bool {
        self.claims.iter().any(|claim| claim == ORGANIZATION)
    }

    /// `typ` of an access token's header.
    pub(crate) fn typ(&self) -> Option<&str> {
        Some(self.typ.as_str()).filter(|typ| !typ.is_empty())
    }

    /// How long a token that is issued now can be good at the most.
    pub(crate) fn longest_life(&self) -> Duration {
        self.expires_in.0.max(LONGEST_ASKED_FOR)
    }

    /// How long before its first signature a key is published, and for how long one that is rotated still signs: until
    /// everybody has seen the new one.
    pub(crate) fn lead(&self) -> Duration {
        let longest = if self.rotate_after.0.is_zero() { Duration::MAX } else { self.rotate_after.0 / 2 };
        self.keys_max_age.0.min(longest)
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        if self.expires_in > Span::days(1) || self.expires_in < Span::seconds(10) {
            return Err("expires_in must be between 10s and 1d".to_owned());
        }
        if !["", ACCESS_TOKEN, PLAIN].contains(&self.typ.as_str()) {
            return Err(format!("typ must be \"{ACCESS_TOKEN}\", \"{PLAIN}\" or \"\", not {:?}", self.typ));
        }
        let reserved = |name: &str| RESERVED.contains(&name);
        if let Some(claim) = self.claims.iter().find(|claim| reserved(claim)) {
            return Err(format!("claims: {claim} is set by the token itself (RFC 7519, section 4.1)"));
        }
        if let Some((column, claim)) = self.rename.iter().find(|(_, claim)| reserved(claim)) {
            return Err(format!(
                "rename.{column}: {claim} is set by the token itself (RFC 7519, section 4.1)"
            ));
        }
        if let Some(column) = self.rename.keys().find(|column| !self.tells(column)) {
            return Err(format!("rename.{column}: claims does not name {column}"));
        }
        if !self.rotate_after.0.is_zero() && self.rotate_after.0 < Duration::from_hours(1) {
            return Err("rotate_after must be at least 1h, or 0s for never".to_owned());
        }
        // A token outlives the key that signed it.
        if self.grace.0 < self.longest_life() {
            return Err("grace must not be shorter than 30m, nor than expires_in".to_owned());
        }
        Ok(())
    }
}
