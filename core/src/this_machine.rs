//! What need not be encrypted on its way, because it goes nowhere.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Url;

/// Whether what is sent there cannot be read on the way: https, or http to this machine ([`is_here`]).
pub fn is_https_or_here(url: &Url) -> bool {
    match url.scheme() {
        "https" => url.has_host(),
        "http" => url.host_str().is_some_and(is_here),
        _ => false,
    }
}

/// An address of the settings to which secrets, or words about people, are sent. An error says what it must be, to stand behind
/// the name of its key; it repeats nothing of the address, which may hold a secret.
pub fn safe_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("is not an address: {error}"))?;
    if is_https_or_here(&url) { Ok(url) } else { Err(MUST_BE.to_owned()) }
}

const MUST_BE: &str = "must begin with https:// (http:// only to localhost, 127.0.0.1 or [::1])";

/// Whether a host, as a URL or a setting names it, is this machine: `localhost`, `127.0.0.1` or `::1`, in brackets or
/// not. A name below `localhost` is not: where it leads is up to the resolver, which among containers is another one.
pub fn is_here(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost")
        || bare.parse().is_ok_and(|address: IpAddr| {
            address == IpAddr::V4(Ipv4Addr::LOCALHOST) || address == IpAddr::V6(Ipv6Addr::LOCALHOST)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_goes_anywhere_and_http_nowhere() {
        for (url, good) in [
            ("https://example.com/x", true),
            ("https://10.0.0.1", true),
            ("http://localhost:8080/x", true),
            ("http://LOCALHOST", true),
            ("http://127.0.0.1:3000", true),
            // Other spellings of the same address, which the URL's reader knows.
            ("http://127.1", true),
            ("http://0x7f000001", true),
            ("http://[::1]:3000", true),
            ("http://[0:0:0:0:0:0:0:1]", true),
            ("http://user@localhost", true),
            ("http://example.com", false),
            ("http://app.localhost", false),
            ("http://localhost.example.com", false),
            ("http://localhost.", false),
            ("http://localhost@example.com", false),
            ("http://127.0.0.1.example.com", false),
            ("http://127.0.0.2", false),
            ("http://0.0.0.0", false),
            ("http://10.0.0.1", false),
            ("http://[::]", false),
            ("http://[::ffff:127.0.0.1]", false),
            ("ftp://localhost", false),
            ("ws://localhost", false),
            ("file:///etc/passwd", false),
            ("file://localhost/etc/passwd", false),
            ("data:text/plain,x", false),
        ] {
            assert_eq!(is_https_or_here(&Url::parse(url).unwrap()), good, "{url}");
        }
    }

    #[test]
    fn an_unsafe_address_is_refused_without_repeating_it() {
        assert_eq!(
            safe_url("https://example.com/x?token=t").unwrap().as_str(),
            "https://example.com/x?token=t"
        );
        assert_eq!(safe_url("http://example.com/x?token=t").unwrap_err(), MUST_BE);
        assert_eq!(safe_url("token").unwrap_err(), "is not an address: relative URL without a base");
    }

    #[test]
    fn a_host_of_a_setting_has_no_brackets() {
        for host in ["localhost", "Localhost", "127.0.0.1", "::1", "[::1]"] {
            assert!(is_here(host), "{host}");
        }
        for host in ["", "::", "[::1", "127.1", "127.0.0.1:25", "mail.localhost", "h.example", " localhost"] {
            assert!(!is_here(host), "{host}");
        }
    }
}
