//! A provider's metadata (`OpenID` Connect Discovery 1.0), read when it is first needed and kept for an hour.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use guichet_core::app::App;
use guichet_core::timestamp::Timestamp;
use serde::Deserialize;

use crate::error::ProviderError;
use crate::provider::{Provider, is_safe};
use crate::providers::{IdTokens, Profile};

const FRESH: Duration = Duration::from_secs(3600);
/// What was read is used for so long while the provider does not answer.
const USABLE: Duration = Duration::from_secs(86_400);

/// What we need of it. The rest is nobody's business.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) userinfo_endpoint: Option<String>,
    pub(crate) jwks_uri: Option<String>,
    pub(crate) end_session_endpoint: Option<String>,
    #[serde(default)]
    pub(crate) authorization_response_iss_parameter_supported: bool,
}

/// The addresses of a provider, from its entry, else from its metadata.
#[derive(Debug, Clone, Default)]
pub(crate) struct Endpoints {
    pub(crate) authorize: String,
    pub(crate) token: String,
    pub(crate) user_info: Option<String>,
    pub(crate) jwks: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) end_session: Option<String>,
    /// Its answers name it (RFC 9207).
    pub(crate) tells_issuer: bool,
}

/// What was read of the metadata, and when.
#[derive(Default)]
pub(crate) struct Discovery(Mutex<Option<(Timestamp, Arc<Metadata>)>>);

impl Discovery {
    pub(crate) fn known(&self) -> Option<Metadata> {
        self.kept().map(|(_, metadata)| metadata.as_ref().clone())
    }

    fn kept(&self) -> Option<(Timestamp, Arc<Metadata>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, now: Timestamp, metadata: &Arc<Metadata>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, metadata.clone()));
    }
}

impl Provider {
    /// Its addresses.
    pub(crate) async fn endpoints(&self, app: &App) -> Result<Endpoints, ProviderError> {
        let entry = &self.entry;
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let mut endpoints = Endpoints {
            authorize: entry.authorize.to_owned(),
            token: entry.token.to_owned(),
            user_info: text(entry.user_info),
            jwks: match entry.id_token {
                IdTokens::Keys { jwks, .. } | IdTokens::Tenant { jwks, .. } => text(jwks),
                _ => None,
            },
            issuer: match entry.id_token {
                IdTokens::Keys { issuers, .. } => issuers.first().map(|issuer| (*issuer).to_owned()),
                _ => None,
            },
            end_session: text(entry.end_session),
            tells_issuer: false,
        };
        if let Profile::Get(url) = entry.profile {
            endpoints.user_info = text(url);
        }
        if entry.discovery.is_empty() {
            return Ok(endpoints);
        }
        let metadata = self.metadata(app).await?;
        if endpoints.authorize.is_empty() {
            endpoints.authorize.clone_from(&metadata.authorization_endpoint);
        }
        if endpoints.token.is_empty() {
            endpoints.token.clone_from(&metadata.token_endpoint);
        }
        endpoints.user_info = endpoints.user_info.or_else(|| metadata.userinfo_endpoint.clone());
        endpoints.end_session = endpoints.end_session.or_else(|| metadata.end_session_endpoint.clone());
        endpoints.jwks.clone_from(&metadata.jwks_uri);
        endpoints.issuer = Some(metadata.issuer.clone());
        endpoints.tells_issuer = metadata.authorization_response_iss_parameter_supported;
        Ok(endpoints)
    }

    async fn metadata(&self, app: &App) -> Result<Arc<Metadata>, ProviderError> {
        let now = app.clock.now();
        let kept = self.discovery.kept();
        if let Some((at, metadata)) = &kept
            && at.plus(FRESH) > now
        {
            return Ok(metadata.clone());
        }
        match self.read_metadata(app).await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                self.discovery.keep(now, &metadata);
                Ok(metadata)
            }
            Err(error) => match kept {
                Some((at, metadata)) if at.plus(USABLE) > now => {
                    tracing::warn!(provider = self.id(), %error, "the provider's metadata cannot be read anew");
                    Ok(metadata)
                }
                _ => Err(error),
            },
        }
    }

    async fn read_metadata(&self, app: &App) -> Result<Metadata, ProviderError> {
        let request = http::Request::get(self.entry.discovery)
            .header("accept", "application/json")
            .body(Vec::new())
            .map_err(|_| ProviderError::Metadata("its address is none"))?;
        let answer = app.outbound.send(request).await?;
        if !answer.status.is_success() {
            return Err(ProviderError::Status { what: "metadata", status: answer.status.as_u16() });
        }
        let metadata: Metadata = answer.json()?;
        // Discovery 1.0, section 4.3: somebody else's metadata would send codes and secrets to somebody else.
        if metadata.issuer != self.issuer {
            return Err(ProviderError::Metadata("it names another issuer than the one that is configured"));
        }
        let optional = [&metadata.userinfo_endpoint, &metadata.jwks_uri, &metadata.end_session_endpoint];
        let optional = optional.into_iter().flatten().all(|url| is_safe(url));
        if !optional || !is_safe(&metadata.authorization_endpoint) || !is_safe(&metadata.token_endpoint) {
            return Err(ProviderError::Metadata("it names an address without TLS"));
        }
        Ok(metadata)
    }
}
