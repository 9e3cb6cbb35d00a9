//! An HTTP API in Resend's form: one POST per mail, with a bearer key and an idempotency key.

use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Request, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{Letter, SendError, Transport};
use crate::outbound::Outbound;

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
    outbound: Outbound,
    connection: HttpConnection,
}

impl HttpTransport {
    /// Nothing is sent yet.
    pub fn new(connection: HttpConnection, outbound: Outbound) -> Self {
        Self { outbound, connection }
    }

    async fn ask(&self, request: http::Result<Request<Vec<u8>>>) -> Result<StatusCode, SendError> {
        let unmade = |_| SendError::Permanent("the request to the mail API cannot be made".to_owned());
        self.outbound
            .deliver(request.map_err(unmade)?, Some(self.connection.timeout))
            .await
            .map_err(|error| SendError::Temporary(format!("the mail API cannot be used: {error}")))
    }
}

#[async_trait::async_trait]
impl Transport for HttpTransport {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let body = json!({
            "from": letter.from,
            "to": [letter.to],
            "subject": letter.subject,
            "html": letter.html,
            "text": letter.text,
        });
        let request = Request::post(self.connection.url.as_str())
            .header(AUTHORIZATION, format!("Bearer {}", self.connection.api_key.expose_secret()))
            .header(CONTENT_TYPE, "application/json")
            .header("idempotency-key", &letter.id)
            .body(body.to_string().into_bytes());
        verdict(self.ask(request).await?, "mail API", "mail.http")
    }

    /// Asks for the root of the host, without the key: any answer says that the way is open.
    async fn probe(&self) -> Result<&'static str, SendError> {
        let mut root = self.connection.url.clone();
        root.set_path("/");
        root.set_query(None);
        self.ask(Request::head(root.as_str()).body(Vec::new())).await?;
        Ok("the mail API's host answers; whether it takes the key is seen with the first mail")
    }
}

/// What an `api`'s answer means; `section` of the settings has its `url` and `api_key`. Only the status is told: the body of
/// a refusal may quote the recipient or the message.
pub(in crate::mail) fn verdict(status: StatusCode, api: &str, section: &str) -> Result<(), SendError> {
    let told = format!("the {api} answered {}", status.as_u16());
    match status.as_u16() {
        200..=299 => Ok(()),
        // What the operator can mend, or what passes: the message itself is not refused. 409: an earlier attempt with
        // the same idempotency key is still under way.
        401 => Err(SendError::Temporary(format!("{told}: check {section}.api_key"))),
        300..=399 => {
            Err(SendError::Temporary(format!("{told}: redirects are not followed, check {section}.url")))
        }
        408 | 409 | 425 | 429 => Err(SendError::Temporary(told)),
        400..=499 => Err(SendError::Permanent(told)),
        _ => Err(SendError::Temporary(told)),
    }
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
        (HttpTransport::new(connection, Outbound::new().unwrap()), seen)
    }

    /// It would be mailed twice.
    #[tokio::test]
    async fn what_was_accepted_is_sent_although_the_rest_of_the_answer_never_comes() {
        let stalled = || async {
            let body = futures_util::stream::pending::<Result<bytes::Bytes, std::io::Error>>();
            (StatusCode::ACCEPTED, axum::body::Body::from_stream(body))
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/emails", listener.local_addr().unwrap()).parse().unwrap();
        let router = axum::Router::new().route("/emails", post(stalled));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let timeout = Duration::from_secs(2);
        let connection = HttpConnection { url, api_key: "re_secret".to_owned().into(), timeout };
        let transport = HttpTransport::new(connection, Outbound::new().unwrap());
        transport.send(&letter("alice@example.fr")).await.unwrap();
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
        let error = HttpTransport::new(connection, Outbound::new().unwrap())
            .send(&letter("a@x.fr"))
            .await
            .unwrap_err();
        assert!(matches!(&error, SendError::Temporary(text) if !text.contains("hidden")), "{error}");
    }
}
