//! Requests to other servers: providers, mail and SMS by an API, captchas, lists of breached passwords. One client for all
//! of them: redirects are not followed, answers are bounded in size and time, and only addresses that the operator configured
//! (or that a configured provider's own metadata names) are ever asked.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use reqwest::redirect::Policy;

/// How long a request may take, connection included.
const PATIENCE: Duration = Duration::from_secs(10);
/// The same for a server nearby.
const PATIENCE_NEARBY: Duration = Duration::from_secs(4);
/// The largest answer that is read, in bytes: a set of keys or a profile is a few thousand.
const LARGEST: usize = 1024 * 1024;

/// The way out. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Outbound {
    client: reqwest::Client,
    /// The origin that is asked in place of every other one.
    stand_in: Option<Arc<str>>,
}

/// What another server answered, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, OutboundError> {
        serde_json::from_slice(&self.body).map_err(|_| OutboundError::Unreadable)
    }
}

/// No answer came. Holds no address: those may carry secrets.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// The server cannot be reached, or does not answer in time.
    #[error("the other server does not answer: {0}")]
    Unreachable(String),
    /// The answer is larger than anything that was asked for.
    #[error("the other server's answer is too large")]
    TooLarge,
    /// The answer is not in the form that was asked for.
    #[error("the other server's answer cannot be read")]
    Unreadable,
}

impl Outbound {
    /// Fails when TLS cannot be set up.
    pub fn new() -> Result<Self, reqwest::Error> {
        Ok(Self { client: builder().timeout(PATIENCE).build()?, stand_in: None })
    }

    /// Asks this origin instead of any other, for `/host/path`: tests of providers whose addresses are fixed.
    pub(crate) fn standing_in(mut self, origin: Option<String>) -> Self {
        self.stand_in = origin.map(Into::into);
        self
    }

    /// For asking a server nearby, as this program asks itself: past any proxy that the environment names, and with
    /// little patience. Fails when TLS cannot be set up.
    pub fn nearby() -> Result<Self, reqwest::Error> {
        Ok(Self { client: builder().timeout(PATIENCE_NEARBY).no_proxy().build()?, stand_in: None })
    }

    /// Sends a request. The form of request that the `oauth2` crate makes, too.
    pub async fn send(&self, request: http::Request<Vec<u8>>) -> Result<Answer, OutboundError> {
        self.send_within(request, None).await
    }

    /// As [`Outbound::send`], with other patience, which includes reading the answer.
    pub async fn send_within(
        &self,
        request: http::Request<Vec<u8>>,
        patience: Option<Duration>,
    ) -> Result<Answer, OutboundError> {
        let mut response = self.answer(request, patience).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > LARGEST {
                return Err(OutboundError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body: body.into() })
    }

    /// As [`Outbound::send_within`], where only the status counts: what was accepted is not sent again because the rest of
    /// the answer does not come.
    pub async fn deliver(
        &self,
        request: http::Request<Vec<u8>>,
        patience: Option<Duration>,
    ) -> Result<StatusCode, OutboundError> {
        Ok(self.answer(request, patience).await?.status())
    }

    async fn answer(
        &self,
        request: http::Request<Vec<u8>>,
        patience: Option<Duration>,
    ) -> Result<reqwest::Response, OutboundError> {
        let mut request = reqwest::Request::try_from(request).map_err(unreachable)?;
        if patience.is_some() {
            *request.timeout_mut() = patience;
        }
        if let Some(origin) = &self.stand_in {
            let asked = request.url();
            let path = format!("/{}{}", asked.host_str().unwrap_or_default(), asked.path());
            if let Ok(mut url) = reqwest::Url::parse(origin) {
                url.set_path(&path);
                url.set_query(asked.query());
                *request.url_mut() = url;
            }
        }
        self.client.execute(request).await.map_err(unreachable)
    }
}

fn unreachable(error: reqwest::Error) -> OutboundError {
    OutboundError::Unreachable(chain(&error.without_url()))
}

#[expect(clippy::disallowed_methods, reason = "this is one of the core's transports")]
fn builder() -> reqwest::ClientBuilder {
    // An error says that another part of the program installed a provider before, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(Policy::none())
        .user_agent(concat!("guichet/", env!("CARGO_PKG_VERSION")))
}

/// reqwest says what failed; its sources say why.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::response::Redirect;
    use axum::routing::get;

    use super::*;

    async fn server() -> String {
        let routes = Router::new()
            .route("/json", get(|| async { r#"{"a": 1}"# }))
            .route("/away", get(|| async { Redirect::to("/json") }))
            .route("/huge", get(|| async { "x".repeat(LARGEST + 1) }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        format!("http://{address}")
    }

    async fn asked(url: String) -> Result<Answer, OutboundError> {
        Outbound::new().unwrap().send(http::Request::get(url).body(Vec::new()).unwrap()).await
    }

    #[tokio::test]
    async fn answers_are_read_redirects_are_not_followed_and_huge_ones_are_dropped() {
        let server = server().await;
        let answer: serde_json::Value = asked(format!("{server}/json")).await.unwrap().json().unwrap();
        assert_eq!(answer["a"], 1);
        let away = asked(format!("{server}/away")).await.unwrap();
        assert_eq!(away.status, StatusCode::SEE_OTHER);
        assert!(matches!(asked(format!("{server}/huge")).await, Err(OutboundError::TooLarge)));
    }

    #[tokio::test]
    async fn an_error_holds_no_address() {
        let error = asked("http://127.0.0.1:1/secret".to_owned()).await.unwrap_err().to_string();
        assert!(
            error.starts_with("the other server does not answer") && !error.contains("secret"),
            "{error}"
        );
    }
}
