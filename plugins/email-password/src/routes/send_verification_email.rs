//! `POST /send-verification-email`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::Result;
use guichet_core::http::{Body, Reply, Route, Shape, Visit, done};

use super::names::SEND_VERIFICATION;
use crate::{EmailPassword, verification};

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
        .answers(Shape::status())
}

async fn handle(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    Body(input): Body<SendVerification>,
) -> Result<Reply> {
    verification::ask(&visit, &plugin.options, &input.email, None, input.callback_url.as_deref()).await?;
    done()
}
