//! scrypt (RFC 7914) as Better Auth keeps it (contract, section 5): `hex(salt):hex(key)`, N = 16384, r = 16, p = 1,
//! 64 bytes. The salt that goes in is the hexadecimal text itself, and the password is in NFKC.

use scrypt::{Params, scrypt};
use subtle::ConstantTimeEq as _;
use unicode_normalization::UnicodeNormalization;

use super::Unreadable;

const LOG_N: u8 = 14;
const R: u32 = 16;
const P: u32 = 1;
const KEY_BYTES: usize = 64;

pub(super) const DUMMY: &str = "00000000000000000000000000000000:\
     0000000000000000000000000000000000000000000000000000000000000000\
     0000000000000000000000000000000000000000000000000000000000000000";

pub(super) fn make(password: &str, salt: [u8; 16]) -> anyhow::Result<String> {
    let salt = hex::encode(salt);
    let key = derive(password, &salt)?;
    Ok(format!("{salt}:{}", hex::encode(key)))
}

pub(super) fn is_right(kept: &str, password: &str) -> Result<bool, Unreadable> {
    let unreadable = || Unreadable("it is no scrypt hash of Better Auth's form");
    let (salt, key) = kept.split_once(':').ok_or_else(unreadable)?;
    let well_formed = salt.len() == 32 && key.len() == 2 * KEY_BYTES;
    if !well_formed || !salt.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(unreadable());
    }
    let key = hex::decode(key).map_err(|_| unreadable())?;
    let derived = derive(password, salt).map_err(|_| unreadable())?;
    Ok(derived.ct_eq(key.as_slice()).into())
}

fn derive(password: &str, salt: &str) -> anyhow::Result<[u8; KEY_BYTES]> {
    let password: String = password.nfkc().collect();
    let mut key = [0; KEY_BYTES];
    scrypt(password.as_bytes(), salt.as_bytes(), &Params::new(LOG_N, R, P)?, &mut key)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_that_another_implementation_made_is_verified() {
        let kept = "000102030405060708090a0b0c0d0e0f:\
            2a5154cf1cd300a8d282834759863e7d9a95e1dab0c2933b6166baf0e98f81f8\
            e5a3610f561dae587f6f30d1423664f45998084c48f3dde11934d9d16642fd32";
        assert!(is_right(kept, "Pässwörter 7").unwrap());
        assert!(is_right(kept, "Pa\u{308}sswo\u{308}rter ⑦").unwrap(), "NFKC, as Better Auth");
        assert!(!is_right(kept, "Pässwörter 8").unwrap());
    }
}
