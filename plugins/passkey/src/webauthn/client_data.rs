//! What the browser says of a ceremony: `clientDataJSON` (section 5.8.1).

use guichet_core::keyring::equal_in_constant_time;
use guichet_core::serde_json::{Map, Value, from_slice};
use sha2::{Digest as _, Sha256};

use super::{Expected, Refused, Result};

/// Which ceremony it is; one never stands for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ceremony {
    /// A credential is made.
    Registration,
    /// A credential is used.
    Authentication,
}

impl Ceremony {
    /// As the row of its challenge says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Authentication => "authentication",
        }
    }

    fn client_data_type(self) -> &'static str {
        match self {
            Self::Registration => "webauthn.create",
            Self::Authentication => "webauthn.get",
        }
    }
}

/// Checks the client data, and gives their hash.
pub(super) fn check(json: &[u8], ceremony: Ceremony, expected: Expected<'_>) -> Result<[u8; 32]> {
    let data: Map<String, Value> = from_slice(json).map_err(|_| Refused::Malformed("clientDataJSON"))?;
    let text = |name: &str| data.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("type") != ceremony.client_data_type() {
        return Err(Refused::Ceremony);
    }
    if !equal_in_constant_time(text("challenge"), expected.challenge) {
        return Err(Refused::Challenge);
    }
    // Whole: scheme, host and port. Nothing of ours is framed by others.
    let origin = text("origin");
    let is_ours = expected.origins.iter().any(|ours| ours == origin);
    let is_framed = !matches!(data.get("crossOrigin"), None | Some(Value::Bool(false)));
    if !is_ours || is_framed || data.contains_key("topOrigin") {
        return Err(Refused::Origin);
    }
    Ok(Sha256::digest(json).into())
}
