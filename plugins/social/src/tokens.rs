//! Codes and refresh tokens become tokens (RFC 6749, sections 4.1.3 and 6; RFC 7636), through the `oauth2` crate and
//! the core's way out.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use guichet_core::account_tokens::{self, AccountTokens, NotRenewed, ProviderTokenStorage};
use guichet_core::app::App;
use guichet_core::outbound::OutboundError;
use guichet_core::store::Account;
use guichet_core::timestamp::Timestamp;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AccessToken, AuthType, AuthorizationCode, ClientId, ClientSecret, EndpointNotSet, EndpointSet,
    HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope,
    StandardRevocableToken, TokenResponse, TokenUrl,
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value as Json;
use url::Url;

use crate::error::ProviderError;
use crate::provider::Provider;
use crate::providers::TokenAuth;
use crate::{Social, client_secret};

/// What a token endpoint answers. Lenient where providers are: numbers as texts, scopes as lists, no token type.
#[derive(Deserialize, Serialize)]
pub(crate) struct Answer {
    access_token: AccessToken,
    #[serde(skip, default = "bearer")]
    token_type: BasicTokenType,
    #[serde(default, deserialize_with = "seconds")]
    expires_in: Option<u64>,
    refresh_token: Option<RefreshToken>,
    #[serde(default, deserialize_with = "seconds")]
    refresh_token_expires_in: Option<u64>,
    #[serde(default, deserialize_with = "scopes")]
    scope: Option<Vec<Scope>>,
    id_token: Option<String>,
    openid: Option<String>,
}

fn bearer() -> BasicTokenType {
    BasicTokenType::Bearer
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(match Json::deserialize(deserializer)? {
        Json::Number(number) => number.as_u64(),
        Json::String(text) => text.parse().ok(),
        _ => None,
    })
}

fn scopes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Scope>>, D::Error> {
    let split = |text: &str| -> Vec<Scope> {
        text.split([' ', ',']).filter(|s| !s.is_empty()).map(|s| Scope::new(s.to_owned())).collect()
    };
    Ok(match Json::deserialize(deserializer)? {
        Json::String(text) => Some(split(&text)),
        Json::Array(all) => Some(all.iter().filter_map(Json::as_str).flat_map(split).collect()),
        _ => None,
    })
}

/// Tokens are not printed.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("scope", &self.scope).finish_non_exhaustive()
    }
}

impl TokenResponse for Answer {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }
    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }
    fn expires_in(&self) -> Option<Duration> {
        self.expires_in.map(Duration::from_secs)
    }
    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }
    fn scopes(&self) -> Option<&Vec<Scope>> {
        self.scope.as_ref()
    }
}

/// A user's tokens with a provider, in plain. Not printed.
#[derive(Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Tokens {
    pub(crate) access: Option<String>,
    pub(crate) refresh: Option<String>,
    pub(crate) id: Option<String>,
    /// Milliseconds since 1970.
    pub(crate) access_ends: Option<i64>,
    pub(crate) refresh_ends: Option<i64>,
    pub(crate) scopes: Vec<String>,
    /// WeChat's name of the person, which its profile is asked for with.
    pub(crate) openid: Option<String>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("scopes", &self.scopes).finish_non_exhaustive()
    }
}

impl Tokens {
    fn of(answer: &Answer, now: Timestamp) -> Self {
        // A life of a thousand years is one without end.
        let end = |seconds: Option<u64>| {
            let seconds = seconds.filter(|seconds| *seconds > 0 && *seconds < 31_536_000_000)?;
            Some(now.plus(Duration::from_secs(seconds)).millis())
        };
        Self {
            access: Some(answer.access_token.secret().clone()),
            refresh: answer.refresh_token.as_ref().map(|token| token.secret().clone()),
            id: answer.id_token.clone().filter(|token| !token.is_empty()),
            access_ends: end(answer.expires_in),
            refresh_ends: end(answer.refresh_token_expires_in),
            scopes: answer.scope.iter().flatten().map(|scope| scope.as_str().to_owned()).collect(),
            openid: answer.openid.clone(),
        }
    }
}

impl Tokens {
    /// As they are kept in the account's row.
    pub(crate) fn kept(&self) -> account_tokens::Tokens {
        account_tokens::Tokens {
            access: self.access.clone(),
            refresh: self.refresh.clone(),
            id: self.id.clone(),
            access_ends: self.access_ends.and_then(Timestamp::from_millis),
            refresh_ends: self.refresh_ends.and_then(Timestamp::from_millis),
        }
    }
}

impl From<account_tokens::Tokens> for Tokens {
    fn from(kept: account_tokens::Tokens) -> Self {
        Self {
            access: kept.access,
            refresh: kept.refresh,
            id: kept.id,
            access_ends: kept.access_ends.map(Timestamp::millis),
            refresh_ends: kept.refresh_ends.map(Timestamp::millis),
            ..Self::default()
        }
    }
}

/// Its accounts are those of the providers that are configured.
#[async_trait]
impl AccountTokens for Social {
    fn answers_for(&self, provider_id: &str) -> bool {
        self.find(provider_id).is_some()
    }

    fn storage(&self) -> ProviderTokenStorage {
        self.options.store_tokens
    }

    async fn renew(
        &self,
        app: &App,
        account: &Account,
        refresh_token: &str,
    ) -> Result<account_tokens::Tokens, NotRenewed> {
        let gone = || NotRenewed::Refused(anyhow::anyhow!("the provider is not configured any more"));
        let provider = self.find(&account.provider_id).ok_or_else(gone)?;
        let refused = |error: ProviderError| NotRenewed::Refused(error.into());
        Ok(provider.refresh(app, refresh_token).await.map_err(refused)?.kept())
    }
}

