//! The `[mail]` section of the configuration.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use lettre::message::Mailbox as Sender;
use schemars::JsonSchema;
use serde::Deserialize;

use super::OutboxOptions;
use super::transport::{
    FileTransport, HttpConnection, HttpTransport, Mailbox, SmtpTransport, Tls, Transport,
};
use crate::config::{Secret, SecretProblem};
use crate::outbound::Outbound;
use crate::this_machine::safe_url;

mod sms;
mod smtp;

pub use sms::SmsOptions;

/// Mail that cannot be set up as it is configured. Each message names the key to change; none holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum MailSetupError {
    /// A key is missing or its value cannot be used.
    #[error("{key}: {problem}")]
    Key {
        /// The key: `mail.smtp.host`.
        key: &'static str,
        /// What to do about it.
        problem: String,
    },
    /// A file that a key names cannot be read.
    #[error("{key}: {file} cannot be read: {source}")]
    File {
        /// The key: `mail.smtp.password_file`.
        key: &'static str,
        /// The file's path.
        file: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A secret that was given is none.
    #[error(transparent)]
    Secret(#[from] SecretProblem),
}

fn problem(key: &'static str, problem: impl Into<String>) -> MailSetupError {
    MailSetupError::Key { key, problem: problem.into() }
}

/// Which way mails leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TransportKind {
    /// A mail server: `[mail.smtp]`.
    Smtp,
    /// An HTTP API in Resend's form: `[mail.http]`.
    Http,
    /// A folder, from which another program carries them further: `[mail.file]`.
    File,
    /// A mailbox in memory, for development only.
    #[default]
    Mailbox,
}

/// How mails are sent.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MailOptions {
    /// Who writes: `Guichet <no-reply@example.com>`.
    pub from: Option<String>,
    /// `smtp`, `http`, `file`, or in development `mailbox`.
    pub transport: TransportKind,
    /// The mail server, when `transport = "smtp"`.
    pub smtp: SmtpOptions,
    /// The API, when `transport = "http"`.
    pub http: HttpOptions,
    /// The folder, when `transport = "file"`.
    pub file: FileOptions,
    /// For how many hours a mail that cannot be delivered is tried again.
    pub max_age_hours: u32,
    /// For how many days a mail that was given up stays in the table (without its text).
    pub keep_failed_days: u32,
    /// How many mails are on their way at once.
    pub concurrency: usize,
}

impl Default for MailOptions {
    fn default() -> Self {
        Self {
            from: None,
            transport: TransportKind::default(),
            smtp: SmtpOptions::default(),
            http: HttpOptions::default(),
            file: FileOptions::default(),
            max_age_hours: 24,
            keep_failed_days: 30,
            concurrency: 8,
        }
    }
}

/// A mail server.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SmtpOptions {
    /// All in one: `smtp://user:password@host:587?tls=required`, or `smtps://…` for TLS from the first byte.
    /// Replaces `host`, `port`, `tls`, `username` and `password`.
    pub url: Option<Secret>,
    /// A file that holds `url`.
    pub url_file: Option<PathBuf>,
    /// The server's name.
    pub host: Option<String>,
    /// Its port; by default 587, 465 or 25, as `tls` wants it.
    pub port: Option<u16>,
    /// `required` (STARTTLS), `implicit` (TLS from the first byte), `opportunistic` (STARTTLS if offered) or
    /// `none` (plain text, only to this machine).
    pub tls: Tls,
    /// Allows plain text, and a password over it, to another machine.
    pub allow_plaintext: bool,
    /// The user name.
    pub username: Option<String>,
    /// The password.
    pub password: Option<Secret>,
    /// A file that holds `password`.
    pub password_file: Option<PathBuf>,
    /// Certificates (PEM) that are trusted besides the public ones: a private authority.
    pub ca_file: Option<PathBuf>,
    /// For each step of the conversation, in seconds.
    pub timeout_seconds: u32,
    /// How many connections are open at most.
    pub pool_size: u32,
}

impl Default for SmtpOptions {
    fn default() -> Self {
        Self {
            url: None,
            url_file: None,
            host: None,
            port: None,
            tls: Tls::default(),
            allow_plaintext: false,
            username: None,
            password: None,
            password_file: None,
            ca_file: None,
            timeout_seconds: 10,
            pool_size: 4,
        }
    }
}

