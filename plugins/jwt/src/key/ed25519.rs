//! Ed25519 (RFC 8037, section 2).

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use guichet_core::keyring::Keyring;
use guichet_core::serde_json::{Map, Value};

use super::{bytes, is, jwk};
use crate::jws::encoded;

const KTY: &str = "OKP";
const CURVE: &str = "Ed25519";

pub(super) struct Pair(SigningKey);

impl Pair {
    pub(super) fn new(keyring: &Keyring) -> Self {
        Self(SigningKey::from_bytes(&keyring.random_bytes()))
    }

    pub(super) fn open(private: &Map<String, Value>) -> Option<Self> {
        is(private, KTY, Some(CURVE))?;
        let pair = Self(SigningKey::from_bytes(&bytes(private, "d")?.try_into().ok()?));
        (bytes(private, "x")? == pair.0.verifying_key().as_bytes()).then_some(pair)
    }

    pub(super) fn public(&self) -> Map<String, Value> {
        jwk(&[("crv", CURVE), ("kty", KTY), ("x", &encoded(self.0.verifying_key().as_bytes()))])
    }

    pub(super) fn add_private(&self, jwk: &mut Map<String, Value>) {
        jwk.insert("d".to_owned(), encoded(self.0.to_bytes()).into());
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).to_vec()
    }
}

pub(super) fn verifies(public: &Map<String, Value>, message: &[u8], signature: &[u8]) -> Option<()> {
    is(public, KTY, Some(CURVE))?;
    let key = VerifyingKey::from_bytes(&bytes(public, "x")?.try_into().ok()?).ok()?;
    key.verify_strict(message, &Signature::from_slice(signature).ok()?).ok()
}
