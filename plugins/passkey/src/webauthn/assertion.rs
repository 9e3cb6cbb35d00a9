//! A credential was used: `navigator.credentials.get` (section 7.2).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use guichet_core::serde_json::{Map, Value};

use super::authenticator_data::AuthenticatorData;
use super::client_data::{self, Ceremony};
use super::key::Key;
use super::{Counter, Expected, Refused, Result, bytes, decoded, inner};

/// What is known of the credential.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Its public key as COSE writes it: standard base64.
    pub public_key: &'a str,
    /// Its counter when it was last used.
    pub counter: i64,
}

/// What a use of it said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assertion {
    /// Its counter now.
    pub counter: Counter,
    /// Whether it may live on several devices.
    pub backup_eligible: bool,
    /// Whether it does.
    pub backed_up: bool,
    /// Whether the authenticator checked who holds it.
    pub verified: bool,
}

impl Assertion {
    /// Checks the response to the options of an authentication. Whose credential it is, the caller has looked up by
    /// [`super::credential_id`].
    pub fn check(response: &Map<String, Value>, expected: Expected<'_>, known: Known<'_>) -> Result<Self> {
        let answer = inner(response)?;
        let hash = client_data::check(&bytes(answer, "clientDataJSON")?, Ceremony::Authentication, expected)?;
        let raw = bytes(answer, "authenticatorData")?;
        let data = AuthenticatorData::parse(&raw)?;
        data.check(expected)?;
        check_handle(answer)?;
        let stored = STANDARD.decode(known.public_key).map_err(|_| Refused::Malformed("the stored key"))?;
        let signature = bytes(answer, "signature")?;
        Key::parse(&stored)?.verify(&[&raw[..], &hash[..]].concat(), &signature)?;
        // Only now: what is not signed proves nothing about a counter.
        let has_counter = data.counter > 0 || known.counter > 0;
        if has_counter && i64::from(data.counter) <= known.counter {
            return Err(Refused::Counter);
        }
        Ok(Self {
            counter: data.counter,
            backup_eligible: data.is_backup_eligible(),
            backed_up: data.is_backed_up(),
            verified: data.is_verified(),
        })
    }
}

/// The handle is drawn anew for each registration and not kept (contract, section 23), and no signature covers it: the
/// credential alone says who comes. What is no handle at all is refused (section 5.1: 1 to 64 bytes).
fn check_handle(answer: &Map<String, Value>) -> Result<()> {
    match answer.get("userHandle") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::String(handle)) => match decoded(handle) {
            Some(bytes) if bytes.len() <= 64 => Ok(()),
            _ => Err(Refused::Malformed("userHandle")),
        },
        Some(_) => Err(Refused::Malformed("userHandle")),
    }
}
