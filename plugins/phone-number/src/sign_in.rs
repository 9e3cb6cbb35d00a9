//! Signing in with a number and a password.

use guichet_core::error::{Result, unauthorized};
use guichet_core::http::Visit;
use guichet_core::password::Tries;
use guichet_core::sign_in::{Aal, Attempt, Outcome, sign_in};
use guichet_core::store::User;

use crate::number::PhoneNumber;
use crate::options::Options;
use crate::send::{holder, is_proven};
use crate::{INVALID_PHONE_NUMBER_OR_PASSWORD, PHONE_NUMBER_NOT_VERIFIED};

/// Compares the password and opens the door. Unknown numbers, users without a password and wrong passwords get one
/// answer after the same work; that a number is not proven is only told with the right password.
pub(crate) async fn with_password(
    visit: &Visit,
    options: &Options,
    number: &PhoneNumber,
    password: &str,
    remember: bool,
) -> Result<Outcome> {
    let app = visit.app();
    app.passwords.check_presented(password)?;
    let user = holder(visit, number).await?;
    // Unknown numbers are counted like known ones.
    let account = user.as_ref().map_or(number.as_str(), |user| &user.email);
    let tries = Tries::count(visit, account).await?;
    // Asked for nobody too: both cost the same.
    let id = user.as_ref().map_or("", |user| user.id.as_str());
    let held = app.passwords.held(visit, &tries, Some(id), password).await?;
    let Some((user, tx)) = user.zip(held) else {
        return Err(unauthorized(INVALID_PHONE_NUMBER_OR_PASSWORD));
    };
    let outcome = if options.require_verification && !is_proven(&user) {
        tx.rollback().await?;
        Err(unauthorized(PHONE_NUMBER_NOT_VERIFIED))
    } else {
        sign_in(visit, tx, attempt(user, "pwd", remember, false)).await
    };
    tries.forgive(visit).await?;
    outcome
}

/// What a password (`pwd`) or a code (`sms`, RFC 8176) proves.
pub(crate) fn attempt(user: User, amr: &'static str, remember: bool, is_new: bool) -> Attempt {
    Attempt { user, method: "phone-number", amr: vec![amr], aal: Aal::One, remember, door: None, is_new }
}
