//! `POST /email-otp/send-verification-otp`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::{Error, Result};
use guichet_core::http::{Body, Reply, Route, Shape, Visit, success};

use super::{SEND, address};
use crate::EmailOtp;
use crate::purpose::Purpose;
use crate::send::{Asked, send};

guichet_core::input! {
    /// To whom, and what for.
    struct SendCode {
        email: String,
        purpose as "type": Purpose,
    }
}

pub(super) fn route(plugin: Arc<EmailOtp>) -> Route {
    Route::post("/email-otp/send-verification-otp", SEND, handle, plugin)
        .from_sign_in_forms()
        .summary("Mails a code; the answer is the same whether or not the address is known")
        .body::<SendCode>()
        .answers(Shape::object(&[("success", Shape::yes(), true)]))
}

async fn handle(
    State(plugin): State<Arc<EmailOtp>>,
    visit: Visit,
    Body(input): Body<SendCode>,
) -> Result<Reply> {
    let email = address(&input.email)?;
    if input.purpose == Purpose::ChangeEmail {
        return Err(Error::message_only(
            http::StatusCode::BAD_REQUEST,
            "Invalid OTP type",
            "Type de code invalide",
        ));
    }
    let asked = Asked { purpose: input.purpose, email: &email, door: None, binding: "" };
    send(&visit, &plugin.options, asked).await?;
    success()
}
