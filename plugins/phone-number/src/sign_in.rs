//! Signing in with a number and a password.

use std::time::Duration;

use guichet_core::error::{Result, unauthorized};
use guichet_core::http::{Budget, Visit, field_key};
use guichet_core::sign_in::{Aal, Attempt, Outcome, sign_in};
use guichet_core::store::User;

use crate::number::PhoneNumber;
use crate::options::Options;
use crate::send::{holder, is_proven};
use crate::{INVALID_PHONE_NUMBER_OR_PASSWORD, PHONE_NUMBER_NOT_VERIFIED};

const SHORT: Duration = Duration::from_mins(10);
/// NIST SP 800-63B, section 3.2.2, allows 100 wrong ones in a row at most.
const DAY: Budget = Budget { window: Duration::from_hours(24), max: 90 };

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
    let [short, day] = count_try(visit, options, number).await?;
    let user = holder(visit, number).await?;
    // Asked for nobody too: both cost the same.
    let id = user.as_ref().map_or("", |user| user.id.as_str());
    let held = app.passwords.held(app, Some(id), password).await;
    if held.as_ref().is_err_and(|failure| failure.status().is_server_error()) {
        // Nobody could tell: that was no try.
        app.limiter.give_back([&short, &day]).await?;
    }
    let Some((user, tx)) = user.zip(held?) else {
        return Err(unauthorized(INVALID_PHONE_NUMBER_OR_PASSWORD));
    };
    let outcome = if options.require_verification && !is_proven(&user) {
        tx.rollback().await?;
        Err(unauthorized(PHONE_NUMBER_NOT_VERIFIED))
    } else {
        sign_in(visit, tx, attempt(user, "pwd", remember, false)).await
    };
    app.limiter.forgive([&short, &day]).await?;
    outcome
}

/// What a password (`pwd`) or a code (`sms`, RFC 8176) proves.
pub(crate) fn attempt(user: User, amr: &'static str, remember: bool, is_new: bool) -> Attempt {
    Attempt { user, method: "phone-number", amr: vec![amr], aal: Aal::One, remember, door: None, is_new }
}

/// Counted before a password is compared, so that parallel tries cannot slip past; unknown numbers like known ones. Gives
/// the keys of the two counts.
async fn count_try(visit: &Visit, options: &Options, number: &PhoneNumber) -> Result<[String; 2]> {
    let app = visit.app();
    let [short, day] = ["10m", "24h"].map(|span| field_key("phone-number.passwords", span, number.as_str()));
    if app.config.rate_limit.by_account {
        let budget = Budget { window: SHORT, max: options.passwords_per_number };
        app.limiter.admit(&short, budget, visit.now()).await?;
        app.limiter.admit(&day, DAY, visit.now()).await?;
    }
    Ok([short, day])
}
