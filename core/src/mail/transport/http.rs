//! An HTTP API in Resend's form: one POST per mail, with a bearer key and an idempotency key.

use std::time::Duration;

use http::StatusCode;
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{Letter, SendError, Transport};

/// Where the API is and how to speak to it.
#[derive(Debug, Clone)]
pub struct HttpConnection {
    /// The address that mails are posted to.
    pub url: url::Url,
    /// Sent as `Authorization: Bearer …`.
    pub api_key: SecretString,
    /// For a whole request.
    pub timeout: Duration,
}

/// Posts mails as JSON: `{from, to: [..], subject, html, text}`.
pub struct HttpTransport {
    client: reqwest::Client,
    connection: HttpConnection,
}

impl HttpTransport {
    /// Prepares the client; nothing is sent yet. Fails when TLS cannot be set up.
    #[expect(clippy::disallowed_methods, reason = "this is one of the core's transports")]
    pub fn new(connection: HttpConnection) -> Result<Self, reqwest::Error> {
        // An error says that another part of the program installed a provider before, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .timeout(connection.timeout)
            .user_agent(concat!("guichet/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, connection })
    }
}

#[async_trait::async_trait]
impl Transport for HttpTransport {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let answer = self
            .client
            .post(self.connection.url.clone())
            .bearer_auth(self.connection.api_key.expose_secret())
            .header("Idempotency-Key", &letter.id)
            .json(&json!({
                "from": letter.from,
                "to": [letter.to],
                "subject": letter.subject,
                "html": letter.html,
                "text": letter.text,
            }))
            .send()
            .await
            // The address may hold a secret of its own.
            .map_err(|error| {
                SendError::Temporary(format!("the mail API cannot be used: {}", chain(&error.without_url())))
            })?;
        verdict(answer.status())
    }

    /// Asks for the root of the host, without the key: any answer says that the way is open.
    async fn probe(&self) -> Result<&'static str, SendError> {
        let mut root = self.connection.url.clone();
        root.set_path("/");
        root.set_query(None);
        let unreachable = |error: reqwest::Error| {
            SendError::Temporary(format!("the mail API cannot be used: {}", chain(&error.without_url())))
        };
        self.client.head(root).send().await.map_err(unreachable)?;
        Ok("the mail API's host answers; whether it takes the key is seen with the first mail")
    }
}

/// reqwest says what failed; its sources say why.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Only the status is told: the body of a refusal may quote the recipient or the mail.
fn verdict(status: StatusCode) -> Result<(), SendError> {
    match status.as_u16() {
        200..=299 => Ok(()),
        // What the operator can mend, or what passes: the mail itself is not refused. 409: an earlier attempt with
        // the same idempotency key is still under way.
        401 => Err(SendError::Temporary("the mail API answered 401: check mail.http.api_key".into())),
        300..=399 => Err(SendError::Temporary(format!(
            "the mail API answered {}: redirects are not followed, check mail.http.url",
            status.as_u16()
        ))),
        408 | 409 | 425 | 429 => Err(SendError::Temporary(told(status))),
        400..=499 => Err(SendError::Permanent(told(status))),
        _ => Err(SendError::Temporary(told(status))),
    }
}

fn told(status: StatusCode) -> String {
    format!("the mail API answered {}", status.as_u16())
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use axum::http::HeaderMap;
    use axum::response::IntoResponse;
    use axum::routing::post;

    use super::*;
    use crate::mail::transport::letter;

    type Seen = Arc<Mutex<Vec<(HeaderMap, String)>>>;

    async fn api(answer: StatusCode) -> (HttpTransport, Seen) {
        let seen = Seen::default();
        let log = Arc::clone(&seen);
        let handler = move |headers: HeaderMap, body: String| async move {
            log.lock().unwrap().push((headers, body));
            (answer, [("location", "/elsewhere")], "quotes alice@example.fr").into_response()
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/emails", listener.local_addr().unwrap()).parse().unwrap();
        let router = axum::Router::new().route("/emails", post(handler));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let timeout = Duration::from_secs(5);
        let connection = HttpConnection { url, api_key: "re_secret".to_owned().into(), timeout };
        (HttpTransport::new(connection).unwrap(), seen)
    }

    /// Wishes: 118.
    #[tokio::test]
    async fn a_mail_is_posted_in_resends_form() {
        let (transport, seen) = api(StatusCode::OK).await;
        transport.send(&letter("alice@example.fr")).await.unwrap();
        let seen = seen.lock().unwrap();
        let (headers, body) = &seen[0];
        assert_eq!(headers["authorization"], "Bearer re_secret");
        assert_eq!(headers["idempotency-key"], "0192-letter");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(body).unwrap(),
            json!({
                "from": "Guichet <no-reply@example.com>", "to": ["alice@example.fr"],
                "subject": "Votre code d’accès", "text": "Votre code : 123456\n",
                "html": "<p>Votre code : <b>123456</b></p>",
            })
        );
    }

    #[tokio::test]
    async fn the_answer_says_whether_to_try_again_and_nothing_else_is_repeated() {
        for (status, permanent) in [
            (400, true),
            (403, true),
            (422, true),
            (401, false),
            (408, false),
            (409, false),
            (429, false),
            (500, false),
            (503, false),
            (302, false),
        ] {
            let (transport, seen) = api(StatusCode::from_u16(status).unwrap()).await;
            let error = transport.send(&letter("alice@example.fr")).await.unwrap_err();
            assert_eq!(matches!(error, SendError::Permanent(_)), permanent, "{status}");
            assert!(error.to_string().contains(&status.to_string()) && !error.to_string().contains("alice"));
            assert_eq!(seen.lock().unwrap().len(), 1, "no redirect is followed");
        }
    }

    #[tokio::test]
    async fn an_api_that_is_not_there_is_tried_again() {
        let url = "http://127.0.0.1:1/emails?token=hidden".parse().unwrap();
        let timeout = Duration::from_secs(2);
        let connection = HttpConnection { url, api_key: "k".to_owned().into(), timeout };
        let error = HttpTransport::new(connection).unwrap().send(&letter("a@x.fr")).await.unwrap_err();
        assert!(matches!(&error, SendError::Temporary(text) if !text.contains("hidden")), "{error}");
    }
}
