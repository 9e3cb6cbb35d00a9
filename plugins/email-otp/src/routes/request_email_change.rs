//! `POST /email-otp/request-email-change`: mails a code to an address that the account is to have.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, Result};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, success};
use guichet_core::store::User;
use http::StatusCode;

use super::address;
use crate::EmailOtp;
use crate::codes::{self, Claim};
use crate::letter::Letter;
use crate::options::Options;
use crate::purpose::Purpose;
use guichet_core::one_time_code::Use;

pub(super) const NAME: &str = "email-otp.request-email-change";

guichet_core::input! {
    /// The new address; and, where the address until now has to agree, a code that was sent there.
    struct RequestChange {
        new_email as "newEmail": String,
        otp: Option<String>,
    }
}

pub(super) fn route(plugin: Arc<EmailOtp>) -> Route {
    Route::post("/email-otp/request-email-change", NAME, handle, plugin)
        .needs_session()
        .summary("Mails a code to a new address; the answer never tells whether it is taken")
        .body::<RequestChange>()
        .answers(Shape::object(&[("success", Shape::yes(), true)]))
}

async fn handle(
    State(plugin): State<Arc<EmailOtp>>,
    visit: Visit,
    Body(input): Body<RequestChange>,
) -> Result<Reply> {
    let options = &plugin.options;
    let user = visit.require_session_anew().await?.user;
    let (email, new) = addresses(options, &user, &input.new_email)?;
    if options.confirm_old_address {
        confirm_old(&visit, options, &email, input.otp.as_deref()).await?;
    }
    let app = visit.app();
    let is_taken = app.users.by_email(&app.db, &new).await?.is_some();
    let letter = Letter {
        purpose: Purpose::ChangeEmail,
        email: &email,
        new_address: Some(&new),
        binding: "",
        name: user.name.as_deref().unwrap_or_default(),
        is_real: !is_taken,
    };
    app.db.write(letter.rows(&visit, options)?).await?;
    success()
}

/// The address until now and the new one, unless addresses are not changed here, or these are one.
pub(super) fn addresses(options: &Options, user: &User, new: &str) -> Result<(EmailAddress, EmailAddress)> {
    if !options.change_email {
        return Err(refused(
            "Change email with OTP is disabled",
            "Le changement d’adresse par code est désactivé",
        ));
    }
    let new = address(new)?;
    let email = address(&user.email)?;
    if new == email {
        return Err(refused("Email is the same", "C’est déjà votre adresse"));
    }
    Ok((email, new))
}

pub(super) fn refused(english: &'static str, french: &'static str) -> Error {
    Error::message_only(StatusCode::BAD_REQUEST, english, french)
}

/// Uses up a code that was sent to the address until now.
async fn confirm_old(
    visit: &Visit,
    options: &Options,
    email: &EmailAddress,
    otp: Option<&str>,
) -> Result<()> {
    let otp = otp.filter(|otp| !otp.is_empty()).ok_or_else(|| {
        refused("OTP is required to verify current email", "Il faut un code envoyé à votre adresse actuelle")
    })?;
    let app = visit.app();
    let claim = Claim::new(Purpose::EmailVerification, email, otp);
    let mut tx = app.db.begin().await?;
    let verdict = codes::check(app, options, &mut tx, claim, Use::Consume).await?;
    tx.commit().await?;
    verdict
}
