//! P-256 (RFC 7518, sections 3.4 and 6.2).

use aws_lc_rs::encoding::AsBigEndian as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, UnparsedPublicKey,
};
use guichet_core::serde_json::{Map, Value};

use super::{bytes, is, jwk};
use crate::jws::encoded;

const KTY: &str = "EC";
const CURVE: &str = "P-256";
/// Of a coordinate, and of the private number, in bytes; leading zeros are kept (RFC 7518, section 6.2.1.2).
const LENGTH: usize = 32;
/// What an uncompressed point begins with (SEC 1, section 2.3.3).
const UNCOMPRESSED: u8 = 4;

pub(super) struct Pair {
    signing: EcdsaKeyPair,
    x: String,
    y: String,
    d: Vec<u8>,
}

impl Pair {
    /// The library draws from the system's randomness itself.
    pub(super) fn new() -> Option<Self> {
        Self::of(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok()?)
    }

    pub(super) fn open(private: &Map<String, Value>) -> Option<Self> {
        is(private, KTY, Some(CURVE))?;
        let (d, point) = (bytes(private, "d")?, point(private)?);
        let pair =
            EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_FIXED_SIGNING, &d, &point);
        Self::of(pair.ok()?)
    }

    fn of(pair: EcdsaKeyPair) -> Option<Self> {
        let (x, y) = pair.public_key().as_ref().strip_prefix(&[UNCOMPRESSED])?.split_at_checked(LENGTH)?;
        let (x, y) = (encoded(x), encoded(y));
        let d = pair.private_key().as_be_bytes().ok()?.as_ref().to_vec();
        Some(Self { signing: pair, x, y, d })
    }

    pub(super) fn public(&self) -> Map<String, Value> {
        jwk(&[("kty", KTY), ("crv", CURVE), ("x", &self.x), ("y", &self.y)])
    }

    pub(super) fn add_private(&self, jwk: &mut Map<String, Value>) {
        jwk.insert("d".to_owned(), encoded(&self.d).into());
    }

    pub(super) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        Some(self.signing.sign(&SystemRandom::new(), message).ok()?.as_ref().to_vec())
    }
}

pub(super) fn verifies(public: &Map<String, Value>, message: &[u8], signature: &[u8]) -> Option<()> {
    is(public, KTY, Some(CURVE))?;
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point(public)?).verify(message, signature).ok()
}

fn point(jwk: &Map<String, Value>) -> Option<Vec<u8>> {
    let (x, y) = (bytes(jwk, "x")?, bytes(jwk, "y")?);
    (x.len() == LENGTH && y.len() == LENGTH).then(|| [vec![UNCOMPRESSED], x, y].concat())
}
