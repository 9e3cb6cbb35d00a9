//! The secret, and the earlier ones that still verify.

use std::path::PathBuf;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::{Secret, SecretProblem};
use crate::keyring::{Keyring, Randomness, VersionedSecret};

/// Shorter ones are refused: 32 characters of base64 hold 192 bits.
const SHORTEST: usize = 32;

/// Where the secret comes from; the configuration's top-level keys of the same names. One is enough.
#[derive(Debug, Clone, Default)]
pub struct SecretOptions {
    /// The secret itself.
    pub secret: Option<Secret>,
    /// A file that holds it.
    pub secret_file: Option<PathBuf>,
    /// Several with versions.
    pub secrets: Option<Secret>,
}

/// No usable secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// None is set.
    #[error(
        "no secret: set `secret_file` (or GUICHET_SECRET_FILE) to a file that holds one; `guichet secret` makes one"
    )]
    Missing,
    /// Too short.
    #[error("the secret has {0} characters; at least {SHORTEST} are needed (`guichet secret` makes one)")]
    TooShort(usize),
    /// It is empty, or its file cannot be read.
    #[error(transparent)]
    Given(#[from] SecretProblem),
    /// `secrets` is not `version:secret,…`.
    #[error("`secrets` must read \"2:new secret,1:old secret\": a whole number before each colon")]
    BadVersions,
}

/// What can be said about the secret that signs, without saying it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strength {
    /// Its length, in characters.
    pub length: usize,
    /// How many earlier ones still verify.
    pub earlier: usize,
    /// What makes it easy to guess.
    pub weakness: Option<&'static str>,
}

/// What secrets of documentation, of examples and of hurried people hold.
const WORDS: [&str; 9] = [
    "secret",
    "password",
    "changeme",
    "change-me",
    "change_me",
    "example",
    "better-auth",
    "guichet",
    "1234567890",
];
/// 32 hexadecimal digits hold 128 bits, and by this estimate rarely less than 100.
const LEAST_BITS: f64 = 90.0;

impl SecretOptions {
    /// How strong what is set is.
    pub fn strength(&self) -> Result<Strength, SecretError> {
        let all = self.all()?;
        let text = all.first().ok_or(SecretError::Missing)?.secret.expose_secret();
        let lower = text.to_lowercase();
        let weakness = if WORDS.iter().any(|word| lower.contains(word)) {
            Some("reads like the one of an example")
        } else if bits(text) < LEAST_BITS {
            Some("repeats itself")
        } else {
            None
        };
        Ok(Strength { length: text.chars().count(), earlier: all.len() - 1, weakness })
    }

    /// Whether anything is set.
    pub fn is_set(&self) -> bool {
        self.secret.is_some() || self.secret_file.is_some() || self.secrets.is_some()
    }

    /// The keyring of what is set.
    pub fn keyring(&self, randomness: Arc<dyn Randomness>) -> Result<Keyring, SecretError> {
        let mut all = self.all()?;
        for key in &all {
            let length = key.secret.expose_secret().chars().count();
            if length < SHORTEST {
                return Err(SecretError::TooShort(length));
            }
        }
        if all.is_empty() {
            return Err(SecretError::Missing);
        }
        let current = all.remove(0);
        Ok(Keyring::new(current, all, randomness))
    }

    fn all(&self) -> Result<Vec<VersionedSecret>, SecretError> {
        match &self.secrets {
            Some(list) => list.expose().split(',').map(versioned).collect(),
            None => Ok(vec![VersionedSecret { version: None, secret: self.lone()? }]),
        }
    }

    fn lone(&self) -> Result<SecretString, SecretError> {
        let given = Secret::given("secret", self.secret.as_ref(), self.secret_file.as_deref())?;
        given.map(Into::into).ok_or(SecretError::Missing)
    }
}

/// Shannon's estimate, from how often each character comes.
#[expect(clippy::cast_precision_loss, reason = "an estimate of a few hundred characters")]
fn bits(text: &str) -> f64 {
    let mut counts = std::collections::BTreeMap::new();
    for c in text.chars() {
        *counts.entry(c).or_insert(0_usize) += 1;
    }
    let length = text.chars().count() as f64;
    counts.values().map(|&count| count as f64 * (length / count as f64).log2()).sum()
}

fn versioned(text: &str) -> Result<VersionedSecret, SecretError> {
    let (version, secret) = text.split_once(':').ok_or(SecretError::BadVersions)?;
    let version = version.trim().parse().map_err(|_| SecretError::BadVersions)?;
    Ok(VersionedSecret { version: Some(version), secret: secret.to_owned().into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weakness(secret: &str) -> Option<&'static str> {
        let options = SecretOptions { secret: Some(Secret::from(secret)), ..SecretOptions::default() };
        options.strength().unwrap().weakness
    }

    #[test]
    fn drawn_secrets_are_strong_and_written_ones_are_not() {
        for drawn in ["9f86d081884c7d659a2feaa0c55ad015", "kQ3vXz81mNbT5yRfLw0cJ2hGdPaSe7Uo4iVxBnMq6tKrYl9C"]
        {
            assert_eq!(weakness(drawn), None, "{drawn}");
        }
        assert_eq!(
            weakness("better-auth-secret-12345678901234567890"),
            Some("reads like the one of an example")
        );
        assert_eq!(weakness("aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb"), Some("repeats itself"));
    }

    #[test]
    fn the_current_one_is_looked_at_and_the_earlier_ones_are_counted() {
        let list = "2:9f86d081884c7d659a2feaa0c55ad015,1:an-old-secret-of-32-characters!!!";
        let options = SecretOptions { secrets: Some(Secret::from(list)), ..SecretOptions::default() };
        assert_eq!(options.strength().unwrap(), Strength { length: 32, earlier: 1, weakness: None });
    }
}
