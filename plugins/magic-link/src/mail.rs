//! The mail that carries the link.

use guichet_core::error::Result;
use guichet_core::http::Visit;
use guichet_core::mail::Mail;
use guichet_core::notice::greeting;
use guichet_core::pages::{context, href};

use crate::options::Options;

const TEMPLATE: &str = "magic-link/mail/link";

/// Renders it in the visit's language. `name` may be empty.
pub(crate) fn with_link(visit: &Visit, options: &Options, to: &str, name: &str, url: &str) -> Result<Mail> {
    let templates = &visit.app().templates;
    let minutes = options.expires_in.0.as_secs() / 60;
    let href = href(url);
    let context = context! { url, href, minutes, name => greeting(name) };
    let subject = templates.message(visit.language(), "magic-link-mail-subject", &[]);
    Ok(templates.mail(visit.language(), TEMPLATE, to, subject, &context)?)
}
