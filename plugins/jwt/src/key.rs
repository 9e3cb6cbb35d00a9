//! One Ed25519 key: as JWK (RFC 8037, section 2), at rest as Better Auth has it, and what it signs (RFC 7515).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use guichet_core::keyring::{Keyring, Unopenable};
use guichet_core::serde_json::{Map, Value, from_str, json};
use secrecy::ExposeSecret;

/// A key that signs.
pub(crate) struct Key {
    id: String,
    signing: SigningKey,
}

impl Key {
    /// A new one.
    pub(crate) fn new(id: String, keyring: &Keyring) -> Self {
        Self { id, signing: SigningKey::from_bytes(&keyring.random_bytes()) }
    }

    /// The public JWK's text.
    pub(crate) fn public(&self) -> String {
        json!({"crv": "Ed25519", "kty": "OKP", "x": self.x()}).to_string()
    }

    /// The private JWK, sealed: a JSON string, quotes and all.
    pub(crate) fn sealed(&self, keyring: &Keyring) -> Result<String, Unopenable> {
        let d = URL_SAFE_NO_PAD.encode(self.signing.to_bytes());
        let private = json!({"crv": "Ed25519", "d": d, "kty": "OKP", "x": self.x()}).to_string();
        Ok(json!(keyring.seal(&private)?).to_string())
    }

    /// Opens a key as [`Key::sealed`] or Better Auth wrote it; the latter may be told not to seal.
    pub(crate) fn open(id: String, stored: &str, keyring: &Keyring) -> Option<Self> {
        let private: Value = match from_str(stored).ok()? {
            Value::String(sealed) => from_str(keyring.open(&sealed).ok()?.expose_secret()).ok()?,
            plain => plain,
        };
        let d = URL_SAFE_NO_PAD.decode(private.get("d")?.as_str()?).ok()?;
        let key = Self { id, signing: SigningKey::from_bytes(&d.try_into().ok()?) };
        // A private half that does not belong to its public one would sign what nobody can verify.
        (private.get("crv")?.as_str()? == "Ed25519" && private.get("x")?.as_str()? == key.x()).then_some(key)
    }

    /// A signed token: header `{alg, kid}`, claims, signature.
    pub(crate) fn sign(&self, claims: &Map<String, Value>) -> String {
        let header = json!({"alg": "EdDSA", "kid": self.id}).to_string();
        let claims = Value::Object(claims.clone()).to_string();
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.signing.sign(signed.as_bytes()).to_bytes());
        format!("{signed}.{signature}")
    }

    fn x(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.signing.verifying_key().as_bytes())
    }
}
