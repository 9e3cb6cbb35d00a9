//! Which passwords may be set: long enough, short enough, not among the most common, without the operator's own
//! words. No rules of composition (NIST SP 800-63B, section 3.1.1.2), nothing trimmed, nothing cut.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use super::options::{Count, PasswordOptions};
use crate::error::{PASSWORD_TOO_COMMON, PASSWORD_TOO_LONG, PASSWORD_TOO_SHORT, Result, bad_request};

/// The 3000 most common passwords of at least eight characters, in lower case; `docs/dependencies.md` says whose
/// list it is.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("common.txt").lines().collect());

fn length(options: &PasswordOptions, password: &str) -> usize {
    match options.count {
        Count::CodePoints => password.nfc().count(),
        Count::Utf16 => password.encode_utf16().count(),
    }
}

/// A password that somebody presents: too long is all that it can be.
pub(super) fn check_presented(options: &PasswordOptions, password: &str) -> Result<()> {
    if length(options, password) > options.max_length {
        return Err(bad_request(PASSWORD_TOO_LONG));
    }
    Ok(())
}

/// A password that somebody wants.
pub(super) fn check_new(options: &PasswordOptions, password: &str) -> Result<()> {
    if length(options, password) < options.min_length {
        return Err(bad_request(PASSWORD_TOO_SHORT));
    }
    check_presented(options, password)?;
    // As one reads it: compatibility forms (ｐａｓｓｗｏｒｄ) and case hide nothing.
    let plain = password.nfkc().collect::<String>().to_lowercase();
    let guessed = options.refuse_common && COMMON.contains(plain.as_str());
    let names_us = options.context_words.iter().any(|word| {
        let word = word.trim().nfkc().collect::<String>().to_lowercase();
        plain.contains(&word)
    });
    if guessed || names_us { Err(bad_request(PASSWORD_TOO_COMMON)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(options: &PasswordOptions, password: &str) -> Option<&'static str> {
        check_new(options, password).err().and_then(|e| e.code())
    }

    #[test]
    fn lengths_count_code_points_after_nfc_and_nothing_is_trimmed() {
        let options = PasswordOptions::default();
        assert_eq!(refusal(&options, "abcdefg"), Some("PASSWORD_TOO_SHORT"));
        assert_eq!(refusal(&options, " abcdef "), None);
        assert_eq!(refusal(&options, "éééé"), Some("PASSWORD_TOO_SHORT"));
        assert_eq!(refusal(&options, &"e\u{301}".repeat(7)), Some("PASSWORD_TOO_SHORT"));
        assert_eq!(refusal(&options, &"e\u{301}".repeat(8)), None);
        assert_eq!(refusal(&options, &"😀".repeat(4)), Some("PASSWORD_TOO_SHORT"));
        assert_eq!(refusal(&options, &"😀".repeat(128)), None);
        assert_eq!(refusal(&options, &"😀".repeat(129)), Some("PASSWORD_TOO_LONG"));
        let parity = PasswordOptions { count: Count::Utf16, ..options };
        assert_eq!(refusal(&parity, &"😀".repeat(4)), None);
        assert_eq!(refusal(&parity, &"😀".repeat(65)), Some("PASSWORD_TOO_LONG"));
    }

    #[test]
    fn common_passwords_are_refused_however_they_are_typed() {
        let options = PasswordOptions::default();
        for common in ["password", "12345678", "PassWord", "iloveyou", "ｐａｓｓｗｏｒｄ"] {
            assert_eq!(refusal(&options, common), Some("PASSWORD_TOO_COMMON"), "{common}");
        }
        assert_eq!(refusal(&options, "a word that nobody guesses"), None);
        assert_eq!(refusal(&PasswordOptions { refuse_common: false, ..options }, "password"), None);
        assert_eq!(COMMON.len(), 3000);
        assert!(COMMON.iter().all(|word| word.chars().count() >= 8 && *word == word.to_lowercase()));
    }

    #[test]
    fn the_operators_own_words_are_refused_inside_passwords() {
        let words = vec!["Guichet".to_owned()];
        let options = PasswordOptions { context_words: words, ..PasswordOptions::default() };
        assert_eq!(refusal(&options, "monGUICHETamoi"), Some("PASSWORD_TOO_COMMON"));
        assert_eq!(refusal(&options, "monbureauamoi"), None);
    }
}
