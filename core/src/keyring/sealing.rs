//! Sealed values: XChaCha20-Poly1305 under SHA-256 of the secret, as Better Auth's `symmetricEncrypt`
//! (contract, section 5): lower-case hex of nonce‖ciphertext‖tag, marked `$ba$<version>$` when secrets have versions.

use chacha20poly1305::aead::Aead;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::{Keyring, VersionedSecret};

const NONCE_BYTES: usize = 24;

/// A sealed value cannot be opened: wrong secret, or not one of ours.
#[derive(Debug, thiserror::Error)]
#[error("a stored value cannot be opened with the secrets that are configured")]
pub struct Unopenable;

impl Keyring {
    /// Seals a text for storage.
    pub fn seal(&self, plain: &str) -> Result<String, Unopenable> {
        let nonce = self.random_bytes::<NONCE_BYTES>();
        let sealed = cipher(&self.current)
            .encrypt(XNonce::from_slice(&nonce), plain.as_bytes())
            .map_err(|_| Unopenable)?;
        let text = format!("{}{}", hex::encode(nonce), hex::encode(sealed));
        Ok(match self.current.version {
            Some(version) => format!("$ba${version}${text}"),
            None => text,
        })
    }

    /// Opens a sealed text, whichever known secret sealed it.
    pub fn open(&self, sealed: &str) -> Result<SecretString, Unopenable> {
        let hex_text = match sealed.strip_prefix("$ba$") {
            Some(rest) => rest.split_once('$').ok_or(Unopenable)?.1,
            None => sealed,
        };
        let bytes = hex::decode(hex_text).map_err(|_| Unopenable)?;
        let (nonce, body) = bytes.split_at_checked(NONCE_BYTES).ok_or(Unopenable)?;
        self.all()
            .find_map(|key| cipher(key).decrypt(XNonce::from_slice(nonce), body).ok())
            .and_then(|plain| String::from_utf8(plain).ok())
            .map(SecretString::from)
            .ok_or(Unopenable)
    }
}

fn cipher(key: &VersionedSecret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Sha256::digest(key.secret.expose_secret().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::{keyring, rotated};
    use secrecy::ExposeSecret;

    #[test]
    fn what_is_sealed_can_be_opened_and_nothing_else() {
        let ring = keyring("s");
        let sealed = ring.seal("bonjour").unwrap();
        assert_eq!(ring.open(&sealed).unwrap().expose_secret(), "bonjour");
        assert_ne!(ring.seal("bonjour").unwrap(), sealed, "each sealing has its own nonce");
        assert!(keyring("t").open(&sealed).is_err());
        assert!(ring.open("").is_err() && ring.open("zz").is_err() && ring.open("$ba$1").is_err());
    }

    #[test]
    fn values_sealed_under_an_old_secret_are_still_opened() {
        let old = keyring("old").seal("v").unwrap();
        let ring = rotated("new", "old");
        assert_eq!(ring.open(&old).unwrap().expose_secret(), "v");
        assert!(ring.seal("v").unwrap().starts_with("$ba$2$"));
    }
}
