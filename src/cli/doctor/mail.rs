//! Is the way out for mails open? Nothing is sent.

use std::sync::Arc;

use guichet_core::check::Check;
use guichet_core::config::Config;
use guichet_core::mail::Mailbox;
use guichet_core::mail::options::TransportKind;
use guichet_core::outbound::Outbound;

use crate::serve::served::MAILBOX;

const NAME: &str = "mail";

/// `shown` is whether something shows the mails that stay in memory.
pub(super) async fn check(config: &Config, shown: bool) -> Option<Check> {
    if config.mail.transport == TransportKind::Mailbox {
        // On a public address the settings say already that this will not do.
        let at = if shown { format!("at {MAILBOX}") } else { "where `serve` runs".to_owned() };
        let says = format!("mails stay in memory, for development: read them {at}");
        return config.is_local().then(|| Check::good(NAME, says));
    }
    // Settings that cannot be used are told as such.
    let transport = config.mail.transport(Some(Arc::new(Mailbox::new())), &Outbound::new().ok()?).ok()?;
    let kind = if config.mail.transport == TransportKind::Smtp { "the mail server answers" } else { "" };
    Some(match transport.probe().await {
        Ok(steps) if kind.is_empty() => Check::good(NAME, steps),
        Ok(steps) => Check::good(NAME, format!("{kind}: {steps}")),
        Err(error) => Check::bad(
            NAME,
            error.to_string(),
            "mend [mail]; mails that were written meanwhile wait in the outbox and are sent then",
        ),
    })
}
