//! `POST /email-otp/request-password-reset`, and `POST /forget-password/email-otp`, its name from before: mails a code
//! that sets a new password.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::Result;
use guichet_core::http::{Body, Reply, Route, Shape, Visit, success};

use super::{REQUEST_RESET, REQUEST_RESET_BEFORE, address};
use crate::EmailOtp;
use crate::purpose::Purpose;
use crate::send::{Asked, send};

guichet_core::input! {
    /// To whom.
    struct RequestReset {
        email: String,
    }
}

pub(super) fn routes(plugin: &Arc<EmailOtp>) -> [Route; 2] {
    [
        ("/email-otp/request-password-reset", REQUEST_RESET, "Mails a code that sets a new password"),
        (
            "/forget-password/email-otp",
            REQUEST_RESET_BEFORE,
            "As /email-otp/request-password-reset, which replaces it",
        ),
    ]
    .map(|(path, name, summary)| {
        Route::post(path, name, handle, plugin.clone())
            .summary(summary)
            .body::<RequestReset>()
            .answers(Shape::object(&[("success", Shape::yes(), true)]))
    })
}

async fn handle(
    State(plugin): State<Arc<EmailOtp>>,
    visit: Visit,
    Body(input): Body<RequestReset>,
) -> Result<Reply> {
    // What cannot be an address is nobody's, and nobody's answer is everybody's.
    if let Ok(email) = address(&input.email) {
        let asked = Asked { purpose: Purpose::ForgetPassword, email: &email, door: None, binding: "" };
        send(&visit, &plugin.options, asked).await?;
    }
    success()
}
