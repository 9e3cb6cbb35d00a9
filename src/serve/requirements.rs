//! What must be set before anybody is let in; all that is missing is said at once.

use guichet_core::config::Config;
use guichet_core::mail::Mailbox;
use guichet_core::mail::options::TransportKind;
use guichet_core::outbound::Outbound;
use guichet_core::server::Outside;
use std::sync::Arc;

/// Whether others than this machine may reach it, and nobody has said that this is fine without secret and https: nothing
/// that these need may be missing. Elsewhere a secret is made and kept.
pub(crate) fn is_public(config: &Config) -> bool {
    !config.is_local() && !config.allow_insecure
}

/// What stands in the way of serving, each with the key and the variable to set. A base URL that only this machine
/// reaches needs nothing; a public one needs a secret, a way out for mails, and https.
pub(crate) fn unmet(config: &Config) -> Vec<String> {
    let mut unmet = Vec::new();
    let public = is_public(config);
    if public && !config.is_https() {
        unmet.push(
            "https: base_url (GUICHET_BASE_URL) must begin with https://; a proxy in front may speak TLS, see \
             trusted_proxies"
                .to_owned(),
        );
    }
    let secrets = config.secret_options();
    if secrets.is_set() {
        if let Err(error) = secrets.keyring(Outside::default().randomness) {
            unmet.push(error.to_string());
        }
    } else if public {
        unmet.push(
            "a secret of one's own: secret_file (GUICHET_SECRET_FILE) or secret (GUICHET_SECRET); `guichet secret` \
             makes one"
                .to_owned(),
        );
    }
    if public && config.mail.transport == TransportKind::Mailbox {
        unmet.push(
            "a way out for mails: mail.transport (GUICHET_MAIL__TRANSPORT) \"smtp\" with mail.smtp.url \
             (GUICHET_MAIL__SMTP__URL), or \"http\" with mail.http.api_key (GUICHET_MAIL__HTTP__API_KEY)"
                .to_owned(),
        );
        if config.mail.from.is_none() {
            unmet.push(
                "who writes the mails: mail.from (GUICHET_MAIL__FROM), \"Name <no-reply@example.com>\""
                    .to_owned(),
            );
        }
    } else if let Err(error) = config.mail.outbox() {
        unmet.push(error.to_string());
    }
    // The transport that is configured; the mailbox of development is always there.
    match Outbound::new() {
        Ok(outbound) => {
            if let Err(error) = config.mail.transport(Some(Arc::new(Mailbox::new())), &outbound) {
                unmet.push(error.to_string());
            }
        }
        Err(error) => unmet.push(format!("TLS cannot be set up: {error}")),
    }
    unmet
}

/// On a machine of one's own, `localhost` and `127.0.0.1` are the same place to people, though not to browsers. For
/// servers whose base URL nobody has set.
pub(crate) fn trust_this_machine(config: &mut Config) {
    if config.is_local() {
        let port = config.base_url.port_or_known_default().unwrap_or(80);
        let names = ["localhost", "127.0.0.1"];
        config.trusted_origins.extend(names.map(|name| format!("http://{name}:{port}")));
    }
}
