//! The mail that carries a code.

use guichet_core::email_address::EmailAddress;
use guichet_core::error::Result;
use guichet_core::http::Visit;
use guichet_core::mail::Mail;
use guichet_core::notice::greeting;
use guichet_core::pages::context;

use crate::options::Options;
use crate::purpose::Purpose;

/// The template, without its ending.
const TEMPLATE: &str = "email-otp/mail/code";

/// Renders it in the visit's language. `name` may be empty.
pub(crate) fn with_code(
    visit: &Visit,
    options: &Options,
    purpose: Purpose,
    to: &EmailAddress,
    name: &str,
    code: &str,
) -> Result<Mail> {
    let templates = &visit.app().templates;
    let language = visit.language();
    let minutes = options.expires_in.0.as_secs() / 60;
    let context = context! { code, minutes, name => greeting(name), purpose => purpose.text() };
    let subject = templates.message(language, "email-otp-mail-subject", &[("purpose", purpose.text())]);
    Ok(templates.mail(language, TEMPLATE, to.as_str(), subject, &context)?)
}
