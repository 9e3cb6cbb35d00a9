//! The range search: one question, and an answer of `SUFFIX:COUNT` lines.

use std::time::Duration;

use guichet_core::app::App;
use guichet_core::outbound::OutboundError;
use http::StatusCode;
use sha1::{Digest, Sha1};
use subtle::{Choice, ConstantTimeEq};

/// How many of the hash's 40 characters leave.
const PREFIX: usize = 5;
const SUFFIX: usize = 40 - PREFIX;

/// Why the list could not be asked. Holds nothing of the password.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error(transparent)]
    Unreachable(#[from] OutboundError),
    #[error("it answered {0}")]
    Status(StatusCode),
    #[error("its answer is not a list of suffixes and counts")]
    Unreadable,
    #[error("the request cannot be made: {0}")]
    Request(#[from] http::Error),
}

/// Whether the list at `url` holds `password`.
pub(crate) async fn is_breached(
    app: &App,
    url: &str,
    timeout: Duration,
    password: &str,
) -> Result<bool, Trouble> {
    let hash = hex::encode_upper(Sha1::digest(password.as_bytes()));
    let (prefix, suffix) = hash.split_at(PREFIX);
    // Padding hides from the wire which range it was: all answers have about the same size.
    let request =
        http::Request::get(format!("{url}/range/{prefix}")).header("add-padding", "true").body(Vec::new())?;
    let answer = app.outbound.send_within(request, Some(timeout)).await?;
    if answer.status != StatusCode::OK {
        return Err(Trouble::Status(answer.status));
    }
    holds(&answer.body, suffix).ok_or(Trouble::Unreadable)
}

/// Whether a list holds `suffix` more than zero times; zeros are padding. `None` for what is no such list. Every line is
/// read and compared, whichever matches.
fn holds(list: &[u8], suffix: &str) -> Option<bool> {
    let mut found = Choice::from(0);
    let mut lines = 0_usize;
    for line in std::str::from_utf8(list).ok()?.lines() {
        let (listed, count) = line.trim_end().split_once(':')?;
        let count: u64 = count.parse().ok()?;
        if listed.len() != SUFFIX || !listed.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        found |= listed.to_ascii_uppercase().as_bytes().ct_eq(suffix.as_bytes())
            & Choice::from(u8::from(count > 0));
        lines += 1;
    }
    // Every range of the real list holds hundreds: an empty answer is none.
    (lines > 0).then(|| found.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINE: &str = "0123456789ABCDEF0123456789ABCDEF012";
    const OTHER: &str = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF";

    #[test]
    fn a_suffix_is_found_in_any_case_and_on_any_line_and_padding_is_not() {
        for (list, expected) in [
            (format!("{OTHER}:3\r\n{MINE}:2"), Some(true)),
            (format!("{}:2\n{OTHER}:1\n", MINE.to_lowercase()), Some(true)),
            (format!("{MINE}:0\r\n{OTHER}:3"), Some(false)),
            (format!("{OTHER}:3"), Some(false)),
        ] {
            assert_eq!(holds(list.as_bytes(), MINE), expected, "{list}");
        }
    }

    #[test]
    fn what_is_no_list_is_none() {
        for list in [
            "",
            "<html>",
            "\n",
            "0123:4",
            &format!("{MINE}:-1"),
            &format!("{MINE}:many"),
            &format!("{MINE}0:1"),
        ] {
            assert_eq!(holds(list.as_bytes(), MINE), None, "{list}");
        }
        assert_eq!(holds(&[0xff, 0xfe], MINE), None);
    }
}
