//! Signing in with a password, by API or on a page.

use async_trait::async_trait;
use guichet_core::error::{Result, forbidden, unauthorized};
use guichet_core::hooks::Provision;
use guichet_core::http::Visit;
use guichet_core::password::{PasswordClaim, PasswordDoor};
use guichet_core::sign_in::{Aal, Attempt, Outcome, provision, sign_in};
use guichet_core::store::User;

use crate::budget::Tries;
use crate::options::Options;
use crate::routes::SEND_VERIFICATION;
use crate::{EMAIL_NOT_VERIFIED, EmailPassword, INVALID_EMAIL_OR_PASSWORD, METHOD, mail, verification};

#[async_trait]
impl PasswordDoor for EmailPassword {
    async fn sign_in(&self, visit: &Visit, claim: PasswordClaim<'_>) -> Result<Outcome> {
        with_password(visit, &self.options, claim).await
    }
}

/// Compares the password and opens the door. Unknown users, users without a password and wrong passwords get one
/// answer after the same work.
pub(crate) async fn with_password(
    visit: &Visit,
    options: &Options,
    claim: PasswordClaim<'_>,
) -> Result<Outcome> {
    let app = visit.app();
    app.passwords.check_presented(claim.password)?;
    let tries = Tries::count(visit, options, claim.email.as_str()).await?;
    // One statement for both, whether or not there is somebody.
    let (user, kept) = app.users.with_credential(&app.db, claim.email).await?.unzip();
    let provision = provision(visit, claim.email, claim.door, user.as_ref()).await?;
    let right = app.passwords.is_that_of(app, kept.flatten().as_ref(), claim.password).await?;
    let Some(user) = user.filter(|_| right) else {
        return Err(unauthorized(INVALID_EMAIL_OR_PASSWORD));
    };
    if let Provision::TurnAway(told) = provision {
        return Err(told.unwrap_or_else(|| unauthorized(INVALID_EMAIL_OR_PASSWORD)));
    }
    tries.forgive(visit).await?;
    if options.require_email_verification && !user.email_verified {
        // Whoever signed up with somebody else's address knows the password, and must not flood the mailbox.
        let (route, to) = (SEND_VERIFICATION, user.email.as_str());
        if options.send_on_sign_in && mail::is_welcome(visit, route, "email", to).await? {
            verification::send(visit, options, &user, claim.callback).await?;
        }
        return Err(forbidden(EMAIL_NOT_VERIFIED));
    }
    let tx = app.db.begin().await?;
    let attempt = Attempt { method: claim.method, ..attempt(user, claim.remember, claim.door, false) };
    sign_in(visit, tx, attempt).await
}

/// What a password proves.
pub(crate) fn attempt(user: User, remember: bool, door: Option<&str>, is_new: bool) -> Attempt {
    Attempt {
        user,
        method: METHOD,
        amr: vec!["pwd"],
        aal: Aal::One,
        remember,
        door: door.map(str::to_owned),
        is_new,
    }
}
