//! `POST /email-otp/change-email`: gives the account a new address, with the code that went there.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::address_change::settle;
use guichet_core::error::Result;
use guichet_core::http::{Body, Reply, Route, Shape, Visit, success};
use guichet_core::notice;
use guichet_core::session;

use super::request_email_change::{addresses, refused};
use crate::EmailOtp;
use crate::codes::{self, Claim};
use crate::purpose::Purpose;
use guichet_core::one_time_code::Use;

pub(super) const NAME: &str = "email-otp.change-email";

guichet_core::input! {
    /// The new address, and the code that went there.
    struct ChangeEmail {
        new_email as "newEmail": String,
        otp: String,
    }
}

pub(super) fn route(plugin: Arc<EmailOtp>) -> Route {
    Route::post("/email-otp/change-email", NAME, handle, plugin)
        .needs_session()
        .summary("Changes the address with a code that was mailed to the new one")
        .body::<ChangeEmail>()
        .answers(Shape::object(&[("success", Shape::yes(), true)]))
}

async fn handle(
    State(plugin): State<Arc<EmailOtp>>,
    visit: Visit,
    Body(input): Body<ChangeEmail>,
) -> Result<Reply> {
    let (app, options) = (visit.app(), &plugin.options);
    let signed_in = visit.require_session_anew().await?;
    let (email, new) = addresses(options, &signed_in.user, &input.new_email)?;
    let claim = Claim { new_address: Some(&new), ..Claim::new(Purpose::ChangeEmail, &email, &input.otp) };
    let mut tx = app.db.begin().await?;
    if let Err(refusal) = codes::check(app, options, &mut tx, claim, Use::Consume).await? {
        tx.commit().await?;
        return Err(refusal);
    }
    // Who has a right code reads that mailbox, and may learn that somebody has an account with it.
    if settle(&visit, &mut tx, &signed_in.user, &new).await?.is_none() {
        return Err(refused("Email already in use", "Cette adresse e-mail a déjà un compte"));
    }
    if options.tell_of_changes {
        // At the address until now: whoever took the account over has the new one.
        notice::tell(&visit, &mut tx, &signed_in.user, "email-otp-address", new.as_str()).await?;
    }
    tx.commit().await?;
    session::keep(&visit, &signed_in.token);
    success()
}
