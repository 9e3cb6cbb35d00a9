//! `[plugins.passkey]`, and what follows from it: who asks (the relying party), and at which origins.

use guichet_core::config::{Config, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// Settings of passkeys.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The domain that passkeys are bound to: the base URL's host, or a domain above it. Passkeys made under another
    /// one are lost. Default: the base URL's host.
    pub rp_id: Option<String>,
    /// What authenticators call us. Default: `app_name`.
    pub rp_name: Option<String>,
    /// Further origins whose pages may use passkeys, beside the base URL's: `https://app.example.com`, or
    /// `android:apk-key-hash:…`. Compared whole. Default: those of `trusted_origins` that are no patterns and on the domain.
    pub origins: Option<Vec<String>>,
    /// `required`: the authenticator checks who holds it (a PIN, a finger, a face), so that a passkey is two factors.
    /// `preferred` (parity) takes it without, as one factor.
    pub user_verification: UserVerification,
    /// How long a challenge is good (at most 10 minutes).
    pub challenge_expires_in: Span,
    /// Whether a passkey is removed after a recent sign-in only; `false` takes any session (parity).
    pub remove_needs_fresh: bool,
    /// Whether people get a mail when a passkey is added to their account or removed.
    pub tell_of_changes: bool,
}

/// Whether the authenticator must check who holds it (WebAuthn Level 3, section 5.8.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UserVerification {
    /// It must.
    Required,
    /// It should.
    Preferred,
}

impl UserVerification {
    /// Its text on the wire.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Preferred => "preferred",
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rp_id: None,
            rp_name: None,
            origins: None,
            user_verification: UserVerification::Required,
            challenge_expires_in: Span::minutes(5),
            remove_needs_fresh: true,
            tell_of_changes: true,
        }
    }
}

/// Who asks, and where.
#[derive(Debug, Clone)]
pub(crate) struct Party {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Compared whole with what the browser says.
    pub(crate) origins: Vec<String>,
}

impl Party {
    /// Reads the settings; the error names the key.
    pub(crate) fn new(options: &Options, config: &Config) -> Result<Self, String> {
        if options.challenge_expires_in > Span::minutes(10)
            || options.challenge_expires_in < Span::seconds(30)
        {
            return Err("challenge_expires_in must be between 30s and 10m".to_owned());
        }
        let base = &config.base_url;
        let host = base.host_str().unwrap_or_default();
        let id = options.rp_id.clone().unwrap_or_else(|| host.to_owned());
        if !is_within(base, &id) {
            return Err(format!(
                "rp_id: {id:?} is neither the base URL's host ({host}) nor a domain above it"
            ));
        }
        let mut origins = vec![base.origin().ascii_serialization()];
        match &options.origins {
            Some(given) => {
                for given in given {
                    origins.push(origin(given, &id).ok_or_else(|| {
                        format!(
                            "origins: {given:?} is no origin on {id} or below, over https or on this machine"
                        )
                    })?);
                }
            }
            // Who may act with the session's cookie may ask for a passkey; a pattern names no origin.
            None => origins.extend(config.trusted_origins.iter().filter_map(|given| origin(given, &id))),
        }
        let name = options.rp_name.clone().unwrap_or_else(|| config.app_name.clone());
        Ok(Self { id, name, origins })
    }
}

/// Whether a page at `url` may use passkeys of `id`: its own host, or a domain above it by whole labels.
fn is_within(url: &Url, id: &str) -> bool {
    match url.host() {
        Some(Host::Domain(host)) => {
            host == id
                || ((id.contains('.') || id == "localhost")
                    && host.strip_suffix(id).is_some_and(|before| before.ends_with('.')))
        }
        Some(host) => host.to_string() == id,
        None => false,
    }
}

fn origin(given: &str, id: &str) -> Option<String> {
    // What Android calls the origin of an application: its signing key, which only the operating system can say.
    if let Some(hash) = given.strip_prefix("android:apk-key-hash:") {
        let plain = hash.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        return (plain && hash.len() == 43).then(|| given.to_owned());
    }
    let url = Url::parse(given).ok()?;
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let is_plain = url.username().is_empty() && url.password().is_none();
    let host = url.host_str()?;
    let is_here = host == "localhost" || host.ends_with(".localhost");
    // No browser says a pattern; it would only look as if it were held against one.
    let is_pattern = given.contains(['*', '?']);
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_here);
    (!is_pattern && is_bare && is_plain && is_safe && is_within(&url, id))
        .then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_on_the_domain_by_whole_labels() {
        for (given, said) in [
            ("https://example.com", Some("https://example.com")),
            ("https://App.example.com/", Some("https://app.example.com")),
            ("https://example.com:8443", Some("https://example.com:8443")),
            ("https://badexample.com", None),
            ("https://example.com.evil.test", None),
            ("http://example.com", None),
            ("https://example.com/path", None),
            ("https://user@example.com", None),
            ("https://*.example.com", None),
            ("android:apk-key-hash:short", None),
        ] {
            assert_eq!(origin(given, "example.com").as_deref(), said, "{given}");
        }
        let hash = format!("android:apk-key-hash:{}", "a".repeat(43));
        assert_eq!(origin(&hash, "example.com").as_deref(), Some(hash.as_str()));
        for here in ["http://localhost:5173", "http://app.localhost:5173"] {
            assert_eq!(origin(here, "localhost").as_deref(), Some(here));
        }
        assert_eq!(origin("http://badlocalhost:5173", "localhost"), None);
    }

    #[test]
    fn a_domain_above_is_one_by_whole_labels() {
        let at = |url: &str, id: &str| is_within(&Url::parse(url).unwrap(), id);
        assert!(at("https://auth.example.com", "auth.example.com"));
        assert!(at("https://auth.example.com", "example.com"));
        for id in ["com", "ample.com", "other.com", "", ".example.com", "www.auth.example.com"] {
            assert!(!at("https://auth.example.com", id), "{id}");
        }
        assert!(at("http://127.0.0.1:3000", "127.0.0.1"));
        assert!(!at("http://127.0.0.1:3000", "0.0.1"));
    }
}