/// An HTTP API in Resend's form.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HttpOptions {
    /// Where mails are posted.
    pub url: String,
    /// The bearer key.
    pub api_key: Option<Secret>,
    /// A file that holds `api_key`.
    pub api_key_file: Option<PathBuf>,
    /// For a whole request, in seconds.
    pub timeout_seconds: u32,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            url: "https://api.resend.com/emails".into(),
            api_key: None,
            api_key_file: None,
            timeout_seconds: 10,
        }
    }
}

/// A folder of mails.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FileOptions {
    /// Where each mail becomes a file, `<id>.eml`; it must be there.
    pub folder: Option<PathBuf>,
}

impl MailOptions {
    /// The transport that is configured; one that asks an API goes by `outbound`. `mailbox` is the development mailbox; without one, in production,
    /// `transport = "mailbox"` is refused.
    pub fn transport(
        &self,
        mailbox: Option<Arc<Mailbox>>,
        outbound: &Outbound,
    ) -> Result<Arc<dyn Transport>, MailSetupError> {
        Ok(match self.transport {
            TransportKind::Smtp => {
                let connection = self.smtp.connection()?;
                Arc::new(
                    SmtpTransport::new(&connection)
                        .map_err(|error| problem("mail.smtp.ca_file", format!("TLS cannot be set up: {error}")))?,
                )
            }
            TransportKind::Http => Arc::new(HttpTransport::new(self.http.connection()?, outbound.clone())),
            TransportKind::File => {
                const KEY: &str = "mail.file.folder";
                let folder = self.file.folder.clone().ok_or_else(|| problem(KEY, "set it"))?;
                if !folder.is_dir() {
                    return Err(problem(KEY, format!("{} is no folder", folder.display())));
                }
                Arc::new(FileTransport::new(folder))
            }
            TransportKind::Mailbox => mailbox.ok_or_else(|| {
                problem(
                    "mail.transport",
                    "set it to \"smtp\", \"http\" or \"file\" (\"mailbox\" only keeps mails in memory, for development)",
                )
            })?,
        })
    }

    /// How the outbox behaves. `from` may only be missing with the development mailbox.
    pub fn outbox(&self) -> Result<OutboxOptions, MailSetupError> {
        const KEY: &str = "mail.from";
        let from = match (&self.from, self.transport) {
            (Some(from), _) => from.trim(),
            (None, TransportKind::Mailbox) => "Guichet <no-reply@localhost>",
            (None, _) => {
                return Err(problem(KEY, "set who writes, for instance \"Guichet <no-reply@example.com>\""));
            }
        };
        if from.contains(char::is_control) || from.parse::<Sender>().is_err() {
            return Err(problem(KEY, format!("{from:?} is not of the form \"Name <user@example.com>\"")));
        }
        let hour = Duration::from_hours(1);
        Ok(OutboxOptions {
            concurrency: within("mail.concurrency", self.concurrency, 1..=256)?,
            give_up_after: hour * within("mail.max_age_hours", self.max_age_hours, 1..=24 * 30)?,
            keep_failed: hour * 24 * within("mail.keep_failed_days", self.keep_failed_days, 0..=3650)?,
            ..OutboxOptions::new(from)
        })
    }
}

impl HttpOptions {
    fn connection(&self) -> Result<HttpConnection, MailSetupError> {
        let url = address("mail.http.url", &self.url)?;
        let api_key =
            Secret::given("mail.http.api_key", self.api_key.as_ref(), self.api_key_file.as_deref())?
                .ok_or_else(|| problem("mail.http.api_key", "set it, or mail.http.api_key_file"))?;
        let timeout = within("mail.http.timeout_seconds", self.timeout_seconds, 1..=30)?;
        Ok(HttpConnection { url, api_key: api_key.into(), timeout: Duration::from_secs(timeout.into()) })
    }
}

fn within<N: PartialOrd + std::fmt::Display>(
    key: &'static str,
    value: N,
    allowed: std::ops::RangeInclusive<N>,
) -> Result<N, MailSetupError> {
    if allowed.contains(&value) {
        return Ok(value);
    }
    Err(problem(key, format!("must be between {} and {}", allowed.start(), allowed.end())))
}

/// Where something is posted.
fn address(key: &'static str, text: &str) -> Result<url::Url, MailSetupError> {
    safe_url(text).map_err(|wrong| problem(key, wrong))
}

fn read(file: &Path, key: &'static str) -> Result<Vec<u8>, MailSetupError> {
    std::fs::read(file).map_err(|source| MailSetupError::File {
        key,
        file: file.display().to_string(),
        source,
    })
}

#[cfg(test)]
mod tests;
