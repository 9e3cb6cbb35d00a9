//! What a browser may load and do on our answers (Content Security Policy Level 3).

use http::HeaderValue;
use url::Url;

use super::visit::Visit;

/// Pages load style sheets and scripts of our own, which ask nobody but ourselves, and post to ourselves.
pub(super) const STRICT: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
     img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The policy of a page whose forms may end elsewhere: browsers hold `form-action` against every redirect that follows
/// a form, not only against the form's own address. Allows the trusted origins, the origin of `target`, which is
/// trusted too but perhaps by a pattern that a policy cannot say, and where the plugins' forms lead (providers).
pub(super) fn leading_to(visit: &Visit, target: Option<&str>) -> HeaderValue {
    let trusted = visit.app().trusted.sources();
    let app = visit.app();
    let elsewhere = app.forms.iter().flat_map(|form| form.leads_to());
    let elsewhere = elsewhere.chain(app.account_sections.iter().flat_map(|section| section.leads_to()));
    let mut further: Vec<String> = Vec::new();
    for source in target.and_then(source).into_iter().chain(elsewhere.filter_map(|url| source(&url))) {
        if !trusted.contains(&source) && !further.contains(&source) {
            further.push(source);
        }
    }
    let allowed: Vec<&str> =
        ["'self'"].into_iter().chain(trusted.iter().chain(&further).map(String::as_str)).collect();
    let policy = STRICT.replace("form-action 'self'", &format!("form-action {}", allowed.join(" ")));
    HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static(STRICT))
}

/// The origin of an absolute address, or the scheme of an application's own; a path has none.
fn source(target: &str) -> Option<String> {
    let url = Url::parse(target).ok()?;
    match url.scheme() {
        "http" | "https" => host_source(&url.origin().ascii_serialization()),
        scheme => Some(format!("{scheme}:")),
    }
}

/// A pattern of trusted origins as sources; none when a policy cannot say it (`https://app-*.example.fr`).
pub(super) fn sources(pattern: &str) -> Vec<String> {
    let pattern = pattern.trim().trim_end_matches('/');
    if !pattern.contains(['*', '?']) {
        return source(pattern).into_iter().collect();
    }
    if pattern.contains("://") {
        return host_source(pattern).into_iter().collect();
    }
    // A pattern without a scheme is one for hosts, whatever scheme and port.
    ["http", "https"].iter().filter_map(|scheme| host_source(&format!("{scheme}://{pattern}:*"))).collect()
}

/// `scheme://host`, `scheme://*.host`, with a port or `:*`: what the grammar of sources allows (section 2.3.1).
fn host_source(text: &str) -> Option<String> {
    let text = text.to_ascii_lowercase();
    let (scheme, rest) = text.split_once("://")?;
    let (host, port) = rest.rsplit_once(':').unwrap_or((rest, ""));
    let plain = |text: &str, also: &[u8]| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || also.contains(&b))
    };
    let said = matches!(scheme, "http" | "https")
        && plain(host.strip_prefix("*.").unwrap_or(host), b".-")
        && (port.is_empty() || port == "*" || port.bytes().all(|b| b.is_ascii_digit()));
    said.then(|| text.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_and_stars_become_sources_where_a_policy_can_say_them() {
        for (pattern, said) in [
            ("https://app.example.fr", &["https://app.example.fr"][..]),
            ("https://APP.example.fr/", &["https://app.example.fr"]),
            ("http://app.localhost:5173", &["http://app.localhost:5173"]),
            ("https://*.example.fr", &["https://*.example.fr"]),
            ("http://127.0.0.1:*", &["http://127.0.0.1:*"]),
            ("*.example.fr", &["http://*.example.fr:*", "https://*.example.fr:*"]),
            ("myapp://callback/in", &["myapp:"]),
            ("https://app-*.example.fr", &[]),
            ("https://a?.example.fr", &[]),
            ("http://[::1]:5173", &[]),
            ("https://*", &[]),
        ] {
            assert_eq!(sources(pattern), said, "{pattern}");
        }
    }

    #[test]
    fn a_target_cannot_add_directives() {
        assert_eq!(
            source("https://app-1.example.fr/x;script-src *"),
            Some("https://app-1.example.fr".into())
        );
        assert_eq!(source("/signed-in"), None);
        assert_eq!(source("https://a.fr;script-src"), None);
    }
}
