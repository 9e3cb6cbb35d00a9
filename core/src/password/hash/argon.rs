//! Argon2 (RFC 9106) as PHC texts.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use super::Unreadable;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// More than anybody configures, less than what would hold a thread for long.
const MOST_MEMORY_KIB: u32 = 512 * 1024;
const MOST_PASSES: u32 = 32;
const MOST_LANES: u32 = 64;

pub(super) const DUMMY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

pub(super) fn make(password: &str, salt: [u8; 16]) -> anyhow::Result<String> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash: PasswordHash = hasher.hash_password_with_salt(password.as_bytes(), &salt)?;
    Ok(hash.to_string())
}

pub(super) fn is_right(kept: &str, password: &[u8]) -> Result<bool, Unreadable> {
    let unreadable = Unreadable("it is no Argon2 hash");
    let Ok(hash) = PasswordHash::new(kept) else { return Err(unreadable) };
    let Ok(params) = Params::try_from(&hash) else { return Err(unreadable) };
    if params.m_cost() > MOST_MEMORY_KIB || params.t_cost() > MOST_PASSES || params.p_cost() > MOST_LANES {
        return Err(Unreadable("its costs are out of reach"));
    }
    match Argon2::default().verify_password(password, &hash) {
        Ok(()) => Ok(true),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(_) => Err(unreadable),
    }
}

/// Whether it has today's algorithm and costs.
pub(super) fn is_ours(kept: &str) -> bool {
    kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_costs_are_the_ones_that_are_written() {
        let made = make("password", [1; 16]).unwrap();
        assert!(is_ours(&made), "{made}");
        assert!(is_ours(DUMMY));
        assert_eq!(made.len(), DUMMY.len());
    }

    #[test]
    fn hashes_of_other_programs_are_verified() {
        // The reference implementation's own test vector: `password`, `somesalt`, 64 MiB, two passes, one lane.
        let theirs = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert!(is_right(theirs, b"password").unwrap());
        assert!(!is_right(theirs, b"Password").unwrap());
        assert!(!is_ours(theirs));
    }
}
