//! A row of the `session` table.

use super::fields::Fields;
use crate::timestamp::Timestamp;

/// Marks a hashed token. A presented token that begins like this is refused: otherwise a hash that was read in a
/// leaked database would itself pass as a token in plain.
pub(super) const HASHED: &str = "sha256$";

/// A session.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// The token as it is kept: hashed, or in plain.
    pub stored_token: String,
    /// Whose it is.
    pub user_id: String,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last prolonged.
    pub updated_at: Timestamp,
    /// The address it began at, as counted (IPv6 by its /64).
    pub ip_address: Option<String>,
    /// The browser it began in.
    pub user_agent: Option<String>,
    /// How the person proved who they are (RFC 8176 names), space-separated.
    pub amr: Option<String>,
    /// How strong that was: 1 or 2 (NIST SP 800-63B).
    pub aal: i64,
    /// Columns that plugins and the configuration add.
    pub extra: Fields,
}

/// The column that says who is in this session as somebody else, where a plugin declares it
/// ([`crate::session::Lent::column`]; Better Auth's).
pub const IMPERSONATED_BY: &str = "impersonatedBy";

impl Session {
    /// Whether the token is kept hashed; a plain one is itself the key to the session.
    pub(crate) fn is_token_hashed(&self) -> bool {
        self.stored_token.starts_with(HASHED)
    }

    /// What was proven for it (RFC 8176 names).
    pub fn proofs(&self) -> impl Iterator<Item = &str> {
        self.amr.as_deref().unwrap_or_default().split_whitespace()
    }

    /// The id of who is in it as its user, when that is somebody else: it is never prolonged, and never fresh.
    pub fn impersonated_by(&self) -> Option<&str> {
        self.extra.text(IMPERSONATED_BY)
    }
}
