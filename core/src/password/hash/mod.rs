//! Forms in which passwords are kept: ours, Better Auth's, and those that people bring along.
//!
//! | form | looks like |
//! | --- | --- |
//! | Argon2 | `$argon2id$v=19$m=19456,t=2,p=1$…$…` (PHC; `argon2i` and `argon2d` too) |
//! | scrypt | `hex(salt):hex(key)`, Better Auth's |
//! | bcrypt | `$2a$…`, `$2b$…`, `$2y$…` |
//! | PBKDF2 | `pbkdf2_sha256$600000$salt$…`, Django's (`pbkdf2_sha1` too) |
//! | PBKDF2 | Keycloak's JSON: `{"algorithm", "hashIterations", "salt", "value"}`, or an export's `secretData` and `credentialData` |

mod argon;
mod bcrypt;
mod keycloak;
mod pbkdf2;
mod scrypt;

pub(super) use argon::Memory;
use unicode_normalization::UnicodeNormalization;

use super::options::Algorithm;

/// A kept hash that nobody can have meant: an unknown form, a cut text, a cost that would never end.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unreadable(pub(super) &'static str);

/// Hashes a password for storage.
pub(super) fn make(
    algorithm: Algorithm,
    password: &str,
    salt: [u8; 16],
    memory: &mut Memory,
) -> anyhow::Result<String> {
    match algorithm {
        Algorithm::Argon2id => argon::make(&nfc(password), salt, memory),
        Algorithm::Scrypt => scrypt::make(password, salt),
    }
}

/// A text that looks like a kept hash and costs as much to compare with: for those who have none.
pub(super) fn dummy(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Argon2id => argon::DUMMY,
        Algorithm::Scrypt => scrypt::DUMMY,
    }
}

/// Whether `kept` was made from `password`.
pub(super) fn is_right(kept: &str, password: &str, memory: &mut Memory) -> Result<bool, Unreadable> {
    if !kept.is_ascii() {
        return Err(Unreadable("it holds characters beyond ASCII"));
    }
    if kept.starts_with("$argon2") {
        either(password, |form| argon::is_right(kept, form, memory))
    } else if kept.starts_with("$2") {
        either(password, |form| bcrypt::is_right(kept, form))
    } else if kept.starts_with("pbkdf2_") {
        either(password, |form| pbkdf2::of_django(kept, form))
    } else if kept.starts_with('{') {
        either(password, |form| keycloak::is_right(kept, form))
    } else if kept.contains(':') {
        scrypt::is_right(kept, password)
    } else {
        Err(Unreadable("its form is unknown"))
    }
}

/// Whether a hash that was right should be made anew, with `algorithm` and today's costs.
pub(super) fn is_outdated(algorithm: Algorithm, kept: &str) -> bool {
    match algorithm {
        Algorithm::Argon2id => !argon::is_ours(kept),
        Algorithm::Scrypt => kept.starts_with(['$', '{']) || !kept.contains(':'),
    }
}

/// One password, however a keyboard composes it (NIST SP 800-63B, section 3.1.1.2).
fn nfc(password: &str) -> String {
    password.nfc().collect()
}

/// Tries the NFC form, then the text as it was typed: other programs hash what comes.
fn either(
    password: &str,
    mut is_right: impl FnMut(&[u8]) -> Result<bool, Unreadable>,
) -> Result<bool, Unreadable> {
    let composed = nfc(password);
    Ok(is_right(composed.as_bytes())? || (composed != password && is_right(password.as_bytes())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(algorithm: Algorithm, password: &str, salt: [u8; 16]) -> anyhow::Result<String> {
        super::make(algorithm, password, salt, &mut Memory::default())
    }

    fn is_right(kept: &str, password: &str) -> Result<bool, Unreadable> {
        super::is_right(kept, password, &mut Memory::default())
    }

    #[test]
    fn what_is_made_is_right_and_nothing_else() {
        for algorithm in [Algorithm::Argon2id, Algorithm::Scrypt] {
            let kept = make(algorithm, "caf\u{e9} au lait", [7; 16]).unwrap();
            assert!(is_right(&kept, "caf\u{e9} au lait").unwrap());
            assert!(is_right(&kept, "cafe\u{301} au lait").unwrap(), "another keyboard composes é otherwise");
            assert!(!is_right(&kept, "cafe au lait").unwrap());
            assert!(!is_right(&kept, "").unwrap());
            assert!(!is_outdated(algorithm, &kept));
        }
    }

    #[test]
    fn each_form_is_told_from_the_other() {
        let ours = make(Algorithm::Argon2id, "password", [1; 16]).unwrap();
        let theirs = make(Algorithm::Scrypt, "password", [1; 16]).unwrap();
        assert!(is_outdated(Algorithm::Scrypt, &ours) && is_outdated(Algorithm::Argon2id, &theirs));
        assert!(is_outdated(Algorithm::Argon2id, &ours.replace("t=2", "t=1")));
        assert!(is_outdated(Algorithm::Scrypt, r#"{"algorithm":"pbkdf2-sha256"}"#));
    }

    #[test]
    fn the_dummies_are_readable_and_right_for_nobody() {
        for algorithm in [Algorithm::Argon2id, Algorithm::Scrypt] {
            assert!(!is_right(dummy(algorithm), "password").unwrap());
            assert!(!is_outdated(algorithm, dummy(algorithm)), "they cost what today's hashes cost");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_and_never_panics() {
        let broken = [
            "",
            "x",
            "plain text password",
            ":",
            "a:b",
            "zz:zz",
            "é:é",
            "0011:",
            "$",
            "$2",
            "$2b$",
            "$2b$12$",
            "$2b$99$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW",
            "$2b$31$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW",
            "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lé",
            "$argon2id$",
            "$argon2id$v=19$m=1",
            "$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=19456,t=4294967295,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "pbkdf2_sha256",
            "pbkdf2_sha256$",
            "pbkdf2_sha256$x$salt$aGFzaA==",
            "pbkdf2_sha256$0$salt$aGFzaA==",
            "pbkdf2_sha256$4294967295$salt$aGFzaA==",
            "pbkdf2_sha256$1000$salt$",
            "pbkdf2_sha256$1000$salt$!!",
            "pbkdf2_md5$1000$salt$aGFzaA==",
            "{",
            "{}",
            "{\"algorithm\":1}",
            "\u{fffd}\u{1f600}",
            "$é",
            "pbkdf2_é",
        ];
        for kept in broken {
            assert!(is_right(kept, "password").is_err(), "{kept:?}");
        }
        let long = format!("{}:{}", "0".repeat(32), "0".repeat(1_000_000));
        assert!(is_right(&long, "password").is_err());
    }
}
