//! The address at which a provider asks people who they are (RFC 6749, section 4.1.1; RFC 7636; `OpenID` Connect Core,
//! section 3.1.2.1).

use guichet_core::app::App;
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};
use url::Url;

use crate::error::ProviderError;
use crate::provider::Provider;

/// Parameters that neither clients nor settings may set.
pub(crate) const RESERVED: [&str; 8] = [
    "state",
    "client_id",
    "redirect_uri",
    "response_type",
    "code_challenge",
    "code_challenge_method",
    "nonce",
    "scope",
];

/// What is asked for.
#[derive(Debug, Default)]
pub(crate) struct Request<'a> {
    pub(crate) state: &'a str,
    pub(crate) verifier: &'a str,
    pub(crate) nonce: Option<&'a str>,
    pub(crate) scopes: &'a [String],
    pub(crate) login_hint: Option<&'a str>,
    pub(crate) parameters: &'a [(String, String)],
}

impl Provider {
    /// The redirect URI of ours, one a provider (RFC 9700, section 4.4.2).
    pub(crate) fn redirect_uri(&self, app: &App) -> String {
        app.url(&format!("{}/callback/{}", guichet_core::http::API_BASE, self.id()))
    }

    /// The address to send somebody to.
    pub(crate) async fn authorization_url(
        &self,
        app: &App,
        request: Request<'_>,
    ) -> Result<Url, ProviderError> {
        let entry = &self.entry;
        let endpoint = self.endpoints(app).await?.authorize;
        let mut url = Url::parse(&endpoint)
            .map_err(|_| ProviderError::Metadata("its authorisation endpoint is no address"))?;
        let mut query: Vec<(String, String)> = Vec::new();
        let mut set = |key: &str, value: &str| {
            query.retain(|(known, _)| known != key);
            query.push((key.to_owned(), value.to_owned()));
        };
        for (key, value) in entry.parameters {
            set(key, value);
        }
        for (key, value) in &self.client.parameters {
            set(key, value);
        }
        if let Some(hint) = request.login_hint.filter(|hint| !hint.is_empty()) {
            set("login_hint", hint);
        }
        if let Some(domain) = &self.client.hosted_domain {
            set("hd", domain);
        }
        for (key, value) in request.parameters {
            if !RESERVED.contains(&key.as_str()) && key != entry.client_id_parameter {
                set(key, value);
            }
        }
        set("response_type", "code");
        set(entry.client_id_parameter, &self.client.id);
        set("state", request.state);
        set("redirect_uri", &self.redirect_uri(app));
        let scopes = self.scopes(request.scopes);
        if !scopes.is_empty() {
            set("scope", &scopes.join(entry.separator));
        }
        if let Some(nonce) = request.nonce {
            set("nonce", nonce);
        }
        if entry.pkce {
            let verifier = PkceCodeVerifier::new(request.verifier.to_owned());
            let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
            set("code_challenge", challenge.as_str());
            set("code_challenge_method", challenge.method().as_str());
        }
        url.query_pairs_mut().extend_pairs(query);
        Ok(url)
    }

    fn scopes(&self, requested: &[String]) -> Vec<String> {
        let own = self.entry.scopes.iter().map(|scope| (*scope).to_owned());
        let configured = self.client.scopes.iter().cloned();
        let requested = requested.iter().cloned();
        let all: Vec<String> = if self.entry.requested_first {
            requested.chain(own).chain(configured).collect()
        } else {
            own.chain(configured).chain(requested).collect()
        };
        let mut once: Vec<String> = Vec::new();
        for scope in all {
            if !scope.is_empty() && !once.contains(&scope) {
                once.push(scope);
            }
        }
        once
    }
}
