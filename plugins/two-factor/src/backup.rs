//! Backup codes: ten of the form `xxxxx-xxxxx` from `[a-zA-Z0-9]`, each good once (contract, section 12). Kept as a JSON
//! array of keyed hashes, or as Better Auth does: the codes themselves, as one sealed JSON array. Both are read.

use guichet_core::app::App;
use guichet_core::error::{Error, Result};
use guichet_core::keyring::equal_in_constant_time;
use secrecy::ExposeSecret as _;

use crate::options::BackupStorage;

const HOW_MANY: usize = 10;
const HALF: usize = 5;

/// New codes.
pub(crate) fn draw(app: &App) -> Vec<String> {
    let half = || app.keyring.random_alphanumeric(HALF);
    (0..HOW_MANY).map(|_| format!("{}-{}", half(), half())).collect()
}

/// Codes as they are kept.
pub(crate) fn at_rest(app: &App, storage: BackupStorage, user_id: &str, codes: &[String]) -> Result<String> {
    match storage {
        BackupStorage::Sealed => Ok(app.keyring.seal(&text(codes)?)?),
        BackupStorage::Hashed => {
            let purpose = purpose(user_id);
            let hashes: Vec<String> =
                codes.iter().map(|code| app.keyring.keyed_hash(&purpose, code)).collect();
            text(&hashes)
        }
    }
}

/// Takes `code` out of what is kept: what is to be kept from now on, or `None` when it is none of them. Every code is
/// compared, whichever is right.
pub(crate) fn without(
    app: &App,
    storage: BackupStorage,
    user_id: &str,
    kept: &str,
    code: &str,
) -> Result<Option<String>> {
    let hashed = kept.starts_with('[');
    let list = list(app, kept)?;
    let candidates =
        if hashed { app.keyring.keyed_hashes(&purpose(user_id), code) } else { vec![code.to_owned()] };
    let is_it = |one: &String| {
        candidates.iter().fold(false, |found, candidate| found | equal_in_constant_time(one, candidate))
    };
    let (used, left): (Vec<String>, Vec<String>) = list.into_iter().partition(is_it);
    if used.is_empty() {
        return Ok(None);
    }
    Ok(Some(if hashed { text(&left)? } else { at_rest(app, storage, user_id, &left)? }))
}

/// How many are left.
pub(crate) fn left(app: &App, kept: &str) -> Result<usize> {
    Ok(list(app, kept)?.len())
}

fn list(app: &App, kept: &str) -> Result<Vec<String>> {
    let opened;
    let text = if kept.starts_with('[') {
        kept
    } else {
        opened = app.keyring.open(kept)?;
        opened.expose_secret()
    };
    serde_json::from_str(text).map_err(Error::internal)
}

fn purpose(user_id: &str) -> String {
    format!("two-factor.backup-code.{user_id}")
}

fn text(list: &[String]) -> Result<String> {
    serde_json::to_string(list).map_err(Error::internal)
}
