//! Whether it is the account's owner who changes their second factor: by the password, or, for people without one, by
//! having signed in not long ago (ASVS 7.5.1).

use guichet_core::error::{Error, INVALID_PASSWORD, Result, SESSION_NOT_FRESH, bad_request, forbidden};
use guichet_core::http::{Issues, Visit};
use guichet_core::session::SignedIn;
use guichet_core::store::Accounts;

use crate::options::Options;

/// Whether a user has a password.
pub(crate) async fn has_password(visit: &Visit, user_id: &str) -> Result<bool> {
    Ok(Accounts::has_password(&visit.app().db, user_id).await?)
}

/// Refuses whoever is not the owner, and gives whether a password proved it. A stolen session guesses none: tries
/// are counted.
pub(crate) async fn check(
    visit: &Visit,
    options: &Options,
    signed_in: &SignedIn,
    password: Option<&str>,
) -> Result<bool> {
    signed_in.require_owner()?;
    let app = visit.app();
    if !options.password_required && !has_password(visit, &signed_in.user.id).await? {
        return if visit.is_fresh(&signed_in.session) {
            Ok(false)
        } else {
            Err(forbidden(SESSION_NOT_FRESH))
        };
    }
    let password = password.ok_or_else(missing)?;
    app.passwords.check_presented(password).map_err(|_| bad_request(INVALID_PASSWORD))?;
    if !app.passwords.confirm(visit, &signed_in.user, password).await? {
        return Err(bad_request(INVALID_PASSWORD));
    }
    Ok(true)
}

/// Refuses a body without a password where everybody must give one, before it is asked who is signed in (contract,
/// section 1).
pub(crate) fn check_given(options: &Options, password: Option<&str>) -> Result<()> {
    if options.password_required && password.is_none() { Err(missing()) } else { Ok(()) }
}

fn missing() -> Error {
    let mut issues = Issues::default();
    issues.expected("body.password", "string", None);
    issues.into_error()
}
