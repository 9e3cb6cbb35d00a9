//! Codes of an authenticator (RFC 6238): SHA-1, six digits, thirty seconds, one step of skew to either side. The key is
//! the ASCII bytes of the secret's 32 characters (contract, section 12).

use guichet_core::http::component;
use guichet_core::keyring::equal_in_constant_time;
use guichet_core::timestamp::Timestamp;
use totp_rs::{Algorithm, Secret, TOTP};
use url::form_urlencoded;

const DIGITS: usize = 6;
const PERIOD: u64 = 30;
/// How many steps a clock may be off, to either side.
const SKEW: i64 = 1;

fn of(secret: &str) -> TOTP {
    // Unchecked, because a taken-over secret may be shorter than RFC 4226 asks for: refusing it would lock its owner out.
    TOTP::new_unchecked(Algorithm::SHA1, DIGITS, 1, PERIOD, secret.as_bytes().to_vec())
}

/// The time step that `code` belongs to, when it is right at `now` and later than `after`. Every step of the window is
/// compared, whichever is right.
pub(crate) fn step_of(secret: &str, code: &str, now: Timestamp, after: Option<i64>) -> Option<i64> {
    let totp = of(secret);
    let current = now.millis().div_euclid(1000 * 30);
    let mut found = None;
    for step in (current - SKEW)..=(current + SKEW) {
        let Ok(at) = u64::try_from(step) else { continue };
        let right = equal_in_constant_time(&totp.generate(at * PERIOD), code);
        if right && after.is_none_or(|last| step > last) {
            found = Some(step);
        }
    }
    found
}

/// The secret as apps read it: Base32 without padding.
pub(crate) fn base32(secret: &str) -> String {
    Secret::Raw(secret.as_bytes().to_vec()).to_encoded().to_string()
}

/// What apps scan, in Better Auth's form: the label percent-encoded, the query as forms encode it.
pub(crate) fn uri(secret: &str, issuer: &str, account: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("secret", &base32(secret))
        .append_pair("issuer", issuer)
        .append_pair("digits", &DIGITS.to_string())
        .append_pair("period", &PERIOD.to_string())
        .finish();
    format!("otpauth://totp/{}:{}?{query}", component(issuer), component(account))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "12345678901234567890";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000).unwrap()
    }

    /// RFC 6238, appendix B, for SHA-1; the last six of its eight digits, which truncation leaves as they are.
    const VECTORS: [(i64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];

    /// Wishes: 68.
    #[test]
    fn the_vectors_of_rfc_6238_are_right() {
        for (seconds, code) in VECTORS {
            assert_eq!(step_of(SECRET, code, at(seconds), None), Some(seconds / 30), "at {seconds}");
        }
    }

    #[test]
    fn a_step_to_either_side_is_right_and_two_are_not() {
        for (offset, right) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            let found = step_of(SECRET, "005924", at(1_234_567_890 + offset), None);
            assert_eq!(found, right.then_some(1_234_567_890 / 30), "{offset} seconds off");
        }
    }

    #[test]
    fn a_step_that_was_accepted_is_not_again_and_nor_is_an_earlier_one() {
        let step = 1_234_567_890 / 30;
        let found = |after| step_of(SECRET, "005924", at(1_234_567_890), after);
        assert_eq!(found(Some(step - 1)), Some(step));
        assert_eq!(found(Some(step)), None);
        assert_eq!(found(Some(step + 1)), None);
    }

    #[test]
    fn what_is_no_code_is_wrong() {
        for code in ["", "abcdef", "00592", "0059240", "005924 ", "\u{660}05924"] {
            assert_eq!(step_of(SECRET, code, at(1_234_567_890), None), None, "{code:?}");
        }
    }

    #[test]
    fn the_address_is_better_auths() {
        let secret = "abcdefghijklmnopqrstuvwxyz012345";
        let uri = uri(secret, "My App", "jean+test@example.com");
        assert_eq!(
            uri,
            "otpauth://totp/My%20App:jean%2Btest%40example.com?secret=MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43UOV3HO6DZPIYDCMRTGQ2Q&issuer=My+App&digits=6&period=30"
        );
    }
}
