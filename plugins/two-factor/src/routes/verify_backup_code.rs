//! `POST /two-factor/verify-backup-code`

use std::sync::Arc;

use axum::extract::State;
use guichet_core::error::Result;
use guichet_core::http::{Body, Reply, Route, Visit};
use guichet_core::second_factor::Factor;

use super::{VERIFY_BACKUP, answer, token_and_user_shape};
use crate::TwoFactor;
use crate::verify::{Given, Subject};

guichet_core::input! {
    /// A backup code. With `disableSession` it is only checked and used up: the sign-in goes on waiting.
    struct BackupCode {
        code: String,
        disable_session as "disableSession": Option<bool>,
        trust_device as "trustDevice": Option<bool>,
    }
}

pub(super) fn route(plugin: Arc<TwoFactor>) -> Route {
    Route::post("/two-factor/verify-backup-code", VERIFY_BACKUP, handle, plugin)
        .summary("Uses up a backup code: at a sign-in that waits, or inside a session")
        .body::<BackupCode>()
        .answers(token_and_user_shape())
}

async fn handle(
    State(plugin): State<Arc<TwoFactor>>,
    visit: Visit,
    Body(input): Body<BackupCode>,
) -> Result<Reply> {
    let subject = Subject::of(&visit).await?;
    let given = Given {
        factor: Factor::BackupCode,
        code: &input.code,
        trust: input.trust_device.unwrap_or(false),
        only_check: input.disable_session.unwrap_or(false),
    };
    answer(&visit, &plugin.verify(&visit, subject, given).await?)
}
