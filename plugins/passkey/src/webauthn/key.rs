//! Public keys as COSE writes them (RFC 9052, section 7; RFC 9053; RFC 8230), and signatures by them.

use ciborium::Value;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};

use super::{Refused, Result, cbor};

/// The algorithms that are asked for, the best first: `EdDSA`, ES256, RS256.
pub const ALGORITHMS: [i64; 3] = [EDDSA, ES256, RS256];

const EDDSA: i64 = -8;
const ES256: i64 = -7;
const RS256: i64 = -257;

/// A public key.
#[derive(Debug)]
pub(super) enum Key {
    /// A point of P-256, uncompressed.
    Es256(Vec<u8>),
    Ed25519(Vec<u8>),
    Rs256 {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
}

impl Key {
    /// Reads a key of one of [`ALGORITHMS`].
    pub(super) fn parse(cose: &[u8]) -> Result<Self> {
        let malformed = || Refused::Malformed("the public key");
        let item = cbor::only(cose).ok_or_else(malformed)?;
        let map = item.as_map().ok_or_else(malformed)?;
        let value = |label: i64| cbor::member(map, &Value::from(label)).ok_or_else(malformed);
        let number = |label: i64| cbor::number(value(label)?).ok_or_else(malformed);
        let bytes = |label: i64| value(label)?.as_bytes().cloned().ok_or_else(malformed);
        let of_length = |label: i64| match bytes(label)? {
            coordinate if coordinate.len() == 32 => Ok(coordinate),
            _ => Err(malformed()),
        };
        // Labels: 1 kty, 3 alg; -1 crv or n, -2 x or e, -3 y.
        match (number(1)?, number(3)?) {
            (1, EDDSA) if number(-1)? == 6 => Ok(Self::Ed25519(of_length(-2)?)),
            (2, ES256) if number(-1)? == 1 => {
                Ok(Self::Es256([&[4], &of_length(-2)?[..], &of_length(-3)?[..]].concat()))
            }
            (3, RS256) => {
                let modulus = without_zeros(bytes(-1)?);
                // NIST SP 800-131A: no RSA below 2048 bits.
                if !(256..=1024).contains(&modulus.len()) {
                    return Err(Refused::Algorithm);
                }
                Ok(Self::Rs256 { modulus, exponent: without_zeros(bytes(-2)?) })
            }
            _ => Err(Refused::Algorithm),
        }
    }

    /// Its algorithm, by COSE's number.
    pub(super) fn algorithm(&self) -> i64 {
        match self {
            Self::Es256(_) => ES256,
            Self::Ed25519(_) => EDDSA,
            Self::Rs256 { .. } => RS256,
        }
    }

    /// Whether the signature is by this key.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<()> {
        let verified =
            match self {
                Self::Es256(point) => {
                    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature)
                }
                Self::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
                Self::Rs256 { modulus, exponent } => RsaPublicKeyComponents { n: modulus, e: exponent }
                    .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature),
            };
        verified.map_err(|_| Refused::Signature)
    }
}

/// Some authenticators write a leading zero, as ASN.1 does.
fn without_zeros(number: Vec<u8>) -> Vec<u8> {
    number.into_iter().skip_while(|&byte| byte == 0).collect()
}
