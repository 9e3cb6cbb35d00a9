//! The mails with a link, how many an address gets, and the words of notices.

use std::time::Duration;

use guichet_core::error::Result;
use guichet_core::http::{Budget, Visit};
use guichet_core::language::Language;
use guichet_core::mail::Mail;
use guichet_core::notice::greeting;
use guichet_core::pages::{Templates, context, href};
use http::StatusCode;

/// Counts a mail to `email` along with those that `route` sends by itself; 429 when there were enough.
pub(crate) async fn charge(visit: &Visit, route: &str, field: &str, email: &str) -> Result<()> {
    visit.app().limiter.admit_account(route, field, email, Budget::MAILS, visit.now()).await.map(drop)
}

/// As [`charge`], for mails that are left out when there were enough.
pub(crate) async fn is_welcome(visit: &Visit, route: &str, field: &str, email: &str) -> Result<bool> {
    match charge(visit, route, field, email).await {
        Err(refusal) if refusal.status() == StatusCode::TOO_MANY_REQUESTS => Ok(false),
        other => other.map(|()| true),
    }
}

const LINK: &str = "email-password/mail/link";

/// A link and what it is for: `verification`, `reset`, `approve` or `change`.
#[derive(Clone, Copy)]
pub(crate) struct Link<'a> {
    pub(crate) purpose: &'static str,
    pub(crate) url: &'a str,
    pub(crate) life: Duration,
    /// The address that an account is to have; empty when that is not the matter.
    pub(crate) new_address: &'a str,
}

/// The words of the notice that the password was changed.
pub(crate) const CHANGED: &str = "email-password-changed";
/// That somebody tried to sign up with an address that has an account.
pub(crate) const TAKEN: &str = "email-password-taken";
/// That the account has another address.
pub(crate) const MOVED: &str = "email-password-moved";

/// Renders a mail with a link, in the visit's language. `name` may be empty.
pub(crate) fn with_link(visit: &Visit, link: Link<'_>, to: &str, name: &str) -> Result<Mail> {
    in_language(&visit.app().templates, visit.language(), link, to, name)
}

/// As [`with_link`], where nobody visits.
pub(crate) fn in_language(
    templates: &Templates,
    language: Language,
    link: Link<'_>,
    to: &str,
    name: &str,
) -> Result<Mail> {
    let (purpose, url, minutes) = (link.purpose, link.url, link.life.as_secs() / 60);
    let href = href(url);
    let context = context! {
        purpose, url, href, minutes, name => greeting(name), new_address => link.new_address
    };
    let subject = templates.message(language, "email-password-link-subject", &[("purpose", purpose)]);
    Ok(templates.mail(language, LINK, to, subject, &context)?)
}
