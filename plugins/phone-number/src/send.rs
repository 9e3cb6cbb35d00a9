//! Sending a code. Known and unknown numbers get the same answer after the same work: where nothing may be sent, a code
//! that nobody has and a decoy message are written that nobody ever sees.

use guichet_core::email_address::EmailAddress;
use guichet_core::error::Result;
use guichet_core::hooks::Provision;
use guichet_core::http::Visit;
use guichet_core::mail::Sms;
use guichet_core::password::nobody;
use guichet_core::sign_in::provision;
use guichet_core::store::User;

use crate::codes::{self, Claim, Purpose};
use crate::number::PhoneNumber;
use crate::options::Options;
use crate::{NUMBER, VERIFIED};

/// Who has this number, proven or not.
pub(crate) async fn holder(visit: &Visit, number: &PhoneNumber) -> Result<Option<User>> {
    let app = visit.app();
    Ok(app.users.by_unique(&app.db, NUMBER, number.as_str()).await?)
}

/// Whether the user proved the number that they have.
pub(crate) fn is_proven(user: &User) -> bool {
    user.extra.get(VERIFIED).is_some_and(|value| *value == true.into())
}

/// Sends a code that proves the number, or pretends to.
pub(crate) async fn to_verify(visit: &Visit, options: &Options, number: &PhoneNumber) -> Result<()> {
    // Both are asked whatever the other says, so that known and unknown numbers cost the same.
    let holder = holder(visit, number).await?;
    let known = holder.as_ref().is_some_and(is_proven);
    let signed_in = visit.signed_in().await?.is_some();
    let silent = is_silent(visit, holder.as_ref()).await?;
    // Somebody who is signed in may add it; where people sign up by phone, it may be anybody's.
    let welcome = !silent && (known || signed_in || options.sign_up_email.is_some());
    send(visit, options, Purpose::Verify, number, welcome).await
}

/// Sends a code that sets a new password, or pretends to. A number that its user never proved may be somebody else's.
pub(crate) async fn to_reset(visit: &Visit, options: &Options, number: &PhoneNumber) -> Result<()> {
    let holder = holder(visit, number).await?;
    let known = holder.as_ref().is_some_and(is_proven);
    let silent = is_silent(visit, holder.as_ref()).await?;
    send(visit, options, Purpose::Reset, number, known && !silent).await
}

/// Whether a plugin wants nothing sent to who has the number. Those that turn addresses away say nothing of numbers.
async fn is_silent(visit: &Visit, holder: Option<&User>) -> Result<bool> {
    let address = holder.and_then(|user| EmailAddress::parse_international(&user.email));
    // Asked about nobody too: both cost the same.
    let Some(email) = address.or_else(nobody) else { return Ok(false) };
    Ok(matches!(provision(visit.app(), &email, None, holder).await?, Provision::MailNothing))
}

async fn send(
    visit: &Visit,
    options: &Options,
    purpose: Purpose,
    number: &PhoneNumber,
    welcome: bool,
) -> Result<()> {
    let app = visit.app();
    let code = app.keyring.random_digits(options.digits);
    let claim = Claim { purpose, number, code: &code };
    let sms = message(visit, options, claim);
    let sms = if welcome {
        let deadline = visit.now().plus(options.expires_in.0);
        app.outbox.sms_row(&sms, app.new_id(), Some(deadline))?
    } else {
        app.outbox.sms_decoy_row(&sms, app.new_id())?
    };
    Ok(app.db.write(vec![codes::row(app, options, claim, welcome), sms]).await?)
}

/// The message. Its last line binds the code to our host, so that browsers fill it in nowhere else (WICG, "Origin-bound
/// one-time codes delivered via SMS").
fn message(visit: &Visit, options: &Options, claim: Claim<'_>) -> Sms {
    let app = visit.app();
    let minutes = (options.expires_in.0.as_secs() / 60).to_string();
    let (key, kind) = match claim.purpose {
        Purpose::Verify => ("phone-number-sms-verify", "phone-number/code"),
        Purpose::Reset => ("phone-number-sms-reset", "phone-number/reset"),
    };
    let args = [("code", claim.code), ("app", app.config.app_name.as_str()), ("minutes", minutes.as_str())];
    let said = app.templates.message(visit.language(), key, &args);
    let host = app.config.base_url.host_str().unwrap_or_default();
    Sms { to: claim.number.as_str().to_owned(), text: format!("{said}\n\n@{host} #{}", claim.code), kind }
}
