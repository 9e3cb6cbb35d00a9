//! HMACs: signed cookie values, and keyed hashes of short secrets.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

use super::Keyring;

type HmacSha256 = Hmac<Sha256>;

pub(super) fn mac(key: &[u8], message: &[u8]) -> HmacSha256 {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = HmacSha256::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    mac
}

impl Keyring {
    /// `value.base64(HMAC-SHA256(secret, value))`, as Better Auth signs cookies (contract, section 2).
    pub fn sign(&self, value: &str) -> String {
        let tag = mac(self.current_bytes(), value.as_bytes()).finalize().into_bytes();
        format!("{value}.{}", STANDARD.encode(tag))
    }

    /// The value of a signed text, when any known secret signed it. Compared in constant time.
    pub fn verify<'a>(&self, signed: &'a str) -> Option<&'a str> {
        let (value, tag) = signed.rsplit_once('.')?;
        let tag = STANDARD.decode(tag).ok()?;
        self.made(value, &tag).then_some(value)
    }

    /// Whether any known secret made that tag of the text. Compared in constant time.
    pub(super) fn made(&self, text: &str, tag: &[u8]) -> bool {
        self.all()
            .any(|key| mac(key.secret.expose_secret().as_bytes(), text.as_bytes()).verify_slice(tag).is_ok())
    }

    /// HMAC-SHA256 of a text in base64url without padding, as Better Auth signs its session cache (contract, section 3).
    pub(crate) fn tag(&self, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(mac(self.current_bytes(), text.as_bytes()).finalize().into_bytes())
    }

    /// Whether any known secret made such a tag of the text. Compared in constant time.
    pub(crate) fn is_tag(&self, text: &str, tag: &str) -> bool {
        URL_SAFE_NO_PAD.decode(tag).is_ok_and(|tag| self.made(text, &tag))
    }

    /// A keyed hash of a guessable secret (a six-digit code), in base64url: useless without the keyring.
    /// `purpose` separates uses, so that a hash made for one is never right for another.
    pub fn keyed_hash(&self, purpose: &str, secret: &str) -> String {
        hash_with(self.current_bytes(), purpose, secret)
    }

    /// [`Keyring::keyed_hash`] under every known secret, the current one first.
    pub fn keyed_hashes(&self, purpose: &str, secret: &str) -> Vec<String> {
        self.all().map(|key| hash_with(key.secret.expose_secret().as_bytes(), purpose, secret)).collect()
    }
}

fn hash_with(key: &[u8], purpose: &str, secret: &str) -> String {
    // The length keeps (purpose, secret) pairs apart whose concatenations are equal.
    let message = format!("{}:{purpose}:{secret}", purpose.len());
    URL_SAFE_NO_PAD.encode(mac(key, message.as_bytes()).finalize().into_bytes())
}

/// HMAC-SHA256 in lower-case hex under a key of somebody's own: signs calls to other servers.
pub fn hmac_sha256_hex(key: &[u8], message: &[u8]) -> String {
    hex::encode(mac(key, message).finalize().into_bytes())
}

/// SHA-256 in base64url: for secrets of 128 bits and more, which nobody can guess.
pub fn digest(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes()))
}

/// Whether two texts are equal, in a time that does not tell where they differ.
pub fn equal_in_constant_time(a: &str, b: &str) -> bool {
    subtle::ConstantTimeEq::ct_eq(a.as_bytes(), b.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::{keyring, rotated};

    #[test]
    fn a_cookie_that_better_auth_signed_is_verified() {
        let ring = keyring("a-very-old-secret-of-32-characters!!");
        let cookie = "q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6.ObxWp70twmwU5rthvcvgOBIsLRdBVz6JGa1DMaA9IZQ=";
        assert_eq!(ring.verify(cookie), Some("q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6"));
        assert_eq!(ring.sign("q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6"), cookie);
    }

    #[test]
    fn a_changed_value_or_signature_is_refused() {
        let ring = keyring("s");
        let signed = ring.sign("value");
        assert_eq!(ring.verify(&signed), Some("value"));
        assert_eq!(ring.verify(&signed.replace("value", "valuf")), None);
        assert_eq!(ring.verify("value"), None);
        assert_eq!(ring.verify("value."), None);
        assert_eq!(keyring("t").verify(&signed), None);
    }

    #[test]
    fn an_old_secret_verifies_and_the_new_one_signs() {
        let old = keyring("old").sign("v");
        let both = rotated("new", "old");
        assert_eq!(both.verify(&old), Some("v"));
        assert_eq!(both.sign("v"), keyring("new").sign("v"));
        assert!(both.keyed_hashes("p", "123456").contains(&keyring("old").keyed_hash("p", "123456")));
    }

    #[test]
    fn a_hash_for_one_purpose_is_not_right_for_another() {
        let ring = keyring("s");
        assert_ne!(ring.keyed_hash("a", "b:c"), ring.keyed_hash("a:b", "c"));
    }
}
