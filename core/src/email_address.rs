//! One form of an e-mail address, used in every table, limit and mail.

use std::fmt;
use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

/// RFC 5321, section 4.5.3.1.3: a path has 256 octets, two of which are its angle brackets.
const MAX_OCTETS: usize = 254;
/// Normalising can shorten a text; beyond this many octets nobody means an address.
const MAX_RAW_OCTETS: usize = 1024;

/// A valid address in its normal form: NFKC, trimmed, lower-case.
///
/// Normalised first and validated afterwards, so that no character that becomes `@`, `,` or `"` on the way can
/// pass the check as something else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

/// Zod 4's syntax of an address (contract, section 1), on lower-case text; `LETTER` is what a non-ASCII address
/// may hold besides.
fn syntax(letter: &str) -> Result<Regex, regex::Error> {
    Regex::new(&format!(
        r"^(?:[a-z0-9_'+\-{letter}]+\.)*[a-z0-9_'+\-{letter}]*[a-z0-9_+\-{letter}]@(?:[a-z0-9][a-z0-9\-]*\.)+[a-z]{{2,}}$"
    ))
}

static ASCII: LazyLock<Option<Regex>> = LazyLock::new(|| syntax("").ok());
/// RFC 6531: letters beyond ASCII in the local part. Domains stay in their ASCII form (`xn--…`).
static INTERNATIONAL: LazyLock<Option<Regex>> = LazyLock::new(|| syntax(r"\p{Alphabetic}").ok());

impl EmailAddress {
    /// Reads what somebody typed; `None` when it is not an address that Better Auth takes (zod 4's syntax), or
    /// longer than 254 octets.
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_as(text, ASCII.as_ref()?)
    }

    /// As [`EmailAddress::parse`], and takes letters beyond ASCII before the `@` (RFC 6531), as business
    /// databases hold them: `" Amélie.Lefèvre@Example.COM "`.
    pub fn parse_international(text: &str) -> Option<Self> {
        Self::parse_as(text, INTERNATIONAL.as_ref()?)
    }

    fn parse_as(text: &str, syntax: &Regex) -> Option<Self> {
        // One `@` as typed: a full-width one is not a way to write it, nor to hide a second one.
        if text.len() > MAX_RAW_OCTETS || text.bytes().filter(|&b| b == b'@').count() != 1 {
            return None;
        }
        let address = normal_form(text);
        (address.len() <= MAX_OCTETS && syntax.is_match(&address)).then_some(Self(address))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands after the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// Lower-casing can undo the composition, hence the second pass.
pub fn normal_form(text: &str) -> String {
    text.nfkc().collect::<String>().trim().to_lowercase().nfkc().collect()
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for EmailAddress {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ascii(text: &str) -> Option<String> {
        EmailAddress::parse(text).map(String::from)
    }

    fn international(text: &str) -> Option<String> {
        EmailAddress::parse_international(text).map(String::from)
    }

    #[test]
    fn there_is_one_form_however_it_is_typed() {
        for typed in
            ["alice@example.fr", " Alice@Example.FR ", "ALICE@EXAMPLE.FR\r\n", "ａｌｉｃｅ@example.fr"]
        {
            assert_eq!(ascii(typed).as_deref(), Some("alice@example.fr"), "{typed:?}");
        }
    }

    #[test]
    fn the_syntax_is_the_one_better_auth_checks() {
        for good in ["a@b.co", "o'brien+x@a-b.example", "a.b_c-d@x.y.zz", "_@x1.fr", "a-@1.fr"] {
            assert_eq!(ascii(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "@",
            "a",
            "a@b",
            "a@b.c",
            "a@b.c1",
            ".a@b.fr",
            "a.@b.fr",
            "a..b@b.fr",
            "o'@b.fr",
            "a@.fr",
            "a@-b.fr",
            "a@b..fr",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a!b@c.fr",
            "a@b.fr.",
            "amélie@example.fr",
        ] {
            assert_eq!(ascii(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn two_addresses_are_not_one() {
        for bad in ["a@x.fr,b@y.fr", "a@x.fr;b@y.fr", "a@x.fr b@y.fr", "a@x.fr，b@y.fr", "a@x.fr\nb@y.fr"] {
            assert_eq!((ascii(bad), international(bad)), (None, None), "{bad:?}");
        }
    }

    #[test]
    fn no_other_at_sign_slips_through() {
        for bad in ["a＠x.fr", "a﹫x.fr", "a@x.fr＠evil.example", "a＠evil.example@x.fr", "a@@x.fr"] {
            assert_eq!((ascii(bad), international(bad)), (None, None), "{bad:?}");
        }
    }

    #[test]
    fn quoted_local_parts_names_and_line_breaks_are_refused() {
        for bad in [
            "\"a@evil.tld x\"@good.fr",
            "\"a\"@good.fr",
            "Alice <a@x.fr>",
            "<a@x.fr>",
            "a(c)@x.fr",
            "a@x.fr\r\nbcc: b@y.fr",
            "a\r\n@x.fr",
            "a\0@x.fr",
            "a@x.fr\0",
            "a%b@x.fr",
            "a\u{200d}b@x.fr",
            "a\u{ad}b@x.fr",
        ] {
            assert_eq!((ascii(bad), international(bad)), (None, None), "{bad:?}");
        }
    }

    #[test]
    fn business_databases_may_hold_letters_beyond_ascii() {
        let typed = " Amélie.Lefèvre@Example.COM ";
        assert_eq!(international(typed).as_deref(), Some("amélie.lefèvre@example.com"));
        assert_eq!(ascii(typed), None);
        // Composed or not, it is the same address.
        assert_eq!(international("Ame\u{301}lie@x.fr"), international("amélie@x.fr"));
        assert_eq!(international("alice@exämple.fr"), None, "domains come in their ASCII form");
        assert_eq!(international("alice@xn--exmple-cua.fr").as_deref(), Some("alice@xn--exmple-cua.fr"));
    }

    #[test]
    fn the_normal_form_is_its_own_normal_form() {
        for typed in ["ÉLODIE@x.fr", "ﬁn@x.fr", "\u{212a}im@x.fr", "Ǆ@x.fr", "Straße@x.fr", "ΣΑΣ@x.gr"]
        {
            let once = international(typed).unwrap();
            assert_eq!(international(&once).as_deref(), Some(once.as_str()));
        }
    }

    #[test]
    fn the_length_is_bounded() {
        let of_length = |n: usize| format!("{}@example.fr", "a".repeat(n - "@example.fr".len()));
        assert!(ascii(&of_length(254)).is_some());
        assert_eq!(ascii(&of_length(255)), None);
        assert_eq!(ascii(&format!("{}a@x.fr", " ".repeat(2000))), None);
    }
}
