//! Argon2 (RFC 9106) as PHC texts.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordVerifier};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::Unreadable;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// More than anybody configures, less than what would hold a thread for long.
const MOST_MEMORY_KIB: u32 = 512 * 1024;
const MOST_PASSES: u32 = 32;
const MOST_LANES: u32 = 64;

/// How a hash of today's costs begins; its salt and key follow in base64, a `$` between them.
const OURS: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// The memory that a hash of ours is made in: 19 MiB once it was used. Whoever makes the next one need not ask the
/// system for them again.
#[derive(Default)]
pub(in crate::password) struct Memory(Vec<Block>);

pub(super) const DUMMY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

pub(super) fn make(password: &str, salt: [u8; 16], memory: &mut Memory) -> anyhow::Result<String> {
    let key = key(password.as_bytes(), salt, memory)?;
    Ok(format!("{OURS}{}${}", STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(key)))
}

fn key(password: &[u8], salt: [u8; 16], memory: &mut Memory) -> Result<[u8; 32], argon2::Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    let (blocks, there) = (params.block_count(), memory.0.len());
    if there < blocks {
        memory.0.reserve_exact(blocks - there);
        guichet_huge_pages::prefer_huge_pages(memory.0.spare_capacity_mut());
    }
    memory.0.resize(blocks, Block::new());
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(
        password,
        &salt,
        &mut key,
        &mut memory.0,
    )?;
    Ok(key)
}

/// Salt and key of a hash with today's costs and lengths.
fn ours(kept: &str) -> Option<([u8; 16], [u8; 32])> {
    let (salt, key) = kept.strip_prefix(OURS)?.split_once('$')?;
    let decoded = |text: &str| STANDARD_NO_PAD.decode(text).ok();
    Some((decoded(salt)?.try_into().ok()?, decoded(key)?.try_into().ok()?))
}

pub(super) fn is_right(kept: &str, password: &[u8], memory: &mut Memory) -> Result<bool, Unreadable> {
    let unreadable = Unreadable("it is no Argon2 hash");
    if let Some((salt, right)) = ours(kept) {
        let Ok(key) = key(password, salt, memory) else { return Err(unreadable) };
        return Ok(subtle::ConstantTimeEq::ct_eq(&key[..], &right[..]).into());
    }
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
    kept.starts_with(OURS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn right(kept: &str, password: &[u8]) -> bool {
        is_right(kept, password, &mut Memory::default()).unwrap()
    }

    #[test]
    fn our_costs_are_the_ones_that_are_written() {
        let made = make("password", [1; 16], &mut Memory::default()).unwrap();
        assert!(is_ours(&made), "{made}");
        assert!(is_ours(DUMMY));
        assert_eq!(made.len(), DUMMY.len());
    }

    #[test]
    fn memory_that_was_used_before_changes_no_hash() {
        let mut memory = Memory::default();
        let first = make("password", [1; 16], &mut memory).unwrap();
        let _another = make("something else", [2; 16], &mut memory).unwrap();
        assert_eq!(make("password", [1; 16], &mut memory).unwrap(), first);
        assert!(is_right(&first, b"password", &mut memory).unwrap());
        assert!(!is_right(&first, b"Password", &mut memory).unwrap());
        // The library's own reading of it, in memory of its own.
        let read = PasswordHash::new(&first).unwrap();
        assert!(Argon2::default().verify_password(b"password", &read).is_ok());
    }

    #[test]
    fn hashes_of_other_programs_are_verified() {
        // The reference implementation's own test vector: `password`, `somesalt`, 64 MiB, two passes, one lane.
        let theirs = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert!(right(theirs, b"password"));
        assert!(!right(theirs, b"Password"));
        assert!(!is_ours(theirs));
    }
}
