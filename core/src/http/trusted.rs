//! Which origins and return addresses are trusted: parsed and compared, never by prefix (contract, section 4).

use regex::Regex;
use url::Url;

use super::content_policy;

/// The origins that are trusted: the base URL's own, and the configured patterns.
#[derive(Debug, Clone)]
pub struct Trusted {
    base: Url,
    patterns: Vec<Pattern>,
    sources: Vec<String>,
}

#[derive(Debug, Clone)]
enum Pattern {
    /// `https://app.example.fr`: the origin must be equal.
    Origin(String),
    /// `https://*.example.fr`: a glob on the origin.
    OriginGlob(Regex),
    /// `*.example.fr`: a glob on the host.
    HostGlob(Regex),
    /// `myapp://callback`: scheme, and authority and path below when given.
    App { scheme: String, authority: String, path: String },
}

/// A pattern in the configuration that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("trusted origin {0:?} is not an origin such as https://app.example.fr or https://*.example.fr")]
pub struct BadPattern(String);

impl Trusted {
    /// The base URL and the patterns.
    pub fn new(base: &Url, patterns: &[String]) -> Result<Self, BadPattern> {
        let sources = patterns.iter().flat_map(|pattern| content_policy::sources(pattern)).collect();
        let patterns = patterns.iter().map(|p| Pattern::read(p)).collect::<Result<_, _>>()?;
        Ok(Self { base: base.clone(), patterns, sources })
    }

    /// The trusted origins as sources of a content policy, as far as one can say them.
    pub(super) fn sources(&self) -> &[String] {
        &self.sources
    }

    /// Whether an `Origin` (or the origin of a `Referer`) is trusted.
    pub fn origin(&self, value: &str) -> bool {
        !value.starts_with('/') && self.absolute(value)
    }

    /// Whether a browser may be sent to `value`: a path of our own, or an address on a trusted origin.
    pub fn target(&self, value: &str) -> bool {
        if value.starts_with('/') { self.path(value) } else { self.absolute(value) }
    }

    fn path(&self, value: &str) -> bool {
        let path = value.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        !value.starts_with("//")
            && !value.contains('\\')
            && !value.chars().any(char::is_control)
            && !path.contains("%2f")
            && !path.contains("%5c")
            && self.base.join(value).is_ok_and(|url| url.origin() == self.base.origin())
    }

    fn absolute(&self, value: &str) -> bool {
        // A URL parser forgives what a browser might read otherwise.
        if value.chars().any(|c| c.is_control() || c == '\\') {
            return false;
        }
        let Ok(url) = Url::parse(value) else { return false };
        let web = matches!(url.scheme(), "http" | "https");
        if web && !has_authority(value) {
            return false;
        }
        let origin = url.origin().ascii_serialization();
        (web && url.origin() == self.base.origin())
            || self.patterns.iter().any(|pattern| pattern.matches(&url, &origin, web))
    }
}

/// `http:evil.test` is read as a web address by lenient parsers; only `http://…` is meant as one.
fn has_authority(value: &str) -> bool {
    value.split_once(':').is_some_and(|(_, rest)| rest.starts_with("//") && !rest.starts_with("///"))
}

impl Pattern {
    fn read(text: &str) -> Result<Self, BadPattern> {
        let bad = || BadPattern(text.to_owned());
        let text = text.trim();
        if text.contains(['*', '?']) {
            let glob = glob(text.trim_end_matches('/')).map_err(|_| bad())?;
            return Ok(if text.contains("://") { Self::OriginGlob(glob) } else { Self::HostGlob(glob) });
        }
        let url = Url::parse(text).map_err(|_| bad())?;
        match url.scheme() {
            "http" | "https" if url.host().is_some() => Ok(Self::Origin(url.origin().ascii_serialization())),
            "http" | "https" | "javascript" | "data" | "vbscript" | "file" | "blob" => Err(bad()),
            scheme => Ok(Self::App {
                scheme: scheme.to_owned(),
                authority: url.authority().to_owned(),
                path: url.path().trim_end_matches('/').to_owned(),
            }),
        }
    }

    fn matches(&self, url: &Url, origin: &str, web: bool) -> bool {
        match self {
            Self::Origin(trusted) => web && origin == trusted,
            Self::OriginGlob(glob) => web && glob.is_match(origin),
            Self::HostGlob(glob) => web && url.host_str().is_some_and(|host| glob.is_match(host)),
            Self::App { scheme, authority, path } => {
                url.scheme() == scheme
                    && (authority.is_empty() || url.authority() == authority)
                    && url
                        .path()
                        .strip_prefix(path.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
        }
    }
}

/// `*` matches anything but `/`, `?` one character but `/`.
fn glob(text: &str) -> Result<Regex, regex::Error> {
    let body = regex::escape(&text.to_ascii_lowercase()).replace(r"\*", "[^/]*").replace(r"\?", "[^/]");
    Regex::new(&format!("^{body}$"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trusted(patterns: &[&str]) -> Trusted {
        let patterns: Vec<String> = patterns.iter().map(|&p| p.to_owned()).collect();
        Trusted::new(&Url::parse("http://localhost:3000").unwrap(), &patterns).unwrap()
    }

    #[test]
    fn paths_of_our_own_pass_and_disguised_hosts_do_not() {
        let t = trusted(&[]);
        for good in ["/", "/ok?x=1#y", "/a b", "/@x", "/x:y", "/a/../b", "/x?next=//evil", "/%", "/é"] {
            assert!(t.target(good), "{good}");
        }
        for bad in [
            "//evil.test",
            "///evil.test",
            "/\\evil.test",
            "\\evil",
            "/%2fevil",
            "/%5Cevil",
            "/\tevil",
            "/ok\n",
            "ok",
            "?x",
            "#x",
            " ",
        ] {
            assert!(!t.target(bad), "{bad}");
        }
    }

    #[test]
    fn an_origin_must_be_equal_not_similar() {
        let t = trusted(&["http://app.localhost:5173"]);
        for good in [
            "http://app.localhost:5173",
            "HTTP://APP.LOCALHOST:5173/x",
            "http://user:pw@app.localhost:5173/",
            "http://localhost:3000/own",
        ] {
            assert!(t.target(good), "{good}");
        }
        for bad in [
            "https://evil.test",
            "http:evil.test",
            "javascript:alert(1)",
            "data:text/html,x",
            "http://app.localhost:5173@evil.test",
            "http://app.localhost:5173.evil.test/",
            "https://app.localhost:5173/",
            "http://app.localhost/",
            "myapp://cb",
        ] {
            assert!(!t.target(bad), "{bad}");
        }
        assert!(!t.origin("/ok"));
    }

    #[test]
    fn stars_match_within_a_host_and_nothing_more() {
        let t = trusted(&["https://*.example.fr"]);
        assert!(t.origin("https://a.example.fr"));
        assert!(!t.origin("https://example.fr") && !t.origin("https://a.example.fr.evil.test"));
        assert!(!t.origin("http://a.example.fr") && !t.origin("https://evil.test/.example.fr"));
        assert!(trusted(&["*.example.fr"]).origin("http://a.example.fr:8080"));
    }

    #[test]
    fn an_apps_own_scheme_may_be_trusted_and_a_scripting_one_never() {
        let t = trusted(&["myapp://callback/in"]);
        assert!(t.target("myapp://callback/in/side") && !t.target("myapp://other/in"));
        assert!(!t.target("myapp://callback/inside"));
        assert!(Trusted::new(&Url::parse("http://l").unwrap(), &["javascript:x".to_owned()]).is_err());
    }
}
