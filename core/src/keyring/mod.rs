//! Everything that depends on the secret, and all randomness.
//!
//! Secrets are versioned: the first signs and seals, every one of them verifies and opens, so that a secret
//! is changed without ending a single session. Formats are Better Auth's (contract, sections 2 and 5), so that
//! its cookies and stored values keep working.

mod random;
mod random_name;
mod sealing;
mod signing;
mod token;

pub use random::{Randomness, SystemRandomness, random_alphanumeric};

use std::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

/// One secret and the version it is known by (Better Auth's `BETTER_AUTH_SECRETS="2:new,1:old"`).
#[derive(Clone)]
pub struct VersionedSecret {
    /// Written into sealed values as `$ba$<version>$…`; `None` for a lone secret, which leaves values unmarked.
    pub version: Option<u32>,
    /// The secret's UTF-8 text, used as it is.
    pub secret: SecretString,
}

/// Signs, seals, hashes and draws random values.
#[derive(Clone)]
pub struct Keyring {
    /// Never empty: [`Keyring::new`] takes the current one apart from the earlier ones.
    current: VersionedSecret,
    earlier: Vec<VersionedSecret>,
    randomness: Arc<dyn Randomness>,
}

impl Keyring {
    /// `current` signs and seals; `current` and `earlier` verify and open.
    pub fn new(
        current: VersionedSecret,
        earlier: Vec<VersionedSecret>,
        randomness: Arc<dyn Randomness>,
    ) -> Self {
        Self { current, earlier, randomness }
    }

    fn all(&self) -> impl Iterator<Item = &VersionedSecret> {
        std::iter::once(&self.current).chain(&self.earlier)
    }

    fn current_bytes(&self) -> &[u8] {
        self.current.secret.expose_secret().as_bytes()
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("secrets", &(1 + self.earlier.len())).finish_non_exhaustive()
    }
}

pub use random_name::RandomName;
pub use sealing::Unopenable;
pub use signing::{digest, equal_in_constant_time, hmac_sha256_hex};
pub use token::TokenRefused;

#[cfg(test)]
pub(crate) mod tests_support {
    use super::*;

    pub(crate) fn keyring(secret: &str) -> Keyring {
        let current = VersionedSecret { version: None, secret: secret.to_owned().into() };
        Keyring::new(current, vec![], Arc::new(SystemRandomness))
    }

    pub(crate) fn rotated(new: &str, old: &str) -> Keyring {
        let current = VersionedSecret { version: Some(2), secret: new.to_owned().into() };
        let earlier = VersionedSecret { version: Some(1), secret: old.to_owned().into() };
        Keyring::new(current, vec![earlier], Arc::new(SystemRandomness))
    }
}
