//! What an authenticator and the browser before it say, and whether it holds: the relying party's part of Web
//! Authentication Level 3, sections 7.1 and 7.2. Pure: no clock, no database, no request.
//!
//! Why this is our own: docs/decisions/0010-webauthn-on-ring.md.

mod assertion;
mod attestation;
mod authenticator_data;
mod cbor;
mod client_data;
mod key;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guichet_core::serde_json::{Map, Value};

pub use assertion::{Assertion, Known};
pub use attestation::{NewCredential, register};
pub use authenticator_data::Counter;
pub use client_data::Ceremony;
pub use key::ALGORITHMS;

/// What a ceremony is held against.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The challenge, as it was sent: base64url.
    pub challenge: &'a str,
    /// The origins at which it may have been answered. Compared whole.
    pub origins: &'a [String],
    /// The relying party's id.
    pub rp_id: &'a str,
    /// Whether the authenticator must have checked who holds it.
    pub user_verification: bool,
}

/// Why a ceremony does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A member is missing or not of its form.
    #[error("{0} is missing or malformed")]
    Malformed(&'static str),
    /// The client data are of another ceremony.
    #[error("the client data are of another ceremony")]
    Ceremony,
    /// Another challenge was answered.
    #[error("another challenge was answered")]
    Challenge,
    /// It was answered elsewhere.
    #[error("it was answered at an origin that is not ours, or in a frame of another one")]
    Origin,
    /// It was made for another relying party.
    #[error("it was made for another relying party")]
    RpId,
    /// Nobody touched the authenticator.
    #[error("nobody was present")]
    UserPresence,
    /// The authenticator did not check who holds it.
    #[error("the user was not verified")]
    UserVerification,
    /// A key of an algorithm that was not asked for, or a weak one.
    #[error("the key is of an algorithm that was not asked for")]
    Algorithm,
    /// The attestation statement does not hold.
    #[error("the attestation statement does not hold")]
    Attestation,
    /// The signature counter went back: the authenticator may be copied (section 6.1.1).
    #[error("the signature counter went back")]
    Counter,
    /// The signature is not by the key.
    #[error("the signature is not by the key")]
    Signature,
}

type Result<T> = std::result::Result<T, Refused>;

/// The identifier of the credential that a response speaks of; checks what both ceremonies have in common.
pub fn credential_id(response: &Map<String, Value>) -> Result<&str> {
    let id = text(response, "id")?;
    if response.get("rawId").and_then(Value::as_str) != Some(id) {
        return Err(Refused::Malformed("rawId"));
    }
    if response.get("type").and_then(Value::as_str) != Some("public-key") {
        return Err(Refused::Malformed("type"));
    }
    // Section 5.1: no longer than 1023 bytes.
    match decoded(id) {
        Some(bytes) if !bytes.is_empty() && bytes.len() <= 1023 => Ok(id),
        _ => Err(Refused::Malformed("id")),
    }
}

/// The inner `response`.
fn inner(response: &Map<String, Value>) -> Result<&Map<String, Value>> {
    response.get("response").and_then(Value::as_object).ok_or(Refused::Malformed("response"))
}

fn text<'a>(object: &'a Map<String, Value>, name: &'static str) -> Result<&'a str> {
    object.get(name).and_then(Value::as_str).ok_or(Refused::Malformed(name))
}

fn bytes(object: &Map<String, Value>, name: &'static str) -> Result<Vec<u8>> {
    decoded(text(object, name)?).ok_or(Refused::Malformed(name))
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
