//! Whether it is the account's owner who changes their second factor: by the password, or, for people without one, by
//! having signed in not long ago (ASVS 7.5.1).

use std::time::Duration;

use guichet_core::error::{INVALID_PASSWORD, Result, SESSION_NOT_FRESH, bad_request, forbidden};
use guichet_core::http::{Budget, Issues, Visit, field_key};
use guichet_core::session::SignedIn;
use guichet_core::store::Accounts;

use crate::options::Options;

/// Wrong passwords of one account, in a short window and in a long one: a stolen session guesses no password.
const SHORT: Budget = Budget { window: Duration::from_mins(10), max: 10 };
const DAY: Budget = Budget { window: Duration::from_hours(24), max: 90 };

/// Whether a user has a password.
pub(crate) async fn has_password(visit: &Visit, user_id: &str) -> Result<bool> {
    let account = Accounts::credential(&visit.app().db, user_id).await?;
    Ok(account.is_some_and(|account| account.password.is_some()))
}

/// Refuses whoever is not the owner, and gives whether a password proved it. Tries are counted before one is compared.
pub(crate) async fn check(
    visit: &Visit,
    options: &Options,
    signed_in: &SignedIn,
    password: Option<&str>,
) -> Result<bool> {
    signed_in.require_owner()?;
    let app = visit.app();
    let user_id = &signed_in.user.id;
    if !options.password_required && !has_password(visit, user_id).await? {
        return if visit.is_fresh(&signed_in.session) {
            Ok(false)
        } else {
            Err(forbidden(SESSION_NOT_FRESH))
        };
    }
    let Some(password) = password else {
        let mut issues = Issues::default();
        issues.expected("body.password", "string", None);
        return Err(issues.into_error());
    };
    app.passwords.check_presented(password).map_err(|_| bad_request(INVALID_PASSWORD))?;
    let key = |span| field_key("two-factor.password", span, user_id);
    let (short, day) = (key("10m"), key("24h"));
    if app.config.rate_limit.by_account {
        app.limiter.admit(&short, SHORT, visit.now()).await?;
        app.limiter.admit(&day, DAY, visit.now()).await?;
    }
    let right = app.passwords.is_right(app, Some(user_id), password).await;
    if right.as_ref().is_err_and(|failure| failure.status().is_server_error())
        && app.config.rate_limit.by_account
    {
        // Nobody could tell: that was no try.
        app.limiter.give_back([&short, &day]).await?;
    }
    if !right? {
        return Err(bad_request(INVALID_PASSWORD));
    }
    app.limiter.forgive([&short, &day]).await?;
    Ok(true)
}
