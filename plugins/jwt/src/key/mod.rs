//! Keys: as JWKs (RFC 7517), at rest as Better Auth has them, and what they sign (RFC 7518).

mod ed25519;
mod p256;
mod rsa;

use guichet_core::keyring::{Keyring, Unopenable};
use guichet_core::serde_json::{Map, Value, from_str, json};
use schemars::JsonSchema;
use secrecy::ExposeSecret;
use serde::Deserialize;

use crate::jws;

/// How tokens are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Algorithm {
    /// Ed25519 (RFC 8037).
    EdDSA,
    /// ECDSA with P-256 and SHA-256 (RFC 7518, section 3.4).
    ES256,
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518, section 3.3).
    RS256,
}

impl Algorithm {
    /// Its `alg`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::EdDSA => "EdDSA",
            Self::ES256 => "ES256",
            Self::RS256 => "RS256",
        }
    }

    /// The algorithm of this `alg`, when we know it.
    pub(crate) fn named(alg: &str) -> Option<Self> {
        [Self::EdDSA, Self::ES256, Self::RS256].into_iter().find(|known| known.name() == alg)
    }

    /// The curve of its keys.
    pub(crate) fn curve(self) -> Option<&'static str> {
        match self {
            Self::EdDSA => Some("Ed25519"),
            Self::ES256 => Some("P-256"),
            Self::RS256 => None,
        }
    }

    /// Whether `signature` is one of `message` by the public JWK.
    pub(crate) fn verifies(self, public: &Map<String, Value>, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::EdDSA => ed25519::verifies(public, message, signature),
            Self::ES256 => p256::verifies(public, message, signature),
            Self::RS256 => rsa::verifies(public, message, signature),
        }
        .is_some()
    }
}

/// A key that signs.
pub(crate) struct Key {
    id: String,
    algorithm: Algorithm,
    private: Private,
}

enum Private {
    Ed25519(ed25519::Pair),
    P256(p256::Pair),
    Rsa(rsa::Pair),
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
#[error("the cryptographic library makes no {0} key")]
pub(crate) struct NotMade(&'static str);

impl Key {
    /// A new one. An RSA key takes a good part of a second: call it where that stops nobody.
    pub(crate) fn new(id: String, algorithm: Algorithm, keyring: &Keyring) -> Result<Self, NotMade> {
        let private = match algorithm {
            Algorithm::EdDSA => Some(Private::Ed25519(ed25519::Pair::new(keyring))),
            Algorithm::ES256 => p256::Pair::new().map(Private::P256),
            Algorithm::RS256 => rsa::Pair::new().map(Private::Rsa),
        };
        Ok(Self { id, algorithm, private: private.ok_or(NotMade(algorithm.name()))? })
    }

    /// Its `kid`.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public JWK.
    pub(crate) fn public(&self) -> Map<String, Value> {
        match &self.private {
            Private::Ed25519(pair) => pair.public(),
            Private::P256(pair) => pair.public(),
            Private::Rsa(pair) => pair.public(),
        }
    }

    /// The private JWK, sealed: a JSON string, quotes and all.
    pub(crate) fn sealed(&self, keyring: &Keyring) -> Result<String, Unopenable> {
        let mut jwk = self.public();
        match &self.private {
            Private::Ed25519(pair) => pair.add_private(&mut jwk),
            Private::P256(pair) => pair.add_private(&mut jwk),
            Private::Rsa(pair) => pair.add_private(&mut jwk),
        }
        Ok(json!(keyring.seal(&Value::Object(jwk).to_string())?).to_string())
    }

    /// Opens a key as [`Key::sealed`] or Better Auth wrote it; the latter may be told not to seal. A private half that
    /// does not belong to its public one would sign what nobody can verify: it opens nothing.
    pub(crate) fn open(id: String, algorithm: Algorithm, stored: &str, keyring: &Keyring) -> Option<Self> {
        let jwk: Value = match from_str(stored).ok()? {
            Value::String(sealed) => from_str(keyring.open(&sealed).ok()?.expose_secret()).ok()?,
            plain => plain,
        };
        let jwk = jwk.as_object()?;
        let private = match algorithm {
            Algorithm::EdDSA => Private::Ed25519(ed25519::Pair::open(jwk)?),
            Algorithm::ES256 => Private::P256(p256::Pair::open(jwk)?),
            Algorithm::RS256 => Private::Rsa(rsa::Pair::open(jwk)?),
        };
        Some(Self { id, algorithm, private })
    }

    /// A signed token: header `{alg, kid}`, with `typ` where there is one, claims, signature.
    pub(crate) fn sign(&self, typ: Option<&str>, claims: &Map<String, Value>) -> Option<String> {
        let mut header = Map::new();
        header.insert("alg".to_owned(), self.algorithm.name().into());
        header.insert("kid".to_owned(), self.id.as_str().into());
        if let Some(typ) = typ {
            header.insert("typ".to_owned(), typ.into());
        }
        let signed = jws::signed_part(header, claims.clone());
        let signature = match &self.private {
            Private::Ed25519(pair) => pair.sign(signed.as_bytes()),
            Private::P256(pair) => pair.sign(signed.as_bytes())?,
            Private::Rsa(pair) => pair.sign(signed.as_bytes())?,
        };
        Some(format!("{signed}.{}", jws::encoded(signature)))
    }
}

/// A number or point of a JWK, decoded.
fn bytes(jwk: &Map<String, Value>, name: &str) -> Option<Vec<u8>> {
    jws::decoded(jwk.get(name)?.as_str()?)
}

/// Whether a JWK is of this kind (RFC 7517, section 4.1) and curve.
fn is(jwk: &Map<String, Value>, kty: &str, curve: Option<&str>) -> Option<()> {
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    (text("kty") == Some(kty) && text("crv") == curve).then_some(())
}

/// A JWK of texts.
fn jwk(members: &[(&str, &str)]) -> Map<String, Value> {
    members.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect()
}
