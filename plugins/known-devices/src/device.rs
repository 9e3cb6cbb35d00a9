//! What somebody signs in from, and how it is known again.
//!
//! A browser holds a random name in a signed cookie. Everything else that it says of itself is the same in millions of
//! browsers, and whoever stole a password can say it too.
//!
//! Programs keep no cookies, or do not send them; a mail for every sign-in would teach their owners to read none. They
//! are known by the name that they give themselves, without its numbers, so that an update is no new device. Who guesses
//! which program an account is used by, and calls itself that, is not told of. That is why a browser's word for itself
//! does not count where it could have had a cookie, and counts only together with its address where it could not.

use guichet_core::http::Visit;
use guichet_core::keyring::RandomName;

/// The cookie.
const COOKIE: &str = "known_device";
/// What it holds: 190 bits.
const NAME: RandomName = RandomName { prefix: "device-", length: 32 };

/// What signs in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Device {
    /// A browser that brings this name along.
    Named(String),
    /// A browser without one.
    Nameless,
    /// Something that keeps no cookies, by what is known of it.
    Cookieless(String),
}

impl Device {
    pub(crate) fn of(visit: &Visit) -> Self {
        let agent = visit.user_agent();
        if !is_browser(agent) {
            return Self::Cookieless(format!("program:{}", without_numbers(agent)));
        }
        if visit.is_without_cookies() {
            return Self::Cookieless(format!("browser:{}:{}", visit.address(), without_numbers(agent)));
        }
        let name = visit.signed_cookie(COOKIE);
        name.filter(|name| NAME.is_one(name)).map_or(Self::Nameless, Self::Named)
    }
}

/// A name for a browser that has none.
pub(crate) fn new_name(visit: &Visit) -> String {
    NAME.draw(&visit.app().keyring)
}

/// The browser keeps this name, from now on for `life`.
pub(crate) fn keep(visit: &Visit, name: &str, life: std::time::Duration) {
    visit.set_signed_cookie(COOKIE, name, Some(life));
}

/// Every browser of the last twenty-five years begins like this (RFC 9110, section 10.1.5, has programs name themselves).
fn is_browser(agent: &str) -> bool {
    agent.starts_with("Mozilla/")
}

fn without_numbers(agent: &str) -> String {
    agent.chars().filter(|c| !c.is_ascii_digit() && *c != '.').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_is_the_same_program_and_another_program_is_not() {
        assert_eq!(without_numbers("python-requests/2.31.0"), without_numbers("python-requests/2.9"));
        assert_ne!(without_numbers("curl/8.5.0"), without_numbers("okhttp/8.5.0"));
    }
}
