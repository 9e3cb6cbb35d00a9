//! `POST /change-email`: asks for another address; links that are mailed make the change.

use std::sync::Arc;

use axum::extract::State;
use guichet_core::email_address::EmailAddress;
use guichet_core::error::Result;
use guichet_core::http::{Body, Reply, Route, Shape, Visit, done};

use super::names::CHANGE_EMAIL;
use crate::EmailPassword;
use crate::new_address::ask;

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
        .answers(Shape::status())
}

async fn handle(
    State(plugin): State<Arc<EmailPassword>>,
    visit: Visit,
    Body(input): Body<ChangeEmail>,
) -> Result<Reply> {
    let user = visit.require_session_anew().await?.user;
    ask(&visit, &plugin.options, &user, &input.new_email, input.callback_url.as_deref()).await?;
    done()
}
