//! `POST /change-email`: asks for another address; links that are mailed make the change.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Error, Result, bad_request};
use guichet_core::http::{Body, Issues, Reply, Route, Visit, json};
use guichet_core::serde_json::json as object;
use http::StatusCode;

use super::{CHANGE_EMAIL, allows, status_shape};
use crate::new_address::{Step, send};
use crate::{CHANGE_EMAIL_DISABLED, EmailPassword, mail};

guichet_core::input! {
    /// The new address, and where the links lead.
    struct ChangeEmail {
        new_email as "newEmail": EmailAddress,
        callback_url as "callbackURL": Option<String>,
    }
}

pub(super) fn route(plugin: Arc<EmailPassword>) -> Route {
    Route::post("/change-email", CHANGE_EMAIL, handle, plugin)
        .needs_session()
        .summary("Asks for another address; the answer never tells whether it is taken")
        .body::<ChangeEmail>()
        .answers(status_shape())
}

async fn handle(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    Body(input): Body<ChangeEmail>,
) -> Result<Reply> {
    let (options, to) = (&plugin.options, &input.new_email);
    let user = visit.require_session_anew().await?.user;
    if !options.change_email {
        return Err(bad_request(CHANGE_EMAIL_DISABLED));
    }
    if !allows(options, to) {
        let mut issues = Issues::default();
        issues.note("body.newEmail", "Invalid email address");
        return Err(issues.into_error());
    }
    if to.as_str() == user.email {
        return Err(Error::message_only(
            StatusCode::BAD_REQUEST,
            "Email is the same",
            "C’est déjà votre adresse",
        ));
    }
    let step = Step::first(options, &user);
    if step == Step::Approve {
        // The new addresses may all be different; the mailbox that is asked is one.
        mail::charge(&visit, CHANGE_EMAIL, "approval", &user.email).await?;
    }
    send(&visit, options, &user, to, step, input.callback_url.as_deref()).await?;
    json(&object!({"status": true}))
}
