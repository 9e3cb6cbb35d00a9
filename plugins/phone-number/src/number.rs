//! Phone numbers as ITU-T E.164 writes them: a `+`, then 7 to 15 digits of which the first is no zero. Nothing is tidied
//! up: one number has one spelling, so that limits and unique columns count it once.

use guichet_core::error::{Result, bad_request};

use crate::INVALID_PHONE_NUMBER;
use crate::options::Options;

/// A number in its one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PhoneNumber(String);

impl PhoneNumber {
    /// `None` for what is no such number.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('+')?;
        let good = (7..=15).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0');
        good.then(|| Self(text.to_owned()))
    }

    /// 400 `INVALID_PHONE_NUMBER` for what is no number, or none to which messages may go.
    pub(crate) fn allowed(options: &Options, text: &str) -> Result<Self> {
        Self::parse(text)
            .filter(|number| {
                let begins = |prefix: &String| number.0.starts_with(prefix);
                options.prefixes.is_empty() || options.prefixes.iter().any(begins)
            })
            .ok_or_else(|| bad_request(INVALID_PHONE_NUMBER))
    }

    pub(crate) fn example() -> Option<Self> {
        Self::parse("+33612345678")
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Without the `+`.
    pub(crate) fn digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }
}

#[cfg(test)]
mod tests {
    use super::PhoneNumber;

    #[test]
    fn a_number_has_one_spelling() {
        assert_eq!(PhoneNumber::parse("+33612345678").unwrap().digits(), "33612345678");
        for bad in [
            "",
            "+",
            "33612345678",
            "0612345678",
            "+0612345678",
            "+33 6 12 34 56 78",
            "+336-12345678",
            "+123456",
            "+1234567890123456",
            "++33612345678",
            "+33612345678\n",
            "+３３612345678",
            "+33612345678;ext=1",
        ] {
            assert!(PhoneNumber::parse(bad).is_none(), "{bad:?}");
        }
    }
}
