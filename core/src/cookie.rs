//! Cookies exactly as the contract has them (section 2).

use std::time::Duration;

use cookie::{Cookie, SameSite};
use percent_encoding::percent_decode_str;

use crate::uri_component::component;

/// The cookie of the session.
pub const SESSION_TOKEN: &str = "session_token";
/// The cookie that caches session and user.
pub const SESSION_DATA: &str = "session_data";
/// Says that the session ends with the browser.
pub const DONT_REMEMBER: &str = "dont_remember";

/// How cookies are named and marked: decided by the public base URL alone, never by the request.
#[derive(Debug, Clone)]
pub struct CookieStyle {
    prefix: String,
    secure: bool,
}

impl CookieStyle {
    /// `prefix` is `better-auth` unless configured; `secure` when the base URL is https.
    pub fn new(prefix: &str, secure: bool) -> Self {
        Self { prefix: prefix.to_owned(), secure }
    }

    /// `session_token` → `better-auth.session_token`, with `__Secure-` in front on https.
    pub fn name(&self, short: &str) -> String {
        format!("{}{}.{short}", if self.secure { "__Secure-" } else { "" }, self.prefix)
    }

    /// A cookie to set. `life` of `None` ends with the browser. The value is percent-encoded.
    pub fn cookie(&self, short: &str, value: &str, life: Option<Duration>) -> Cookie<'static> {
        let value = component(value);
        let mut cookie = Cookie::build((self.name(short), value))
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .build();
        // `secure(false)` would print nothing; leaving it unset keeps equality with the contract.
        cookie.set_max_age(life.and_then(|span| time::Duration::try_from(span).ok()));
        cookie
    }

    /// A cookie that makes the browser forget it.
    pub fn removal(&self, short: &str) -> Cookie<'static> {
        self.cookie(short, "", Some(Duration::ZERO))
    }
}

/// Reads the cookie `name` from `Cookie` headers: the first one of a name wins, quotes are stripped, and what
/// cannot be percent-decoded is kept as it is.
pub fn read(headers: &http::HeaderMap, name: &str) -> Option<String> {
    pairs(headers).find(|(key, _)| *key == name).map(|(_, value)| decoded(value))
}

/// Every cookie whose name begins with `prefix`, by what follows in its name; the first one of a name wins.
pub fn read_all(headers: &http::HeaderMap, prefix: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for (rest, value) in pairs(headers).filter_map(|(key, value)| Some((key.strip_prefix(prefix)?, value))) {
        if all.len() < MOST_OF_A_KIND && !all.iter().any(|(known, _)| known == rest) {
            all.push((rest.to_owned(), decoded(value)));
        }
    }
    all
}

/// More cookies of one kind than this are nobody's.
const MOST_OF_A_KIND: usize = 64;

fn pairs(headers: &http::HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(http::header::COOKIE)
        .iter()
        // Each pair by itself: a neighbour's cookie with letters beyond ASCII must not hide ours.
        .flat_map(|header| header.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| std::str::from_utf8(pair).ok()?.split_once('='))
        .map(|(key, value)| (key.trim(), value.trim()))
}

/// A cookie's value without quotes and escapes.
pub(crate) fn decoded(value: &str) -> String {
    let value = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value);
    percent_decode_str(value).decode_utf8().map_or_else(|_| value.to_owned(), Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_https_the_name_says_so() {
        assert_eq!(CookieStyle::new("better-auth", false).name("state"), "better-auth.state");
        assert_eq!(CookieStyle::new("better-auth", true).name("state"), "__Secure-better-auth.state");
    }

    #[test]
    fn attributes_are_those_of_the_contract() {
        let style = CookieStyle::new("better-auth", true);
        let text = style.cookie(SESSION_TOKEN, "a.b+/=", Some(Duration::from_secs(604_800))).to_string();
        assert!(text.starts_with("__Secure-better-auth.session_token=a.b%2B%2F%3D;"), "{text}");
        for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=604800"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!CookieStyle::new("x", false).cookie("y", "z", None).to_string().contains("Max-Age"));
    }

    #[test]
    fn the_first_of_a_name_wins_and_quotes_and_garbage_are_survived() {
        let mut headers = http::HeaderMap::new();
        headers.insert("cookie", "a=1; b=\"two%20\"; a=3; c=%E0%A4%A".parse().unwrap());
        assert_eq!(read(&headers, "a").as_deref(), Some("1"));
        assert_eq!(read(&headers, "b").as_deref(), Some("two "));
        assert_eq!(read(&headers, "c").as_deref(), Some("%E0%A4%A"));
        assert_eq!(read(&headers, "d"), None);
    }

    #[test]
    fn a_neighbour_beyond_ascii_hides_nothing() {
        let mut headers = http::HeaderMap::new();
        let line = b"name=Am\xc3\xa9lie; a=1; latin=\xe9; b=2";
        headers.insert("cookie", http::HeaderValue::from_bytes(line).unwrap());
        assert_eq!(read(&headers, "a").as_deref(), Some("1"));
        assert_eq!(read(&headers, "b").as_deref(), Some("2"));
        assert_eq!(read(&headers, "name").as_deref(), Some("Amélie"));
    }

    #[test]
    fn cookies_of_one_kind_are_found_by_how_their_names_begin() {
        let mut headers = http::HeaderMap::new();
        headers.insert("cookie", "m-a=1; x=2; m-b=3; m-a=4".parse().unwrap());
        let found = [("a", "1"), ("b", "3")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(read_all(&headers, "m-"), found);
    }
}
