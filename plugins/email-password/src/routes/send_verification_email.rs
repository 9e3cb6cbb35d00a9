//! `POST /send-verification-email`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::{Result, bad_request};
use guichet_core::hooks::Provision;
use guichet_core::http::{Body, Reply, Route, Visit, json};
use guichet_core::serde_json::json as object;
use guichet_core::sign_in::arrive;

use super::{SEND_VERIFICATION, check_address, status_shape};
use crate::{EMAIL_ALREADY_VERIFIED, EMAIL_MISMATCH, EmailPassword, verification};

guichet_core::input! {
    /// Which address, and where its link leads.
    struct SendVerification {
        email: EmailAddress,
        callback_url as "callbackURL": Option<String>,
    }
}

pub(super) fn route(plugin: Arc<EmailPassword>) -> Route {
    Route::post("/send-verification-email", SEND_VERIFICATION, handle, plugin)
        .summary(
            "Mails the link that proves an address; signed out, the answer never tells whether it is known",
        )
        .body::<SendVerification>()
        .answers(status_shape())
}

async fn handle(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    Body(input): Body<SendVerification>,
) -> Result<Reply> {
    let (options, email) = (&plugin.options, &input.email);
    check_address(options, email)?;
    let callback = input.callback_url.as_deref();
    if let Some(signed_in) = visit.signed_in().await? {
        if signed_in.user.email != email.as_str() {
            return Err(bad_request(EMAIL_MISMATCH));
        }
        if signed_in.user.email_verified {
            return Err(bad_request(EMAIL_ALREADY_VERIFIED));
        }
        verification::send(&visit, options, &signed_in.user, callback).await?;
        return json(&object!({"status": true}));
    }
    let (user, provision) = arrive(&visit, email, None).await?;
    let user = user.filter(|user| !user.email_verified && !matches!(provision, Provision::TurnAway(_)));
    if let Some(user) = user {
        verification::send(&visit, options, &user, callback).await?;
    } else {
        // As much work, for nobody.
        let app = visit.app();
        let mail = verification::mail(&visit, options, email.as_str(), "", callback)?;
        let mut tx = app.db.begin().await?;
        verification::enqueue(&visit, options, &mut tx, &mail, None).await?;
        tx.commit().await?;
    }
    json(&object!({"status": true}))
}
