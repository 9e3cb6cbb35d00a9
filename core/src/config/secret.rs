//! The secret, and the earlier ones that still verify.

use std::path::PathBuf;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::Secret;
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
    /// The file cannot be read.
    #[error("the secret file {path} cannot be read: {source}")]
    Unreadable {
        /// Its path.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// `secrets` is not `version:secret,…`.
    #[error("`secrets` must read \"2:new secret,1:old secret\": a whole number before each colon")]
    BadVersions,
}

impl SecretOptions {
    /// Whether anything is set.
    pub fn is_set(&self) -> bool {
        self.secret.is_some() || self.secret_file.is_some() || self.secrets.is_some()
    }

    /// The keyring of what is set.
    pub fn keyring(&self, randomness: Arc<dyn Randomness>) -> Result<Keyring, SecretError> {
        let mut all = match &self.secrets {
            Some(list) => list.expose().split(',').map(versioned).collect::<Result<Vec<_>, _>>()?,
            None => vec![VersionedSecret { version: None, secret: self.lone()? }],
        };
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

    fn lone(&self) -> Result<SecretString, SecretError> {
        if let Some(path) = &self.secret_file {
            let text = std::fs::read_to_string(path)
                .map_err(|source| SecretError::Unreadable { path: path.display().to_string(), source })?;
            return Ok(text.trim_end_matches(['\r', '\n']).to_owned().into());
        }
        self.secret.as_deref().cloned().ok_or(SecretError::Missing)
    }
}

fn versioned(text: &str) -> Result<VersionedSecret, SecretError> {
    let (version, secret) = text.split_once(':').ok_or(SecretError::BadVersions)?;
    let version = version.trim().parse().map_err(|_| SecretError::BadVersions)?;
    Ok(VersionedSecret { version: Some(version), secret: secret.to_owned().into() })
}
