//! `POST /two-factor/verify-otp`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::Result;
use guichet_core::http::{Body, Reply, Route, Visit};

use super::{Code, VERIFY_OTP, answer, token_and_user_shape};
use crate::TwoFactor;
use crate::verify::{Factor, Given, Subject};

pub(super) fn route(plugin: Arc<TwoFactor>) -> Route {
    Route::post("/two-factor/verify-otp", VERIFY_OTP, handle, plugin)
        .summary("Checks a code that came by e-mail: at a sign-in that waits, or inside a session")
        .body::<Code>()
        .answers(token_and_user_shape())
}

async fn handle(
    State(plugin): State<Arc<TwoFactor>>,
    visit: Visit,
    Body(input): Body<Code>,
) -> Result<Reply> {
    let subject = Subject::of(&visit).await?;
    let given = Given {
        factor: Factor::EmailCode,
        code: &input.code,
        trust: input.trust_device.unwrap_or(false),
        only_check: false,
    };
    answer(&visit, &plugin.verify(&visit, subject, given).await?)
}
