//! Which names there may be.

use guichet_core::error::ErrorCode;

use crate::options::Options;
use crate::{INVALID_USERNAME, USERNAME_TOO_LONG, USERNAME_TOO_SHORT};

/// What is wrong with a name, if anything.
pub(crate) fn wrong(options: &Options, name: &str) -> Option<ErrorCode> {
    // As JavaScript counts: the contract's numbers.
    let length = name.encode_utf16().count();
    if length < options.min_length {
        return Some(USERNAME_TOO_SHORT);
    }
    if length > options.max_length {
        return Some(USERNAME_TOO_LONG);
    }
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'.';
    (!name.bytes().all(fits)).then_some(INVALID_USERNAME)
}

/// The form that is kept and looked for: no two names differ in their capitals alone.
pub(crate) fn normal_form(name: &str) -> String {
    name.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_plain() {
        let options = Options::default();
        for (name, code) in [
            ("", Some("USERNAME_TOO_SHORT")),
            ("ab", Some("USERNAME_TOO_SHORT")),
            (&"a".repeat(31), Some("USERNAME_TOO_LONG")),
            ("a b c", Some("INVALID_USERNAME")),
            ("a-b-c", Some("INVALID_USERNAME")),
            ("é_é", Some("INVALID_USERNAME")),
            ("аdmin", Some("INVALID_USERNAME")),
            ("a@b.fr", Some("INVALID_USERNAME")),
            ("a\0b", Some("INVALID_USERNAME")),
            ("Ada_L.9", None),
            (&"a".repeat(30), None),
        ] {
            assert_eq!(wrong(&options, name).map(|code| code.code), code, "{name:?}");
        }
        assert_eq!(normal_form("Ada_L"), "ada_l");
    }
}
