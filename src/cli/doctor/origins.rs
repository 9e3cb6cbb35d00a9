//! Trusted origins: too wide, in plain text, or on another site, where the cookie does not come along.
//!
//! A site is a scheme and a registrable domain (HTML standard, "schemelessly same site" and "same site"), by the
//! Public Suffix List.

use guichet_core::check::Check;
use guichet_core::config::Config;
use url::{Host, Url};

const NAME: &str = "origins";

/// `are_set` tells those of the settings from the ones that a server of this machine trusts by itself.
pub(super) fn check(config: &Config, are_set: bool) -> Vec<Check> {
    if !are_set {
        return vec![Check::good(NAME, "none is trusted beside the address itself")];
    }
    let mut checks: Vec<Check> = config.trusted_origins.iter().filter_map(|one| doubt(config, one)).collect();
    if checks.is_empty() {
        checks.push(Check::good(NAME, config.trusted_origins.join(", ")));
    }
    checks
}

fn doubt(config: &Config, pattern: &str) -> Option<Check> {
    let warning = |says: &str, advice: &str| Some(Check::warning(NAME, format!("{pattern} {says}"), advice));
    let (scheme, rest) = match pattern.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, pattern),
    };
    if scheme.is_some_and(|scheme| !["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web))) {
        // An application's own scheme has no cookies of a browser.
        return None;
    }
    let host = host(rest);
    if host.contains(['*', '?']) && is_everybodys(host) {
        return Some(Check::bad(
            NAME,
            format!("{pattern} takes names that anybody can register"),
            "name your own domain: https://*.example.fr",
        ));
    }
    let here = is_here(host);
    if scheme.is_none() && !here {
        return warning("takes http too", "write it with https:// in front");
    }
    if scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http")) && config.is_https() {
        return warning(
            "is plain http: whoever is on the way reads and changes what it gets",
            "serve that application by https",
        );
    }
    if pattern.trim_end_matches('/') == config.base_url.origin().ascii_serialization() {
        return warning("is base_url itself, which is always trusted", "leave it out");
    }
    if same_site(config, scheme, host) {
        return None;
    }
    if config.plugins.contains_key("bearer") {
        return None;
    }
    warning(
        "is another site than base_url: browsers send no cookie (SameSite=Lax) with its fetch requests, only with links",
        "serve both below one domain, or switch [plugins.bearer] on and let the application send its token",
    )
}

/// Without port and path; of an IPv6 address, with its brackets.
fn host(rest: &str) -> &str {
    let host = rest.split(['/', '?']).next().unwrap_or(rest);
    let host = if rest.starts_with('?') { rest } else { host };
    match host.rfind(':') {
        Some(colon) if !host.ends_with(']') => host.get(..colon).unwrap_or(host),
        _ => host,
    }
}

/// Whether what follows the last wildcard is nobody's own: `*`, `*.fr`, `*.github.io`.
fn is_everybodys(host: &str) -> bool {
    let fixed = host.rsplit(['*', '?']).next().unwrap_or_default();
    // `*example.fr` takes evilexample.fr.
    let Some(below) = fixed.strip_prefix('.').filter(|below| !below.is_empty()) else { return true };
    !is_here(below) && psl::domain_str(below).is_none()
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "[::1]"
}

fn same_site(config: &Config, scheme: Option<&str>, host: &str) -> bool {
    if scheme.is_some_and(|scheme| !scheme.eq_ignore_ascii_case(config.base_url.scheme())) {
        return false;
    }
    // A wildcard stands for labels below the domain.
    let host = host.rsplit(['*', '?']).next().unwrap_or(host).trim_start_matches('.');
    match config.base_url.host() {
        Some(Host::Domain(ours)) => {
            let theirs = Url::parse(&format!("https://{host}")).ok();
            let theirs = theirs.as_ref().and_then(Url::host_str).unwrap_or(host);
            site(ours) == site(theirs)
        }
        Some(address) => address.to_string() == host,
        None => false,
    }
}

/// The registrable domain; of names without one (`localhost`), the name.
fn site(host: &str) -> &str {
    if is_here(host) {
        return host.rsplit('.').next().filter(|last| *last == "localhost").unwrap_or(host);
    }
    psl::domain_str(host).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(base: &str, origins: &[&str]) -> Vec<String> {
        let config = Config {
            base_url: base.parse().unwrap(),
            trusted_origins: origins.iter().map(|&one| one.to_owned()).collect(),
            ..Config::default()
        };
        check(&config, true).into_iter().map(|check| format!("{:?} {}", check.verdict, check.says)).collect()
    }

    #[test]
    fn applications_below_one_domain_are_good() {
        for good in
            ["https://app.example.fr", "https://*.example.fr", "https://example.fr:8443", "myapp://back"]
        {
            assert_eq!(said("https://auth.example.fr", &[good]), [format!("Good {good}")]);
        }
        assert_eq!(said("http://localhost:3000", &["http://localhost:5173"]), ["Good http://localhost:5173"]);
    }

    #[test]
    fn what_anybody_can_register_is_bad() {
        for wide in
            ["*", "https://*", "https://*.fr", "https://*.github.io", "*.co.uk", "https://*example.fr"]
        {
            let said = said("https://auth.example.fr", &[wide]);
            assert!(said[0].starts_with("Bad ") && said[0].contains("anybody"), "{wide}: {said:?}");
        }
    }

    #[test]
    fn another_site_gets_no_cookie() {
        for (base, origin) in [
            ("https://auth.example.fr", "https://app.example.com"),
            ("https://auth.github.io", "https://app.github.io"),
            ("http://127.0.0.1:3000", "http://localhost:5173"),
            ("http://localhost:3000", "https://localhost:5173"),
        ] {
            let said = said(base, &[origin]);
            assert!(
                said[0].starts_with("Warning ") && said[0].contains("another site"),
                "{origin}: {said:?}"
            );
        }
    }

    #[test]
    fn plain_http_and_the_own_address_are_warned_of() {
        let http = said("https://auth.example.fr", &["http://app.example.fr"]);
        assert!(http[0].contains("plain http"), "{http:?}");
        let both = said("https://auth.example.fr", &["*.example.fr", "https://auth.example.fr/"]);
        assert!(both[0].contains("takes http too") && both[1].contains("base_url itself"), "{both:?}");
    }
}
