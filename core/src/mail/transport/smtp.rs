//! SMTP (RFC 5321) through lettre, with TLS by rustls.

use std::time::{Duration, SystemTime};

use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls as LettreTls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransport, Error as SmtpError};
use lettre::{Address, AsyncTransport, Message, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};

use super::{Letter, SendError, Transport};

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// STARTTLS, and no mail without it (RFC 3207). Port 587.
    #[default]
    Required,
    /// TLS from the first byte (RFC 8314). Port 465.
    Implicit,
    /// STARTTLS when the server offers it, plain text otherwise. Port 25.
    Opportunistic,
    /// Plain text. Port 25.
    None,
}

impl Tls {
    /// The port that belongs to it.
    pub fn port(self) -> u16 {
        match self {
            Self::Required => 587,
            Self::Implicit => 465,
            Self::Opportunistic | Self::None => 25,
        }
    }
}

/// Where the mail server is and how to speak to it.
#[derive(Debug, Clone)]
pub struct SmtpConnection {
    /// Name or address; with TLS, the name in its certificate.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// Certificates in PEM that are trusted besides the public ones.
    pub extra_roots: Option<Vec<u8>>,
    /// User name and password.
    pub credentials: Option<(String, SecretString)>,
    /// For each step of the conversation.
    pub timeout: Duration,
    /// How many connections are open at most.
    pub pool_size: u32,
}

/// Sends through one mail server over a pool of connections.
pub struct SmtpTransport {
    server: AsyncSmtpTransport<Tokio1Executor>,
    /// What [`Transport::probe`] goes through.
    steps: &'static str,
}

impl SmtpTransport {
    /// Prepares the connection; nothing is opened yet. Fails on certificates that cannot be read.
    pub fn new(connection: &SmtpConnection) -> Result<Self, SmtpError> {
        let tls = match connection.tls {
            Tls::None => LettreTls::None,
            Tls::Required => LettreTls::Required(tls_parameters(connection)?),
            Tls::Implicit => LettreTls::Wrapper(tls_parameters(connection)?),
            Tls::Opportunistic => LettreTls::Opportunistic(tls_parameters(connection)?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&connection.host)
            .port(connection.port)
            .tls(tls)
            .timeout(Some(connection.timeout))
            .pool_config(PoolConfig::new().max_size(connection.pool_size));
        if let Some((user, password)) = &connection.credentials {
            builder =
                builder.credentials(Credentials::new(user.clone(), password.expose_secret().to_owned()));
        }
        let steps = match (connection.tls, connection.credentials.is_some()) {
            (Tls::None, false) => "in plain text, without a login",
            (Tls::None, true) => "in plain text, the login is taken",
            (Tls::Opportunistic, false) => "by TLS if the server offers it, without a login",
            (Tls::Opportunistic, true) => "by TLS if the server offers it, the login is taken",
            (Tls::Required | Tls::Implicit, false) => "by TLS, without a login",
            (Tls::Required | Tls::Implicit, true) => "by TLS, the login is taken",
        };
        Ok(Self { server: builder.build(), steps })
    }
}

fn tls_parameters(connection: &SmtpConnection) -> Result<TlsParameters, SmtpError> {
    let mut parameters = TlsParameters::builder(connection.host.clone());
    if let Some(pem) = &connection.extra_roots {
        parameters = parameters.add_root_certificate(Certificate::from_pem(pem)?);
    }
    parameters.build()
}

#[async_trait::async_trait]
impl Transport for SmtpTransport {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        self.server.send(message(letter)?).await.map(|_| ()).map_err(|error| refusal(&error))
    }

    /// Connects, secures the connection, logs in and says NOOP.
    async fn probe(&self) -> Result<&'static str, SendError> {
        match self.server.test_connection().await {
            Ok(true) => Ok(self.steps),
            Ok(false) => Err(SendError::Temporary("the mail server hangs up after the login".into())),
            Err(error) => Err(refusal(&error)),
        }
    }
}

/// RFC 3834, section 5: tells auto-responders not to answer.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

pub(super) fn message(letter: &Letter) -> Result<Message, SendError> {
    let unusable = |what: &str| SendError::Permanent(format!("{what} cannot be used in a mail"));
    let from: Mailbox = letter.from.parse().map_err(|_| unusable("the sender"))?;
    let to: Address = letter.to.as_str().parse().map_err(|_| unusable("the recipient"))?;
    // The same at every attempt, so that servers on the way can tell a mail that comes twice.
    let message_id = format!("<{}@{}>", letter.id, from.email.domain());
    Message::builder()
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(letter.subject.as_str())
        .date(SystemTime::from(letter.written_at.inner()))
        .message_id(Some(message_id))
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
        .map_err(|_| unusable("its content"))
}

/// What the refusal means for this mail. Only reply codes are told: a server's own words may quote the recipient
/// or the subject.
fn refusal(error: &SmtpError) -> SendError {
    if let Some(code) = error.status() {
        let number = code.to_string();
        // RFC 4954, section 6: not this mail is refused but how we come, which the operator can mend.
        if matches!(number.as_str(), "530" | "534" | "535" | "538") {
            return SendError::Temporary(format!(
                "the mail server refuses the login ({number}): check mail.smtp.username, password and tls"
            ));
        }
        let text = format!("the mail server answered {number}");
        return if error.is_permanent() { SendError::Permanent(text) } else { SendError::Temporary(text) };
    }
    let why = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    if error.is_client() && why.contains("SMTPUTF8") {
        return SendError::Permanent("the mail server does not take addresses beyond ASCII".into());
    }
    SendError::Temporary(format!("the mail server cannot be used: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::transport::letter;

    fn formatted(letter: &Letter) -> String {
        String::from_utf8(message(letter).unwrap().formatted()).unwrap()
    }

    #[test]
    fn the_message_has_both_bodies_and_says_that_a_program_wrote_it() {
        let text = formatted(&letter("alice@example.fr"));
        for part in [
            "From: Guichet <no-reply@example.com>\r\n",
            "To: alice@example.fr\r\n",
            "Message-ID: <0192-letter@example.com>\r\n",
            "Date: Fri, 02 Jan 2026 03:04:05 +0000\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "multipart/alternative",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Type: text/html; charset=utf-8",
        ] {
            assert!(text.contains(part), "{part:?} is missing in\n{text}");
        }
    }

    #[test]
    fn a_subject_cannot_add_headers() {
        let sneaky =
            Letter { subject: "Bonjour\r\nBcc: eve@example.org".into(), ..letter("alice@example.fr") };
        let text = formatted(&sneaky);
        assert!(!text.lines().any(|line| line.starts_with("Bcc")), "{text}");
    }

    #[test]
    fn certificates_that_cannot_be_read_are_refused() {
        let connection = SmtpConnection {
            host: "localhost".into(),
            port: 25,
            tls: Tls::Required,
            extra_roots: Some(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec()),
            credentials: None,
            timeout: Duration::from_secs(1),
            pool_size: 1,
        };
        assert!(SmtpTransport::new(&connection).is_err());
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_tried_again() {
        let connection = SmtpConnection {
            host: "127.0.0.1".into(),
            port: 1,
            tls: Tls::None,
            extra_roots: None,
            credentials: None,
            timeout: Duration::from_secs(2),
            pool_size: 1,
        };
        let outcome = SmtpTransport::new(&connection).unwrap().send(&letter("alice@example.fr")).await;
        assert!(matches!(outcome, Err(SendError::Temporary(_))), "{outcome:?}");
    }
}
