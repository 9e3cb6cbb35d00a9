//! RSA of 2048 bits (RFC 7518, sections 3.3 and 6.3).

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize, PublicKeyComponents};
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair};
use der::asn1::{AnyRef, OctetStringRef, UintRef};
use der::{Decode as _, Reader as _, SliceReader};
use guichet_core::serde_json::{Map, Value};

use super::{bytes, is, jwk};
use crate::jws::encoded;

const KTY: &str = "RSA";
/// A JWK's names of the numbers, in the order of `RSAPrivateKey` (RFC 8017, appendix A.1.2): public ones, private ones.
const NUMBERS: [&str; 8] = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];
const PUBLIC: usize = 2;

pub(super) struct Pair {
    pair: RsaKeyPair,
    /// As [`NUMBERS`], in Base64.
    numbers: [String; 8],
}

impl Pair {
    /// The library draws from the system's randomness itself.
    pub(super) fn new() -> Option<Self> {
        let pair = KeyPair::generate(KeySize::Rsa2048).ok()?;
        let numbers = numbers(pair.as_der().ok()?.as_ref()).ok()?;
        Some(Self { pair, numbers })
    }

    pub(super) fn open(private: &Map<String, Value>) -> Option<Self> {
        is(private, KTY, None)?;
        let [modulus, exponent, secret, prime, other_prime, dp, dq, qi] =
            NUMBERS.map(|name| bytes(private, name));
        let components = aws_lc_rs::rsa::KeyPairComponents {
            public_key: PublicKeyComponents { n: modulus?, e: exponent? },
            d: secret?,
            p: prime?,
            q: other_prime?,
            dP: dp?,
            dQ: dq?,
            qInv: qi?,
        };
        let pair = KeyPair::from_components(&components).ok()?;
        let numbers = numbers(pair.as_der().ok()?.as_ref()).ok()?;
        Some(Self { pair, numbers })
    }

    pub(super) fn public(&self) -> Map<String, Value> {
        let mut public = jwk(&[("kty", KTY)]);
        public.extend(self.named().take(PUBLIC));
        public
    }

    pub(super) fn add_private(&self, jwk: &mut Map<String, Value>) {
        jwk.extend(self.named().skip(PUBLIC));
    }

    fn named(&self) -> impl Iterator<Item = (String, Value)> {
        NUMBERS.iter().zip(&self.numbers).map(|(name, number)| ((*name).to_owned(), number.as_str().into()))
    }

    pub(super) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).ok()?;
        Some(signature)
    }
}

pub(super) fn verifies(public: &Map<String, Value>, message: &[u8], signature: &[u8]) -> Option<()> {
    is(public, KTY, None)?;
    let components = PublicKeyComponents { n: bytes(public, "n")?, e: bytes(public, "e")? };
    components.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).ok()
}

/// The numbers of a PKCS #8 document (RFC 5208, section 5), in Base64.
fn numbers(pkcs8: &[u8]) -> der::Result<[String; 8]> {
    let mut outer = SliceReader::new(pkcs8)?;
    let inner = outer.sequence(|key| {
        u8::decode(key)?;
        AnyRef::decode(key)?;
        OctetStringRef::decode(key)
    })?;
    SliceReader::new(inner.as_bytes())?.sequence(|key| {
        u8::decode(key)?;
        let mut number = || UintRef::decode(key).map(|number| encoded(number.as_bytes()));
        Ok([number()?, number()?, number()?, number()?, number()?, number()?, number()?, number()?])
    })
}
