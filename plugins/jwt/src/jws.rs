//! The compact form of a signed document (RFC 7515, section 7.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guichet_core::serde_json::{Map, Value, from_slice};

/// A longer one is none of ours.
const LONGEST: usize = 16 * 1024;

/// A document as it was presented: nothing in it is believed yet.
pub(crate) struct Presented<'a> {
    /// Its header.
    pub(crate) header: Map<String, Value>,
    /// What the signature is about.
    pub(crate) signed: &'a str,
    /// The signature.
    pub(crate) signature: Vec<u8>,
    claims: &'a str,
}

impl<'a> Presented<'a> {
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        // A fourth part would stand in `claims`, where a dot is no Base64.
        Some(Self { header: object(header)?, signed, signature: decoded(signature)?, claims })
    }

    /// What it says; to be read once the signature is right.
    pub(crate) fn claims(&self) -> Option<Map<String, Value>> {
        object(self.claims)
    }

    /// A text of the header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.header.get(name)?.as_str()
    }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    from_slice(&decoded(part)?).ok()
}

/// What is signed: header and claims.
pub(crate) fn signed_part(header: Map<String, Value>, claims: Map<String, Value>) -> String {
    let [header, claims] = [header, claims].map(|part| encoded(Value::Object(part).to_string()));
    format!("{header}.{claims}")
}

pub(crate) fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
