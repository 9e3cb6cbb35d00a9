//! Names that are drawn and told from whatever else is signed: a browser's own, a challenge's.

use super::Keyring;

/// How names of one kind look: a prefix, then so many of `[a-zA-Z0-9]`. The same signature stands on several cookies, whose
/// values name other things: only what looks like this is one.
#[derive(Debug, Clone, Copy)]
pub struct RandomName {
    /// What all of them begin with.
    pub prefix: &'static str,
    /// How many characters follow, 5.95 bits each.
    pub length: usize,
}

impl RandomName {
    /// A new one.
    pub fn draw(&self, keyring: &Keyring) -> String {
        format!("{}{}", self.prefix, keyring.random_alphanumeric(self.length))
    }

    /// Whether this text may have been drawn as one.
    pub fn is_one(&self, text: &str) -> bool {
        let rest = text.strip_prefix(self.prefix);
        rest.is_some_and(|rest| rest.len() == self.length && rest.bytes().all(|b| b.is_ascii_alphanumeric()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyring::tests_support::keyring;

    const DEVICE: RandomName = RandomName { prefix: "device-", length: 32 };

    #[test]
    fn what_was_drawn_is_one_and_other_names_are_none() {
        let drawn = DEVICE.draw(&keyring("a secret of at least thirty-two characters"));
        assert!(DEVICE.is_one(&drawn), "{drawn}");
        let letters = drawn.trim_start_matches("device-");
        for other in [letters, &format!("{drawn}a"), &format!("device-{}.", &letters[1..]), "device-", ""] {
            assert!(!DEVICE.is_one(other), "{other}");
        }
    }
}
