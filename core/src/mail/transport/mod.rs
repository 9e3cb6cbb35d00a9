//! The ways a mail leaves: SMTP, an HTTP API, a folder, and in development a mailbox in memory.

mod file;
mod http;
mod mailbox;
mod smtp;

use std::fmt;

use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

pub use file::FileTransport;
pub(super) use http::verdict;
pub use http::{HttpConnection, HttpTransport};
pub use mailbox::{Mailbox, highlight};
pub use smtp::{SmtpConnection, SmtpTransport, Tls};

use super::{Mail, Sms};
use crate::email_address::EmailAddress;
use crate::keyring::{Keyring, Unopenable};
use crate::timestamp::Timestamp;

/// Hands one mail to whoever carries it further.
#[async_trait::async_trait]
pub trait Transport: Send + Sync + 'static {
    /// Sends it. May be called again with the same `letter.id` when the outcome of an earlier call was lost.
    async fn send(&self, letter: &Letter) -> Result<(), SendError>;

    /// Whether the way is open, without sending anything; says what was tried.
    async fn probe(&self) -> Result<&'static str, SendError> {
        Ok("there is nothing on the way")
    }
}

/// A mail that could not be sent. The message goes to logs and into the outbox: it holds no secret, no recipient
/// and nothing of the mail, hence no free text of a server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// May work later.
    #[error("{0}")]
    Temporary(String),
    /// Will never work.
    #[error("{0}")]
    Permanent(String),
}

/// A mail on its way out.
#[derive(Clone)]
pub struct Letter {
    /// The outbox's id: the same at every attempt.
    pub id: String,
    /// What it is, for logs.
    pub kind: String,
    /// Who writes: `Guichet <no-reply@example.com>`.
    pub from: String,
    /// The one recipient.
    pub to: EmailAddress,
    /// One line without control characters.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The same body as HTML.
    pub html: String,
    /// When it was written (its `Date`).
    pub written_at: Timestamp,
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// What the outbox keeps under seal.
#[derive(Serialize, Deserialize)]
pub(super) struct Contents {
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
    /// Whether it is a text message, and `to` a number.
    #[serde(default)]
    pub(super) sms: bool,
}

impl Contents {
    pub(super) fn of(mail: &Mail) -> Self {
        Self {
            to: mail.to.clone(),
            subject: mail.subject.clone(),
            text: mail.text.clone(),
            html: mail.html.clone(),
            sms: false,
        }
    }

    pub(super) fn of_sms(sms: &Sms) -> Self {
        Self {
            to: sms.to.clone(),
            subject: String::new(),
            text: sms.text.clone(),
            html: String::new(),
            sms: true,
        }
    }

    pub(super) fn only_recipient(self) -> Self {
        Self { subject: String::new(), text: String::new(), html: String::new(), ..self }
    }

    pub(super) fn seal(&self, keyring: &Keyring) -> Result<String, Unopenable> {
        keyring.seal(&serde_json::to_string(self).map_err(|_| Unopenable)?)
    }

    pub(super) fn open(sealed: &str, keyring: &Keyring) -> Result<Self, Unopenable> {
        serde_json::from_str(keyring.open(sealed)?.expose_secret()).map_err(|_| Unopenable)
    }
}

#[cfg(test)]
pub(crate) fn letter(to: &str) -> Letter {
    Letter {
        id: "0192-letter".into(),
        kind: "test/code".into(),
        from: "Guichet <no-reply@example.com>".into(),
        to: EmailAddress::parse_international(to).unwrap(),
        subject: "Votre code d’accès".into(),
        text: "Votre code : 123456\n".into(),
        html: "<p>Votre code : <b>123456</b></p>".into(),
        written_at: Timestamp::parse("2026-01-02T03:04:05Z").unwrap(),
    }
}
