//! `POST /two-factor/verify-totp` and `POST /two-factor/verify-otp`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::Result;
use guichet_core::http::{Body, Reply, Route, Visit};
use guichet_core::second_factor::Factor;

use super::{Code, VERIFY_OTP, VERIFY_TOTP, answer, token_and_user_shape};
use crate::TwoFactor;
use crate::verify::{Given, Subject};

pub(super) fn of_authenticator(plugin: Arc<TwoFactor>) -> Route {
    shaped(Route::post("/two-factor/verify-totp", VERIFY_TOTP, handle, (plugin, Factor::Totp)))
        .summary("Checks a code of the authenticator: at a sign-in that waits, or inside a session")
}

pub(super) fn by_mail(plugin: Arc<TwoFactor>) -> Route {
    shaped(Route::post("/two-factor/verify-otp", VERIFY_OTP, handle, (plugin, Factor::Otp)))
        .summary("Checks a code that came by e-mail: at a sign-in that waits, or inside a session")
}

fn shaped(route: Route) -> Route {
    route.body::<Code>().answers(token_and_user_shape())
}

async fn handle(
    State((plugin, factor)): State<(Arc<TwoFactor>, Factor)>,
    visit: Visit,
    Body(input): Body<Code>,
) -> Result<Reply> {
    let subject = Subject::of(&visit).await?;
    let trust = input.trust_device.unwrap_or(false);
    let given = Given { factor, code: &input.code, trust, only_check: false };
    answer(&visit, &plugin.verify(&visit, subject, given).await?)
}