type Client = oauth2::Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// A code that came back from a provider.
pub(crate) struct Code<'a> {
    pub(crate) text: &'a str,
    pub(crate) verifier: &'a str,
    pub(crate) redirect: String,
    /// VK's name of the device.
    pub(crate) device_id: Option<&'a str>,
}

impl Provider {
    fn token_client(&self, app: &App, endpoint: &str) -> Result<Client, ProviderError> {
        let url = TokenUrl::new(endpoint.to_owned())
            .map_err(|_| ProviderError::Metadata("its token endpoint is no address"))?;
        let basic = self.entry.token_auth == TokenAuth::Basic;
        let mut client = oauth2::Client::new(ClientId::new(self.client.id.clone()))
            .set_token_uri(url)
            .set_auth_type(if basic { AuthType::BasicAuth } else { AuthType::RequestBody });
        let secret = match (&self.client.secret, &self.client.signing) {
            (Some(secret), _) => Some(secret.expose_secret().to_owned()),
            (None, Some(key)) => Some(client_secret::signed(&self.client.id, key, app.clock.now())?),
            (None, None) => None,
        };
        if let Some(secret) = secret {
            client = client.set_client_secret(ClientSecret::new(secret));
        }
        Ok(client)
    }

    /// The tokens of a code.
    pub(crate) async fn exchange(&self, app: &App, code: Code<'_>) -> Result<Tokens, ProviderError> {
        let endpoints = self.endpoints(app).await?;
        if self.entry.token_auth == TokenAuth::Query {
            return self
                .by_query(app, &endpoints.token, &[("code", code.text), ("grant_type", "authorization_code")])
                .await;
        }
        let redirect = RedirectUrl::new(code.redirect)
            .map_err(|_| ProviderError::Setting("the base URL makes no redirect URI"))?;
        let client = self.token_client(app, &endpoints.token)?.set_redirect_uri(redirect);
        let mut request = client.exchange_code(AuthorizationCode::new(code.text.to_owned()));
        if self.entry.pkce {
            request = request.set_pkce_verifier(PkceCodeVerifier::new(code.verifier.to_owned()));
        }
        if self.entry.token_auth == TokenAuth::ClientKey {
            request = request.add_extra_param("client_key", self.client.id.clone());
        }
        if let Some(device_id) = code.device_id {
            request = request.add_extra_param("device_id", device_id.to_owned());
        }
        let outbound = app.outbound.clone();
        let send = move |request| send(outbound.clone(), request);
        let answer = request.request_async(&send).await.map_err(|error| refused(&error))?;
        Ok(Tokens::of(&answer, app.clock.now()))
    }

    /// New tokens for a refresh token.
    pub(crate) async fn refresh(&self, app: &App, token: &str) -> Result<Tokens, ProviderError> {
        let endpoints = self.endpoints(app).await?;
        if self.entry.token_auth == TokenAuth::Query {
            let endpoint = endpoints.token.replace("/access_token", "/refresh_token");
            return self
                .by_query(app, &endpoint, &[("refresh_token", token), ("grant_type", "refresh_token")])
                .await;
        }
        let client = self.token_client(app, &endpoints.token)?;
        let token = RefreshToken::new(token.to_owned());
        let mut request = client.exchange_refresh_token(&token);
        if self.entry.token_auth == TokenAuth::ClientKey {
            request = request.add_extra_param("client_key", self.client.id.clone());
        }
        let outbound = app.outbound.clone();
        let send = move |request| send(outbound.clone(), request);
        let answer = request.request_async(&send).await.map_err(|error| refused(&error))?;
        Ok(Tokens::of(&answer, app.clock.now()))
    }

    /// WeChat's way: everything in a query.
    async fn by_query(
        &self,
        app: &App,
        endpoint: &str,
        fields: &[(&str, &str)],
    ) -> Result<Tokens, ProviderError> {
        let mut url =
            Url::parse(endpoint).map_err(|_| ProviderError::Metadata("its token endpoint is no address"))?;
        let secret = self.client.secret.as_ref().map(ExposeSecret::expose_secret).unwrap_or_default();
        url.query_pairs_mut()
            .append_pair("appid", &self.client.id)
            .append_pair("secret", secret)
            .extend_pairs(fields);
        let request = http::Request::get(url.as_str())
            .body(Vec::new())
            .map_err(|_| ProviderError::Metadata("its token endpoint is no address"))?;
        let answer = app.outbound.send(request).await?;
        let answer: Answer =
            answer.json().map_err(|_| ProviderError::Token("no token in its answer".to_owned()))?;
        Ok(Tokens::of(&answer, app.clock.now()))
    }
}

async fn send(
    outbound: guichet_core::outbound::Outbound,
    request: HttpRequest,
) -> Result<HttpResponse, OutboundError> {
    let answer = outbound.send(request).await?;
    let mut response = HttpResponse::new(answer.body.to_vec());
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    Ok(response)
}

/// The provider's error code; never its answer, which may repeat what was sent.
fn refused(error: &RequestTokenError<OutboundError, BasicErrorResponse>) -> ProviderError {
    ProviderError::Token(match error {
        RequestTokenError::ServerResponse(answer) => answer.error().to_string().chars().take(100).collect(),
        RequestTokenError::Request(error) => error.to_string(),
        RequestTokenError::Parse(..) => "no token in its answer".to_owned(),
        RequestTokenError::Other(_) => "its answer is not one of a token endpoint".to_owned(),
    })
}
