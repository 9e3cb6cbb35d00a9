//! A credential was made: `navigator.credentials.create` (section 7.1).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ciborium::Value as Cbor;
use guichet_core::serde_json::{Map, Value};

use super::authenticator_data::AuthenticatorData;
use super::client_data::{self, Ceremony};
use super::key::Key;
use super::{Counter, Expected, Refused, Result, bytes, cbor, credential_id, inner};

/// What is kept of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCredential {
    /// Its id: base64url.
    pub id: String,
    /// The public key as COSE writes it: standard base64.
    pub public_key: String,
    /// The signature counter.
    pub counter: Counter,
    /// The model of the authenticator, as a UUID; zeros where it does not say.
    pub aaguid: String,
    /// How the browser reached it (`internal`, `usb`, …), as far as the browser knows.
    pub transports: Vec<String>,
    /// Whether it may live on several devices.
    pub backup_eligible: bool,
    /// Whether it does.
    pub backed_up: bool,
    /// Whether the authenticator checked who holds it.
    pub verified: bool,
}

/// Registered formats of statements (IANA, "WebAuthn Attestation Statement Format Identifiers") that are passed over
/// unread: none is asked for and nothing here rests on the model of an authenticator, so that who could forge one could
/// as well send none (section 7.1, step 24).
const UNREAD: [&str; 5] = ["tpm", "android-key", "android-safetynet", "fido-u2f", "apple"];

/// The longest name of a transport, and how many; what a browser says beyond is left out.
const TRANSPORTS: (usize, usize) = (32, 8);

/// Checks the response to the options of a registration.
pub fn register(response: &Map<String, Value>, expected: Expected<'_>) -> Result<NewCredential> {
    let id = credential_id(response)?;
    let answer = inner(response)?;
    let hash = client_data::check(&bytes(answer, "clientDataJSON")?, Ceremony::Registration, expected)?;
    let malformed = || Refused::Malformed("attestationObject");
    let object = cbor::only(&bytes(answer, "attestationObject")?).ok_or_else(malformed)?;
    let object = object.as_map().ok_or_else(malformed)?;
    let member = |name: &str| cbor::member(object, &Cbor::from(name)).ok_or_else(malformed);
    let raw = member("authData")?.as_bytes().ok_or_else(malformed)?;
    let data = AuthenticatorData::parse(raw)?;
    data.check(expected)?;
    let made = data.attested.as_ref().ok_or_else(malformed)?;
    if URL_SAFE_NO_PAD.encode(&made.id) != id {
        return Err(Refused::Malformed("id"));
    }
    let key = Key::parse(&made.key)?;
    let statement = member("attStmt")?.as_map().ok_or_else(malformed)?;
    let signed = [&raw[..], &hash[..]].concat();
    check_statement(member("fmt")?.as_text().ok_or_else(malformed)?, statement, &key, &signed)?;
    Ok(NewCredential {
        id: id.to_owned(),
        public_key: STANDARD.encode(&made.key),
        counter: data.counter,
        aaguid: uuid::Uuid::from_bytes(made.aaguid).to_string(),
        transports: transports(answer),
        backup_eligible: data.is_backup_eligible(),
        backed_up: data.is_backed_up(),
        verified: data.is_verified(),
    })
}

/// `none` says nothing (section 8.7). A `packed` statement without certificates is by the new key itself (section 8.2):
/// browsers let it pass, so that it is checked.
fn check_statement(format: &str, statement: &[(Cbor, Cbor)], key: &Key, signed: &[u8]) -> Result<()> {
    let member = |name: &str| cbor::member(statement, &Cbor::from(name));
    match format {
        "none" if statement.is_empty() => Ok(()),
        "packed" if member("x5c").is_some() => Ok(()),
        "packed" => {
            let algorithm = member("alg").and_then(cbor::number);
            let signature = member("sig").and_then(Cbor::as_bytes).ok_or(Refused::Attestation)?;
            if algorithm != Some(key.algorithm()) {
                return Err(Refused::Attestation);
            }
            key.verify(signed, signature).map_err(|_| Refused::Attestation)
        }
        format if UNREAD.contains(&format) => Ok(()),
        _ => Err(Refused::Attestation),
    }
}

fn transports(answer: &Map<String, Value>) -> Vec<String> {
    let (longest, most) = TRANSPORTS;
    let is_name = |name: &&str| {
        !name.is_empty()
            && name.len() <= longest
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let given = answer.get("transports").and_then(Value::as_array).into_iter().flatten();
    given.filter_map(Value::as_str).filter(is_name).take(most).map(str::to_owned).collect()
}
