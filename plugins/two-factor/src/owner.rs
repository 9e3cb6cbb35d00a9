//! Whether it is the account's owner who changes their second factor: by the password, or, for people without one, by
//! having signed in not long ago (ASVS 7.5.1).

use guichet_core::error::{INVALID_PASSWORD, Result, SESSION_NOT_FRESH, bad_request, forbidden};
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
    let Some(password) = password else {
        let mut issues = Issues::default();
        issues.expected("body.password", "string", None);
        return Err(issues.into_error());
    };
    app.passwords.check_presented(password).map_err(|_| bad_request(INVALID_PASSWORD))?;
    if !app.passwords.confirm(visit, &signed_in.user, password).await? {
        return Err(bad_request(INVALID_PASSWORD));
    }
    Ok(true)
}
