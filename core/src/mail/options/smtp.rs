//! From the keys of `[mail.smtp]`, or its URL, to a connection.

use std::borrow::Cow;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};

use super::{MailSetupError, SmtpOptions, problem, read, within};
use crate::config::Secret;
use crate::mail::transport::{SmtpConnection, Tls};
use crate::this_machine::is_here;

const URL: &str = "mail.smtp.url";

/// What a URL and the single keys both say.
struct Server {
    host: String,
    port: Option<u16>,
    tls: Tls,
    credentials: Option<(String, SecretString)>,
}

impl SmtpOptions {
    pub(super) fn connection(&self) -> Result<SmtpConnection, MailSetupError> {
        let url = Secret::given(URL, self.url.as_ref(), self.url_file.as_deref())?;
        let server = match &url {
            Some(url) if self.host.is_none() && self.username.is_none() && self.port.is_none() => {
                from_url(url)?
            }
            Some(_) => return Err(problem(URL, "replaces host, port and username: set either it or them")),
            None => self.server()?,
        };
        self.check_protection(&server)?;
        let extra_roots = match &self.ca_file {
            Some(file) => Some(certificates(read(file, "mail.smtp.ca_file")?)?),
            None => None,
        };
        let timeout = within("mail.smtp.timeout_seconds", self.timeout_seconds, 1..=30)?;
        Ok(SmtpConnection {
            port: server.port.unwrap_or(server.tls.port()),
            host: server.host,
            tls: server.tls,
            extra_roots,
            credentials: server.credentials,
            timeout: Duration::from_secs(timeout.into()),
            pool_size: within("mail.smtp.pool_size", self.pool_size, 1..=100)?,
        })
    }

    fn server(&self) -> Result<Server, MailSetupError> {
        const PASSWORD: &str = "mail.smtp.password";
        let host = self.host.clone().filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| problem("mail.smtp.host", "set it, or mail.smtp.url"))?;
        let password = Secret::given(PASSWORD, self.password.as_ref(), self.password_file.as_deref())?;
        let credentials = match (self.username.clone(), password) {
            (Some(user), Some(password)) => Some((user, password.into())),
            (None, None) => None,
            (Some(_), None) => return Err(problem(PASSWORD, "set it too, or mail.smtp.password_file")),
            (None, Some(_)) => return Err(problem("mail.smtp.username", "set it too: there is a password")),
        };
        Ok(Server { host, port: self.port, tls: self.tls, credentials })
    }

    /// No mail in plain text, and no password where a listener can strip STARTTLS, unless it stays on this machine
    /// or the operator says so.
    fn check_protection(&self, server: &Server) -> Result<(), MailSetupError> {
        let open = match server.tls {
            Tls::Required | Tls::Implicit => false,
            Tls::Opportunistic => server.credentials.is_some(),
            Tls::None => true,
        };
        if open && !self.allow_plaintext && !is_here(&server.host) {
            return Err(problem(
                "mail.smtp.tls",
                "would send in plain text elsewhere than to localhost, 127.0.0.1 or ::1: set \"required\" or \"implicit\", or allow it with \
                 mail.smtp.allow_plaintext = true",
            ));
        }
        Ok(())
    }
}

fn certificates(pem: Vec<u8>) -> Result<Vec<u8>, MailSetupError> {
    if String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE-----") {
        Ok(pem)
    } else {
        Err(problem("mail.smtp.ca_file", "holds no certificate in PEM form"))
    }
}

/// `smtp://user:password@host:port?tls=required`, `smtps://…`; user and password are percent-encoded.
fn from_url(url: &SecretString) -> Result<Server, MailSetupError> {
    let url: url::Url = url
        .expose_secret()
        .parse()
        .map_err(|error| problem(URL, format!("cannot be read ({error}): smtp://user:password@host:port")))?;
    let implicit = match url.scheme() {
        "smtp" => false,
        "smtps" => true,
        _ => return Err(problem(URL, "must begin with smtp:// or smtps://")),
    };
    let mut tls = if implicit { Tls::Implicit } else { Tls::Required };
    for (key, value) in url.query_pairs() {
        tls = match (key.as_ref(), value.as_ref()) {
            ("tls", "implicit") => Tls::Implicit,
            ("tls", "required") if !implicit => Tls::Required,
            ("tls", "opportunistic") if !implicit => Tls::Opportunistic,
            ("tls", "none") if !implicit => Tls::None,
            ("tls", _) => {
                return Err(problem(
                    URL,
                    "tls is required, implicit, opportunistic or none, and smtps:// is implicit",
                ));
            }
            _ => return Err(problem(URL, "knows one parameter after the ?: tls")),
        };
    }
    if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
        return Err(problem(URL, "has nothing between the port and the ?"));
    }
    let host = url.host_str().filter(|host| !host.is_empty());
    let host = host.ok_or_else(|| problem(URL, "names no host"))?;
    let credentials = match (url.username(), url.password()) {
        ("", None) => None,
        (user, Some(password)) if !user.is_empty() => Some((decoded(user)?, decoded(password)?.into())),
        _ => return Err(problem(URL, "has a user name and a password, or neither")),
    };
    // Brackets belong to the URL, not to the address.
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    Ok(Server { host, port: url.port(), tls, credentials })
}

fn decoded(text: &str) -> Result<String, MailSetupError> {
    percent_decode_str(text)
        .decode_utf8()
        .map(Cow::into_owned)
        .map_err(|_| problem(URL, "holds a percent-encoded text that is not UTF-8"))
}
