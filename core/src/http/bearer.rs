//! `Authorization: Bearer` (RFC 6750, section 2.1).

use http::header;

use super::Visit;

impl Visit {
    /// What stands behind the scheme, in whatever case that is written; never empty.
    pub fn bearer_token(&self) -> Option<&str> {
        self.header(header::AUTHORIZATION.as_str()).and_then(credentials)
    }
}

fn credentials(header: &str) -> Option<&str> {
    let (scheme, rest) = header.split_once(' ')?;
    let rest = rest.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::credentials;

    #[test]
    fn only_a_bearers_credentials_are_read_and_nothing_malformed_is() {
        assert_eq!(credentials("Bearer abc"), Some("abc"));
        assert_eq!(credentials("bEARER   abc "), Some("abc"));
        for none in ["", " ", "Bearer", "Bearer ", "Bearer    ", "Basic abc", "Bearerabc", "é abc"] {
            assert_eq!(credentials(none), None, "{none:?}");
        }
    }
}
