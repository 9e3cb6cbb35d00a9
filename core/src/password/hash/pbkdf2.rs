//! PBKDF2 (RFC 8018) in Django's form: `pbkdf2_sha256$iterations$salt$base64(key)`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pbkdf2::pbkdf2_hmac;
use pbkdf2::sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq as _;

use super::Unreadable;

/// Ten times what is recommended today.
const MOST_ITERATIONS: u32 = 10_000_000;
const KEY_BYTES: std::ops::RangeInclusive<usize> = 16..=128;

/// Which hash function is iterated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Sha1,
    Sha256,
    Sha512,
}

pub(super) fn of_django(kept: &str, password: &[u8]) -> Result<bool, Unreadable> {
    let unreadable = || Unreadable("it is no PBKDF2 hash of Django's form");
    let mut parts = kept.split('$');
    let function = match parts.next() {
        Some("pbkdf2_sha256") => Function::Sha256,
        Some("pbkdf2_sha1") => Function::Sha1,
        _ => return Err(unreadable()),
    };
    let (Some(iterations), Some(salt), Some(key), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(unreadable());
    };
    let iterations = iterations.parse().map_err(|_| unreadable())?;
    let key = STANDARD.decode(key).map_err(|_| unreadable())?;
    is_right(function, iterations, salt.as_bytes(), &key, password)
}

pub(super) fn is_right(
    function: Function,
    iterations: u32,
    salt: &[u8],
    key: &[u8],
    password: &[u8],
) -> Result<bool, Unreadable> {
    if !(1..=MOST_ITERATIONS).contains(&iterations) || !KEY_BYTES.contains(&key.len()) {
        return Err(Unreadable("its costs are out of reach"));
    }
    let mut derived = vec![0; key.len()];
    match function {
        Function::Sha1 => pbkdf2_hmac::<sha1::Sha1>(password, salt, iterations, &mut derived),
        Function::Sha256 => pbkdf2_hmac::<Sha256>(password, salt, iterations, &mut derived),
        Function::Sha512 => pbkdf2_hmac::<Sha512>(password, salt, iterations, &mut derived),
    }
    Ok(derived.ct_eq(key).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_that_python_made_are_verified() {
        for kept in [
            "pbkdf2_sha256$1000$seasalt$Ka/QedT4B+n0KetxUHSg4bpjta0/ggUbBTNu8VDWVeU=",
            "pbkdf2_sha1$1000$seasalt$AAtZgIXwDbqWVtw/D/1/Qz3aAFk=",
        ] {
            assert!(of_django(kept, "Pässwörter 7".as_bytes()).unwrap(), "{kept}");
            assert!(!of_django(kept, "Pässwörter 8".as_bytes()).unwrap(), "{kept}");
        }
    }
}
