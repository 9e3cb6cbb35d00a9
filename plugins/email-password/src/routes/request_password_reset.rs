//! `POST /request-password-reset`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::Result;
use guichet_core::http::{Body, Reply, Route, Shape, Visit, json};
use guichet_core::serde_json::json as object;

use super::names::REQUEST_RESET;
use crate::{EmailPassword, reset};

guichet_core::input! {
    /// Whose password, and where the link leads.
    struct RequestReset {
        email: EmailAddress,
        redirect_to as "redirectTo": Option<String>,
    }
}

const SAID: &str = "If this email exists in our system, check your email for the reset link";

pub(super) fn route(plugin: Arc<EmailPassword>) -> Route {
    Route::post("/request-password-reset", REQUEST_RESET, handle, plugin)
        .summary("Mails a link that resets the password; the answer is the same whether or not the address is known")
        .body::<RequestReset>()
        .answers(Shape::object(&[("status", Shape::yes(), true), ("message", Shape::text(), true)]))
}

async fn handle(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    Body(input): Body<RequestReset>,
) -> Result<Reply> {
    let callback = input.redirect_to.as_deref();
    reset::ask(&visit, &plugin.options, &input.email, None, callback).await?;
    json(&object!({"status": true, "message": SAID}))
}
