//! Text messages: they wait in the outbox beside the mails, and leave by an HTTP API, or as mails (a gateway, a test
//! bench, the mailbox of development).

use std::fmt;

use http::header::{AUTHORIZATION, CONTENT_TYPE};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::transport::verdict;
use super::{Mail, SendError};
use crate::outbound::Outbound;

/// A text message as a plugin writes it.
#[derive(Clone, PartialEq, Eq)]
pub struct Sms {
    /// The number, in the form of E.164: `+33612345678`.
    pub to: String,
    /// What it says; plain text.
    pub text: String,
    /// What it is, for logs: `phone-number/code`.
    pub kind: &'static str,
}

/// The text holds a code, so only the kind is shown.
impl fmt::Debug for Sms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sms").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Which way text messages leave.
#[derive(Clone)]
pub enum SmsWay {
    /// By an HTTP API.
    Http(SmsApi),
    /// As mails to an address made of the number: `{phone}@sms.example`.
    Mail(String),
    /// Not at all: a plugin that needs them refuses to start.
    Closed,
}

impl SmsWay {
    /// The message as a mail, where they leave as such.
    pub(super) fn as_mail(&self, sms: &Sms) -> Option<Mail> {
        let Self::Mail(address) = self else { return None };
        Some(Mail {
            to: address.replace("{phone}", &sms.to),
            subject: "SMS".to_owned(),
            text: sms.text.clone(),
            html: format!("<p style=\"white-space:pre-line\">{}</p>", escaped(&sms.text)),
            kind: sms.kind,
        })
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Posts messages as JSON, `{to, text}`, with a bearer key and the outbox's id as `Idempotency-Key`.
#[derive(Clone)]
pub struct SmsApi {
    /// Where.
    pub url: url::Url,
    /// Sent as `Authorization: Bearer …`.
    pub api_key: SecretString,
    /// The way out.
    pub outbound: Outbound,
}

impl SmsApi {
    pub(super) async fn send(&self, id: &str, to: &str, text: &str) -> Result<(), SendError> {
        let request = http::Request::post(self.url.as_str())
            .header(AUTHORIZATION, format!("Bearer {}", self.api_key.expose_secret()))
            .header(CONTENT_TYPE, "application/json")
            .header("idempotency-key", id)
            .body(json!({"to": to, "text": text}).to_string().into_bytes())
            .map_err(|_| SendError::Permanent("the request to the SMS API cannot be made".to_owned()))?;
        let status = self
            .outbound
            .deliver(request, None)
            .await
            .map_err(|error| SendError::Temporary(format!("the SMS API cannot be used: {error}")))?;
        verdict(status, "SMS API", "sms")
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    #[test]
    fn a_message_becomes_a_mail_to_the_numbers_address() {
        let sms = Sms { to: "+33612345678".into(), text: "Code <123456>".into(), kind: "test/code" };
        let mail = SmsWay::Mail("{phone}@sms.test".into()).as_mail(&sms).unwrap();
        assert_eq!((mail.to.as_str(), mail.text.as_str()), ("+33612345678@sms.test", "Code <123456>"));
        assert!(mail.html.contains("Code &lt;123456&gt;"));
        assert!(SmsWay::Closed.as_mail(&sms).is_none());
    }

    #[test]
    fn the_answer_says_whether_to_try_again() {
        for (status, permanent) in
            [(400, true), (403, true), (422, true), (401, false), (429, false), (302, false), (503, false)]
        {
            let error = verdict(StatusCode::from_u16(status).unwrap(), "SMS API", "sms").unwrap_err();
            assert_eq!(matches!(error, SendError::Permanent(_)), permanent, "{status}");
        }
        assert!(verdict(StatusCode::ACCEPTED, "SMS API", "sms").is_ok());
    }
}
